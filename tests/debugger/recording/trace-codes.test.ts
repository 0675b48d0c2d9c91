import { TraceCodes, type TraceEntry } from "../../../debugger/recording/trace-codes";
import type { Task } from "../../../kernel";
import { read, sleep } from "../../../syscalls";

const task = { pid: 3 } as Task;

function entries(): { entries: TraceCodes; defined: TraceEntry[] } {
  const defined: TraceEntry[] = [];
  return { entries: new TraceCodes((code, entry) => (defined[code] = entry)), defined };
}

test("the same call on the same object has the same code, whatever came between", () => {
  const { entries: known, defined } = entries();
  const codes = Array.from({ length: 40 }, (_, i) => known.ofCall(task, read(i % 20)));
  expect(codes.slice(20)).toEqual(codes.slice(0, 20));
  expect(known.ofCall(task, sleep(1))).toBe(known.ofCall(task, sleep(2)));
  expect(defined[codes[5] as number]).toEqual({ pid: 3, call: "read", object: "fd 5" });
});

test("what a task did is forgotten at its end, and no code is given twice", () => {
  const { entries: known, defined } = entries();
  expect(known.ofCall(task, read(4))).toBe(1);
  expect(known.ofEnd(task, "exited")).toBe(2);
  known.forget(task);
  expect(known.ofCall(task, read(4))).toBe(3);
  expect(defined[3]).toEqual(defined[1]);
});

test("a task that always works on something new is remembered for a while only", () => {
  const { entries: known } = entries();
  const first = known.ofCall(task, read(1));
  for (let fd = 2; fd <= 999; fd++) known.ofCall(task, read(fd));
  expect(known.ofCall(task, read(1))).toBe(first);
  for (let fd = 1000; fd <= 1001; fd++) known.ofCall(task, read(fd));
  expect(known.ofCall(task, read(1))).toBe(1002);
});

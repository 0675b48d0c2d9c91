// The types of system calls, checked by the compiler: `npm run check` fails where one is wrong.
// At run time the program only has to be a program.

import { simulateAsync } from "../boot";
import {
  type accept,
  call,
  exit,
  getpid,
  type now,
  pipe,
  promise,
  ps,
  read,
  sleep,
  spawn,
  syscall,
  wait,
  type write,
  type yieldCpu,
} from "../syscalls";
import type { ExitStatus, Pid, Program, SystemCall, TaskInfo } from "../syscalls";

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : never;

/** Does nothing; does not compile unless A and B are the same type. */
function same<A, B>(_proof: Same<A, B>): void {}

function* answer(): Program<42> {
  return 42;
}

test("replies are typed", async () => {
  function* program() {
    const pid = yield* getpid();
    same<typeof pid, Pid>(true);
    const bytes = yield* read(0);
    same<typeof bytes, Uint8Array>(true);
    const ends = yield* pipe();
    same<typeof ends, [reader: number, writer: number]>(true);
    const tasks = yield* ps();
    same<typeof tasks, readonly TaskInfo[]>(true);
    const called = yield* call(answer());
    same<typeof called, 42>(true);
    const child = yield* spawn(answer);
    same<typeof child, Pid<42>>(true);
    const status = yield* wait(child);
    same<typeof status, ExitStatus<42>>(true);
    if (status.kind === "exited") same<typeof status.value, 42>(true);
    const settled = yield* promise(Promise.resolve("text"));
    same<typeof settled, string>(true);
    const fetched = yield* promise((signal: AbortSignal) => Promise.resolve(signal.aborted));
    same<typeof fetched, boolean>(true);
    same<ReturnType<typeof sleep>, SystemCall<void>>(true);
    same<ReturnType<typeof yieldCpu>, SystemCall<void>>(true);
    same<ReturnType<typeof now>, SystemCall<number>>(true);
    same<ReturnType<typeof write>, SystemCall<number>>(true);
    same<ReturnType<typeof accept>, SystemCall<number>>(true);
    return "done" as const;
  }
  const { value } = await simulateAsync(program);
  same<typeof value, "done">(true);
  expect(value).toBe("done");
});

test("wrong arguments do not compile", () => {
  function* never(): Program<void> {
    // @ts-expect-error a duration is a number
    yield* sleep("10");
    // @ts-expect-error a path is no descriptor
    yield* read("file");
    // @ts-expect-error a number is no program
    yield* spawn(5);
    // @ts-expect-error a promise is no program
    yield* call(Promise.resolve());
    // @ts-expect-error a generator function with parameters has to be called
    yield* spawn(function* (n: number): Program<void> {
      yield* sleep(n);
    });
    // @ts-expect-error exit returns nothing to go on with
    const nothing: string = yield* exit(1);
    // @ts-expect-error a task yields system calls
    yield 5; // eslint-disable-line genix/no-foreign-yield -- and so does the linter
  }
  expect(typeof never).toBe("function");
});

test("system calls of one's own are typed by their handlers", () => {
  const double = syscall("double", (_kernel, _task, n: number) => 2 * n);
  same<ReturnType<typeof double>, SystemCall<number>>(true);
  same<Parameters<typeof double>, [n: number]>(true);
  // @ts-expect-error it takes one number
  expect(double("x").args).toEqual(["x"]);
});

import { Kernel, spawn as makeTask, type Machine, type Probe } from "../../kernel";
import { VirtualMachine } from "../../machine";
import { exit, kill, sleep, spawn, wait, yieldCpu } from "../../syscalls";
import { strace } from "../../debugger";
import { run } from "../helpers/run";

test("a probe sees every spawn, resume, trap, block, wake, exit, reaping and end of a step, in order", () => {
  const seen: string[] = [];
  const probe: Probe = {
    spawn: (task) => seen.push(`spawn ${task.pid}`),
    resume: (task) => seen.push(`resume ${task.pid}`),
    stepped: (task) => seen.push(`stepped ${task.pid}, ${String(kernel.current)} runs`),
    trap: (task, call) => seen.push(`trap ${task.pid} ${String(call)}`),
    block: (task, queue) => seen.push(`block ${task.pid} ${queue.label}`),
    wake: (task) => seen.push(`wake ${task.pid}`),
    exit: (task, status) => seen.push(`exit ${task.pid} ${status.kind}`),
    reap: (task) => seen.push(`reap ${task.pid}`),
    signal: (task, signal, sender) => seen.push(`signal ${task.pid} ${signal} ${sender?.pid ?? 0}`),
    tick: (now) => seen.push(`tick ${now}`),
  };
  const kernel = new Kernel(new VirtualMachine());
  kernel.attach(probe);
  makeTask(
    kernel,
    function* () {
      yield* kill(
        yield* spawn(function* () {
          yield* sleep(5);
        }),
        "CONT",
      );
      yield* wait();
    },
    null,
  );
  while (kernel.step());
  kernel.tick(5);
  while (kernel.step());
  expect(seen).toEqual([
    "spawn 1",
    "resume 1",
    "trap 1 spawn([function ])",
    "spawn 2",
    "stepped 1, null runs",
    "resume 2",
    "trap 2 sleep(5)",
    "block 2 a deadline",
    "stepped 2, null runs",
    "resume 1",
    'trap 1 kill(2, "CONT")',
    "signal 2 CONT 1",
    "stepped 1, null runs",
    "resume 1",
    "trap 1 wait()",
    "block 1 a child to exit",
    "stepped 1, null runs",
    "tick 5",
    "wake 2",
    "resume 2",
    "exit 2 exited",
    "reap 2",
    "wake 1",
    "stepped 2, null runs",
    "resume 1",
    "exit 1 exited",
    "stepped 1, null runs",
  ]);
});

// trio test_instruments_crash
test("a faulty probe is disconnected and reported, and the run goes on", () => {
  const { stderr, value, kernel } = run(
    function* () {
      yield* yieldCpu();
      yield* yieldCpu();
      return "done";
    },
    {
      prepare: (kernel) =>
        kernel.attach({
          trap: () => {
            throw new Error("broken probe");
          },
        }),
    },
  );
  expect(value).toBe("done");
  expect(stderr).toBe(
    "genix: a probe threw in its trap hook and was disconnected: Error: broken probe\n",
  );
  expect(kernel.probes?.size ?? 0).toBe(0);
});

test("a detached probe is told no more, and the kernel keeps none", () => {
  const kernel = new Kernel({} as Machine);
  let told = 0;
  const probe: Probe = { resume: () => (told += 1) };
  kernel.attach(probe);
  makeTask(kernel, twice, null);
  kernel.step();
  kernel.detach(probe);
  expect(kernel.probes).toBeNull();
  kernel.step();
  expect(told).toBe(1);
});

function* twice() {
  yield* yieldCpu();
  yield* yieldCpu();
}

test("strace prints one line a call, with arguments and reply, and how each task ended", () => {
  const lines: string[] = [];
  run(
    function* () {
      const pid = yield* spawn(function* child() {
        yield* sleep(1000);
      });
      yield* sleep(2);
      yield* kill(pid, "TERM", "bye");
      yield* wait(pid);
      yield* exit(7);
    },
    { prepare: (kernel) => kernel.attach(strace(kernel, (line) => lines.push(line))) },
  );
  expect(lines.join("")).toMatchInlineSnapshot(`
   "     0.0    1 init         spawn([function ], { name: "main" }) = 2
        0.0    2 main         spawn([function child]) = 3
        2.0    2 main         sleep(2) = undefined
        2.0    3 child        sleep(1000) ! Killed: killed with TERM by task 2 "main": bye
        2.0    3 child        +++ killed with TERM by 2 +++
        2.0    2 main         kill(3, "TERM", "bye") = undefined
        2.0    2 main         wait(3) = { kind: "killed", pid: 3, name: "child", signal: "TERM", … }
        2.0    2 main         exit(7) ! [Exit]
        2.0    2 main         +++ exited: 7 +++
        2.0    1 init         wait() = { kind: "exited", pid: 2, name: "main", value: 7 }
        2.0    1 init         wait() ! SystemError: ECHILD: task 1 "init": wait(): it has no child to wait for
        2.0    1 init         ps() = [{ pid: 1, ppid: 0, name: "init", state: "running", … }]
        2.0    1 init         +++ exited: { main: { kind: "exited", pid: 2, name: "main", value: 7 }, crashes: 0 } +++
   "
  `);
});

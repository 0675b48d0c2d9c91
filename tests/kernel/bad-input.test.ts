import {
  alarm,
  close,
  connect,
  exit,
  getpid,
  give,
  kill,
  listen,
  open,
  park,
  pipe,
  promise,
  read,
  sleep,
  sleepUntil,
  spawn,
  SystemError,
  unpark,
  wait,
  write,
  yieldCpu,
  waitQueue,
  become,
  accept,
  getsockname,
} from "../../syscalls";
import type { Program, Trap } from "../../syscalls";
import { messageOf, run } from "../helpers/run";

/** What a task gets that yields `value`; another task runs beside it and must not notice. */
function yielding(value: unknown): string {
  const { log } = run(function* (log) {
    const victim = yield* spawn(
      function* () {
        try {
          yield value as Trap;
          log("no error");
        } catch (error) {
          log(error instanceof SystemError ? error.message : `other: ${String(error)}`);
        }
        return yield* getpid();
      },
      { name: "worker" },
    );
    const other = yield* spawn(function* () {
      yield* sleep(1);
      return "unharmed";
    });
    const status = yield* wait(victim);
    if (status.kind !== "exited" || status.value !== 3) log("the offender did not go on");
    const beside = yield* wait(other);
    if (beside.kind !== "exited" || beside.value !== "unharmed") log("another task was harmed");
  });
  return log.join("\n");
}

async function* asyncGenerator(): AsyncGenerator<number> {}

const who = 'EINVAL: task 3 "worker": yielded ';
const example = "a task yields system calls: yield* sleep(10)";

// curio test_kernel_badtrap
test.each<[string, unknown, string]>([
  ["a number", 42, `${who}the number 42; ${example}`],
  ["a string", "hello", `${who}the string "hello"; ${example}`],
  ["a symbol", Symbol("s"), `${who}the symbol Symbol(s); ${example}`],
  ["null", null, `${who}the object null; ${example}`],
  ["nothing", undefined, `${who}nothing; to give up the CPU use yield* yieldCpu()`],
  ["a promise", Promise.resolve(1), `${who}a Promise; to wait for it use yield* promise(p)`],
  ["a thenable", { then() {} }, `${who}a Promise; to wait for it use yield* promise(p)`],
  [
    "an array of calls",
    [sleep(1)],
    `${who}an array of 1; yield one call at a time; to run them at once, spawn a task for each`,
  ],
  ["an empty array", [], `${who}an array of 0; ${example}`],
  [
    "a generator function",
    function* worker() {},
    `${who}the function worker; call it: a task yields system calls, not functions`,
  ],
  ["an async generator", asyncGenerator(), `${who}an async generator; ${example}`],
  ["an object", { call: "sleep" }, `${who}an object, { call: "sleep" }; ${example}`],
])("a task that yields %s gets a clear error and can go on", (_name, value, message) => {
  expect(yielding(value)).toBe(message);
});

test("hostile objects cannot harm the kernel", () => {
  const trap = () => {
    throw new Error("trapped");
  };
  const proxy = new Proxy({}, { get: trap, getPrototypeOf: trap, has: trap, ownKeys: trap });
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  for (const value of [
    proxy,
    revoked,
    Object.create(null),
    {
      get then() {
        return trap();
      },
    },
  ]) {
    expect(yielding(value)).not.toContain("harmed");
    expect(yielding(value)).not.toContain("no error");
  }
});

test("a hand-made iterator is no program: only generators are", () => {
  const { log } = run(function* (log) {
    const iterator = {
      next: () => ({ done: true, value: undefined }),
      throw: (error: unknown) => {
        throw error;
      },
      return: () => ({ done: true, value: undefined }),
      [Symbol.iterator]() {
        return this;
      },
    };
    log(yield* messageOf(spawn(iterator as unknown as Program)));
    const forged = { ...iterator, [Symbol.toStringTag]: "Generator" };
    log((yield* wait(yield* spawn(forged as unknown as Program))).kind);
  });
  expect(log[0]).toMatch(/^EINVAL: task 2 "main": spawn\(.*\): an object, .* is no program/);
  expect(log[1]).toBe("crashed");
});

test("iterator results that are none, below a native yield*, fail the task alone", () => {
  const { log } = run(function* (log) {
    const results: unknown[] = [
      { value: 1 },
      {
        get done() {
          throw new Error("done");
        },
      },
      {
        get value() {
          throw new Error("value");
        },
      },
      {},
    ];
    for (const result of results) {
      const iterable = { [Symbol.iterator]: () => ({ next: () => result }) };
      const pid = yield* spawn(function* () {
        yield* iterable as unknown as Program;
      });
      log((yield* wait(pid)).kind);
    }
  });
  expect(log).toEqual(Array(4).fill("crashed"));
});

test("a system call object is made once; a second use of it is an error, typed or bare", () => {
  const { log } = run(function* (log) {
    const nap = sleep(1);
    yield* nap;
    log(yield* messageOf(nap));
    const bare = sleep(2);
    yield bare;
    try {
      yield bare;
    } catch (error) {
      log((error as Error).message);
    }
  });
  expect(log).toEqual([
    "EINVAL: sleep(1) was already made once; build a new call each time",
    'EINVAL: task 2 "main": sleep(2): sleep(2) was already made once; build a new call each time',
  ]);
});

const main = 'task 2 "main"';

test.each<[string, () => Program<unknown>, string]>([
  [
    "kill of a pid that never existed",
    c(() => kill(99)),
    `ESRCH: ${main}: kill(99): task 99 never existed`,
  ],
  ["kill of init", c(() => kill(1)), `EPERM: ${main}: kill(1): init cannot be killed`],
  [
    "kill with a bad pid",
    c(() => kill(undefined as never)),
    `EINVAL: ${main}: kill(): a pid is a whole number from 1 up`,
  ],
  [
    "kill of NaN",
    c(() => kill(NaN)),
    `EINVAL: ${main}: kill(NaN): a pid is a whole number from 1 up`,
  ],
  [
    "kill with a bad signal",
    c(() => kill(2, "HUP" as "TERM")),
    `EINVAL: ${main}: kill(2, "HUP"): "HUP" is no signal; there are TERM, KILL, INT, STOP, CONT, CHLD, USR1, USR2, ALRM`,
  ],
  ["wait for oneself", c(() => wait(2)), `EDEADLK: ${main}: wait(2): it would wait for itself`],
  [
    "wait for init",
    c(() => wait(1)),
    `ECHILD: ${main}: wait(1): task 1 "init" is not its child; only a parent waits`,
  ],
  [
    "wait without children",
    c(() => wait()),
    `ECHILD: ${main}: wait(): it has no child to wait for`,
  ],
  [
    "wait for nobody",
    c(() => wait(77)),
    `ECHILD: ${main}: wait(77): there is no task 77: it never was, or has been reaped`,
  ],
  [
    "wait for what is no pid",
    c(() => wait("3" as unknown as number)),
    `EINVAL: ${main}: wait("3"): "3" is no pid; a pid is a whole number from 1 up`,
  ],
  [
    "a negative sleep",
    c(() => sleep(-1)),
    `EINVAL: ${main}: sleep(-1): -1 is no duration; give milliseconds from 0 up`,
  ],
  [
    "a NaN sleep",
    c(() => sleep(NaN)),
    `EINVAL: ${main}: sleep(NaN): NaN is no duration; give milliseconds from 0 up`,
  ],
  [
    "an endless sleep",
    c(() => sleep(Infinity)),
    `EINVAL: ${main}: sleep(Infinity): Infinity is no duration; give milliseconds from 0 up`,
  ],
  [
    "a sleep of no number",
    c(() => sleep("5" as unknown as number)),
    `EINVAL: ${main}: sleep("5"): "5" is no duration; give milliseconds from 0 up`,
  ],
  [
    "sleepUntil the end of time",
    c(() => sleepUntil(Infinity)),
    `EINVAL: ${main}: sleepUntil(Infinity): Infinity is no time; give milliseconds as now() does`,
  ],
  [
    "read of a descriptor never opened",
    c(() => read(7)),
    `EBADF: ${main}: read(7): fd 7 was never open`,
  ],
  [
    "read of no descriptor",
    c(() => read("x" as unknown as number)),
    `EBADF: ${main}: read("x"): "x" is no descriptor; those are numbers`,
  ],
  ["read of no bytes", c(() => read(0, 0)), `EINVAL: ${main}: read(0, 0): 0 is no number of bytes`],
  [
    "write of a number",
    c(() => write(1, 5 as unknown as string)),
    `EINVAL: ${main}: write(1, 5): 5 is no data; write a string or a Uint8Array`,
  ],
  [
    "write to stdin",
    c(() => write(0, "x")),
    `EBADF: ${main}: write(0, "x"): stdin is open for reading only`,
  ],
  [
    "closing stdout",
    c(() => close(1)),
    `EPERM: ${main}: close(1): the standard descriptors belong to init`,
  ],
  [
    "giving stdout away",
    c(() => give(1, 2)),
    `EPERM: ${main}: give(1, 2): the standard descriptors belong to init`,
  ],
  ["accept on a terminal", c(() => accept(0)), `EINVAL: ${main}: accept(0): stdin does not listen`],
  [
    "the address of a terminal",
    c(() => getsockname(0)),
    `EINVAL: ${main}: getsockname(0): stdin is no socket`,
  ],
  ["open of nothing", c(() => open("")), `EINVAL: ${main}: open(""): "" is no path`],
  [
    "open of a missing file",
    c(() => open("/no/such")),
    `ENOENT: ${main}: open("/no/such"): there is no file /no/such`,
  ],
  [
    "open with a bad flag",
    c(() => open("x", "rw" as "r")),
    `EINVAL: ${main}: open("x", "rw"): "rw" is no flag; there are r r+ w w+ a a+ wx ax`,
  ],
  [
    "listen at a bad port",
    c(() => listen(70000)),
    `EINVAL: ${main}: listen(70000): 70000 is no address; give a port from 0 to 65535, { port, host } or { path }`,
  ],
  [
    "connect to port 0",
    c(() => connect(0)),
    `EINVAL: ${main}: connect(0): 0 is no address; give a port from 1 to 65535, { port, host } or { path }`,
  ],
  [
    "connect to nobody",
    c(() => connect(81)),
    `ECONNREFUSED: ${main}: connect(81): nobody listens at tcp 127.0.0.1:81`,
  ],
  [
    "connect to no socket file",
    c(() => connect({ path: "/s" })),
    `ENOENT: ${main}: connect({ path: "/s" }): nobody listens at /s`,
  ],
  [
    "park on no queue",
    c(() => park({} as never)),
    `EINVAL: ${main}: park({}): {} is no wait queue; make one with waitQueue(label)`,
  ],
  [
    "unpark on no queue",
    c(() => unpark(5 as never)),
    `EINVAL: ${main}: unpark(5): 5 is no wait queue; make one with waitQueue(label)`,
  ],
  [
    "promise of no promise",
    c(() => promise(5 as never)),
    `EINVAL: ${main}: promise(5): 5 is no promise, nor a function that makes one`,
  ],
  [
    "spawn of a number",
    c(() => spawn(5 as never)),
    `EINVAL: ${main}: spawn(5): the number 5 is no program; pass a generator: worker()`,
  ],
  [
    "spawn of an async function",
    // eslint-disable-next-line genix/no-async-task -- the mistake is what is tested
    c(() => spawn((async () => {}) as never)),
    `EINVAL: ${main}: spawn([function ]): a Promise is no program; pass a generator: worker()`,
  ],
  [
    "spawn that gives what is not open",
    c(() => spawn(function* () {}, { give: [9] })),
    `EBADF: ${main}: spawn([function ], { give: [9] }): fd 9 was never open`,
  ],
  [
    "become nothing",
    c(() => become(undefined as never)),
    `EINVAL: ${main}: become(): undefined is no program; pass a generator: worker()`,
  ],
])("%s", (_name, attempt, message) => {
  const { log, status } = run(function* (log) {
    log(yield* messageOf(attempt()));
  });
  expect(log).toEqual([message]);
  expect(status.kind).toBe("exited");
});

/** A program that makes the one call. */
function c(make: () => Program<unknown> | Iterable<unknown>): () => Program<unknown> {
  return make as () => Program<unknown>;
}

test("an error carries errno, call, arguments and pid, and the line of the task on its stack", () => {
  const { value } = run(function* () {
    try {
      yield* read(7, 100);
    } catch (error) {
      return error as SystemError;
    }
    return undefined;
  });
  expect(value).toMatchObject({
    name: "SystemError",
    errno: "EBADF",
    call: "read",
    args: [7, 100],
    pid: 2,
  });
  expect(value?.stack).toContain("bad-input.test.ts");
});

test("a write to a pipe that nobody reads any more is EPIPE; what was written is still readable", () => {
  const { log } = run(function* (log) {
    const [reader, writer] = yield* pipe();
    yield* close(reader);
    log(yield* messageOf(write(writer, "x")));
    const [reader2, writer2] = yield* pipe();
    yield* write(writer2, "last words");
    yield* close(writer2);
    log((yield* read(reader2)).length, (yield* read(reader2)).length);
    log(yield* messageOf(write(writer2, "x")));
  });
  expect(log).toEqual([
    `EPIPE: ${main}: write(4, "x"): nobody reads the other end of pipe`,
    "10 0",
    `EBADF: ${main}: write(6, "x"): fd 6 has been closed`,
  ]);
});

test("a port in use is EADDRINUSE, and free again once its listener is closed", () => {
  const { log } = run(function* (log) {
    const first = yield* listen(8000);
    log(yield* messageOf(listen(8000)));
    yield* close(first);
    yield* listen(8000);
    log("listening again");
  });
  expect(log).toEqual([
    `EADDRINUSE: ${main}: listen(8000): tcp 127.0.0.1:8000 is in use`,
    "listening again",
  ]);
});

test("kill of a task that was reaped says so", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {});
    yield* wait(pid);
    log(yield* messageOf(kill(pid)));
  });
  expect(log).toEqual([`ESRCH: ${main}: kill(3): task 3 has exited and was reaped`]);
});

test("a program that throws in finally, or yields rubbish in finally, ends with that error", () => {
  const { log } = run(function* (log) {
    for (const last of [
      () => {
        throw new Error("in finally");
      },
      () => 5,
    ]) {
      const status = yield* wait(
        yield* spawn(function* () {
          try {
            yield* yieldCpu();
          } finally {
            yield last() as unknown as Trap;
          }
        }),
      );
      log(status.kind === "crashed" && String(status.error));
    }
  });
  expect(log).toEqual([
    "Error: in finally",
    `SystemError: EINVAL: task 4: yielded the number 5; ${example}`,
  ]);
});

test("throwing undefined, a string or a frozen error is a crash like any other", () => {
  const { log } = run(function* (log) {
    for (const thrown of [undefined, "text", Object.freeze(new Error("frozen"))]) {
      const status = yield* wait(
        yield* spawn(function* () {
          throw thrown;
        }),
      );
      log(status.kind === "crashed" && String(status.error));
    }
  });
  expect(log).toEqual(["undefined", "text", "Error: frozen"]);
});

test("throwing null is a crash, also of a task that has had an alarm", () => {
  const { value } = run(function* () {
    const pid = yield* spawn(function* () {
      yield* alarm(1000);
      throw null;
    });
    return yield* wait(pid);
  });
  expect(value).toMatchObject({ kind: "crashed", error: null });
});

test("exit without a value, and exit in the middle of others' work", () => {
  const { value } = run(function* () {
    const queue = waitQueue("never");
    yield* spawn(
      function* () {
        yield* park(queue);
      },
      { daemon: true },
    );
    yield* exit();
  });
  expect(value).toBeUndefined();
});

// select commits exactly one of its cases, whatever happens at whatever moment.

import { simulateAsync } from "../../boot";
import {
  accept,
  blockingCall,
  Channel,
  close,
  connect,
  getpid,
  kill,
  listen,
  Lock,
  lock,
  now,
  park,
  pipe,
  promise,
  ps,
  read,
  readWait,
  select,
  sigmask,
  sigwait,
  sleep,
  sleepUntil,
  spawn,
  unlock,
  unpark,
  wait,
  waitQueue,
  write,
  writeWait,
} from "../../syscalls";
import type { Cases, ExitStatus, Program, SignalInfo, SystemCall } from "../../syscalls";
import { shield } from "../../tasks";
import { messageOf, run } from "../helpers/run";

/** `{"which":"job","value":7}` as `job 7`. */
function* chosen(cases: Cases): Program<string> {
  const { which, value } = yield* select(cases);
  return `${which} ${String(value)}`;
}

test("of several calls the first that can be made is made, and the others have not begun", () => {
  const { log, clock, kernel } = run(function* (log) {
    const jobs = new Channel<string>(0, { name: "jobs" });
    const stops = new Channel<string>(1, { name: "stops" });
    yield* spawn(function* () {
      yield* sleep(5);
      log("sent", yield* jobs.send("dig"));
      yield* stops.send("stop");
    });
    log(yield* chosen({ job: jobs.receive(), stop: stops.receive(), late: sleep(100) }));
    log("clock", yield* now());
    log(yield* stops.receive());
  });
  expect(log).toEqual(["job dig", "sent true", "clock 5", "stop"]);
  expect(clock).toBe(5);
  expect(kernel.timers.length + kernel.selectors.length).toBe(0);
});

test("where several could, it is the one named first; a number as a name comes before words", () => {
  const { log } = run(function* (log) {
    const full = new Channel<number>(5);
    for (const value of [1, 2, 3, 4]) yield* full.send(value);
    log(yield* chosen({ b: full.receive(), a: full.receive() }));
    log(yield* chosen({ a: full.receive(), b: full.receive() }));
    log(yield* chosen({ a: full.receive(), 0: full.receive() }));
    log(full.length);
  });
  expect(log).toEqual(["b 1", "a 2", "0 3", "1"]);
});

test("every call that may block can be a case: each as the only one that comes", () => {
  const { log } = run(function* (log) {
    const never = waitQueue("never");
    const channel = new Channel<string>(0);
    const mutex = new Lock("mutex");
    const queue = waitQueue("queue");
    const [reader, writer] = yield* pipe();
    const port = yield* listen(8000);
    yield* sigmask(["USR1"]);
    yield* lock(mutex);
    const me = yield* getpid();
    const child = yield* spawn(function* () {
      yield* sleep(1);
      yield* channel.receive();
      yield* channel.send("message");
      yield* unpark(queue, "unparked");
      yield* kill(me, "USR1");
      yield* write(writer, "x");
      yield* sleep(1);
      yield* write(writer, "yz");
      yield* sleep(1);
      const connection = yield* connect(8000);
      yield* sleep(1);
      yield* close(connection);
      return "done";
    });
    yield* unlock(mutex);
    const cases: (() => SystemCall<unknown>)[] = [
      () => lock(mutex),
      () => channel.send("to you"),
      () => channel.receive(),
      () => park(queue),
      () => sigwait(["USR1"]),
      () => readWait(reader),
      () => read(reader, 1),
      () => writeWait(writer),
      () => read(reader),
      () => accept(port),
      () => wait(child),
      () => sleep(1),
      () => sleepUntil(20),
    ];
    for (const one of cases) {
      const call = one();
      const { which, value } = yield* select({ never: park(never), it: call });
      log(which, call.name, sums.get(call.name)?.(value) ?? value);
    }
  });
  expect(log).toEqual([
    "it lock undefined",
    "it send true",
    "it receive message",
    "it park unparked",
    "it sigwait USR1 by 3",
    "it readWait undefined",
    "it read 120",
    "it writeWait undefined",
    "it read 121,122",
    "it accept 6",
    "it wait 3 exited",
    "it sleep undefined",
    "it sleepUntil undefined",
  ]);
});

/** What to log of replies that are objects. */
const sums = new Map<string, (value: unknown) => string>([
  ["sigwait", (value) => `${(value as SignalInfo).signal} by ${(value as SignalInfo).by}`],
  ["wait", (value) => `${(value as ExitStatus).pid} ${(value as ExitStatus).kind}`],
]);

test("a promise can be a case; losing aborts its work", async () => {
  const { value } = await simulateAsync(function* () {
    let aborted = false;
    const work = (signal: AbortSignal): Promise<string> =>
      new Promise(() => signal.addEventListener("abort", () => (aborted = true)));
    const first = yield* select({ work: promise(work), late: sleep(5) });
    const second = yield* select({
      work: promise(Promise.resolve("here")),
      late: park(waitQueue("")),
    });
    return [first.which, aborted, second.value];
  });
  expect(value).toEqual(["late", true, "here"]);
});

test("it fails as the first of its calls does that fails, and leaves no branch behind", () => {
  const { log, kernel } = run(function* (log) {
    const open = new Channel<number>(0, { name: "open" });
    const shut = new Channel<number>(0, { name: "shut" });
    yield* spawn(function* () {
      yield* sleep(1);
      yield* shut.close();
    });
    log(yield* messageOf(chosen({ a: open.receive(), b: shut.send(1) })));
    log(yield* messageOf(chosen({ a: open.receive(), b: shut.send(1) })));
    log(yield* messageOf(chosen({ a: open.receive(), b: sleep(-1) })));
    log(open.receivers.length, shut.senders.length);
    log(yield* chosen({ a: open.receive(), b: shut.receive() }));
  });
  expect(log).toEqual([
    'EPIPE: task 2 "main": send([Channel "shut"], 1): shut was closed',
    'EPIPE: task 2 "main": send([Channel "shut"], 1): shut is closed',
    'EINVAL: task 2 "main": sleep(-1): -1 is no duration; give milliseconds from 0 up',
    "0 0",
    "b Symbol(end)",
  ]);
  expect(kernel.selectors.length).toBe(0);
});

const channel = new Channel<number>(3, { name: "c" });
const call = channel.receive();
const used = channel.receive();
used.done = true;

test.each<[unknown, string]>([
  [{}, "({}): {} has no cases; give { job: jobs.receive() }"],
  [null, "(null): null has no cases; give { job: jobs.receive() }"],
  [5, "(5): 5 has no cases; give { job: jobs.receive() }"],
  [{ a: 7 }, "({ a: 7 }): case a: 7 is no system call"],
  [
    [channel.send(1), sleep],
    '({ 0: send([Channel "c"], 1), 1: [function build] }): case 1: [function build] is no system call',
  ],
  [
    { s: channel.send(1), b: now() },
    '({ s: send([Channel "c"], 1), b: now() }): case b: now never blocks',
  ],
  [{ w: write(1, "x") }, '({ w: write(1, "x") }): case w: write cannot be one of several'],
  [
    { a: select({ c: sleep(1) }) },
    "({ a: select({ c: … }) }): case a: select cannot be one of several",
  ],
  [
    { u: used },
    '({ u: receive([Channel "c"]) }): receive([Channel "c"]) was already made once; build a new call each time',
  ],
  [
    { a: call, b: call },
    '({ a: receive([Channel "c"]), b: receive([Channel "c"]) }): receive([Channel "c"]) was already made once; build a new call each time',
  ],
])("%p is EINVAL, and nothing was begun", (cases, message) => {
  const { log } = run(function* (log) {
    log(yield* messageOf(chosen(cases as Cases)));
    log(channel.length, channel.receivers.length, channel.senders.length);
  });
  expect(log).toEqual([`EINVAL: task 2 "main": select${message}`, "0 0 0"]);
});

test("calls that were in a select have been made, the one that won and the others", () => {
  const { log } = run(function* (log) {
    const [won, lost] = [sleep(1), sleep(2)];
    yield* select({ won, lost });
    for (const call of [won, lost]) log(yield* messageOf(again(call)));
  });
  expect(log).toEqual([
    "EINVAL: sleep(1) was already made once; build a new call each time",
    "EINVAL: sleep(2) was already made once; build a new call each time",
  ]);
});

function* again(call: SystemCall<unknown>): Program {
  return yield* call;
}

test("what becomes of the object of cases afterwards changes nothing, and its getters run once", () => {
  const { log } = run(
    function* (log) {
      const box = new Channel<string>(0);
      let looks = 0;
      const cases = {
        get job() {
          looks += 1;
          return box.receive();
        },
      };
      const changed: Record<string, SystemCall<unknown>> = { job: box.receive() };
      const victim = yield* spawn(function* () {
        const call = select(changed);
        changed.job = sleep(-1);
        Object.defineProperty(changed, "other", { enumerable: true, get: () => log("never") });
        log(yield* call);
      });
      yield* sleep(1);
      yield* spawn(function* () {
        const { value } = yield* select(cases);
        log("got", value, "looked", looks);
      });
      yield* sleep(1);
      // Handed to the victim, who never runs again: it goes back by way of the victim's own cases.
      yield* box.send("message");
      yield* kill(victim, "KILL");
    },
    { prepare: (kernel) => (kernel.choose = (n) => n - 1) },
  );
  expect(log).toEqual(["got message looked 1"]);
});

test("cases that throw when they are looked at are the program's own error", () => {
  const { log, status } = run(function* (log) {
    const traps = ["ownKeys", "getOwnPropertyDescriptor", "get"];
    for (const trap of traps) {
      const handler = {
        [trap]: () => {
          throw new Error(trap);
        },
      };
      log(yield* messageOf(hostile(new Proxy({ a: sleep(1) }, handler))));
    }
  });
  expect(log).toEqual(["ownKeys", "getOwnPropertyDescriptor", "get"]);
  expect(status.kind).toBe("exited");
});

function* hostile(cases: Cases): Program<void> {
  yield* select(cases);
}

test("two that come due in the same moment: one is committed, the task wakes once", () => {
  const { log, kernel, clock } = run(function* (log) {
    log(yield* chosen({ second: sleepUntil(5), first: sleepUntil(5) }));
    const queue = waitQueue("both");
    const pid = yield* spawn(function* () {
      log(yield* chosen({ a: park(queue), b: park(queue) }));
      log(queue.length);
    });
    yield* sleep(1);
    log("woke", yield* unpark(queue, 1), "and", yield* unpark(queue, 2));
    yield* wait(pid);
  });
  expect(log).toEqual(["second undefined", "a 1", "0", "woke 3 and 0"]);
  expect(kernel.timers.length).toBe(0);
  expect(clock).toBe(6);
});

test("a task that selects over both ends of a channel does not meet itself, but another who does", () => {
  for (const capacity of [0, 1]) {
    const { log, deadlock } = run(function* (log) {
      const channel = new Channel<string>(capacity, { name: "both" });
      const player = function* (name: string): Program<void> {
        log(name, yield* chosen({ send: channel.send(name), get: channel.receive() }));
      };
      for (const name of ["a", "b", "c"]) yield* spawn(player(name));
      yield* sleep(1);
    });
    if (capacity === 1) {
      expect(log).toEqual(["a send true", "b get a", "c send true"]);
    } else {
      // The third is left alone with itself.
      expect(log.slice(0, 2)).toEqual(["a get b", "b send true"]);
      expect(deadlock).toContain("send: a receiver of both or get: a message in both");
    }
  }
});

test("a connection to oneself: accept and connect in one select make one of them", () => {
  const { log, kernel } = run(function* (log) {
    const port = yield* listen(8000);
    const { which, value } = yield* select({ come: accept(port), go: connect(8000) });
    log(which, value);
    // Nobody is at the other end, because the other half was not made.
    log((yield* read(value)).length);
  });
  expect(log).toEqual(["come 4", "0"]);
  expect(kernel.descriptors.size).toBe(0);
});

test("a case answered while the cases are being made is the one, and takes the earlier ones along", () => {
  const { log, kernel } = run(function* (log) {
    const port = yield* listen(8000);
    const silent = new Channel<number>(0);
    const { which, value } = yield* select({ a: silent.receive(), c: connect(8000), d: sleep(1) });
    log(which, value, silent.receivers.length);
    // The read makes room, so that the writer's branch could go on too: the bytes are not lost.
    const [reader, writer] = yield* pipe();
    yield* write(writer, "x".repeat(65536));
    const both = yield* select({ w: writeWait(writer), r: read(reader) });
    log(both.which, (both.value as Uint8Array).length);
    yield* close(port);
  });
  expect(log).toEqual(["c 4 0", "r 65536"]);
  expect(kernel.timers.length).toBe(0);
});

test("a signal that is pending comes in its place; one that comes meanwhile takes every branch along", () => {
  const { log, kernel } = run(function* (log) {
    const channel = new Channel<number>(0);
    const mutex = new Lock("mutex");
    const [reader] = yield* pipe();
    const body = function* (): Program<void> {
      try {
        yield* select({ a: channel.receive(), b: lock(mutex), c: read(reader), d: sleep(50) });
      } finally {
        log("left", channel.receivers.length, mutex.length);
      }
    };
    yield* lock(mutex);
    for (const signal of ["TERM", "KILL"] as const) {
      const pid = yield* spawn(body());
      yield* sleep(1);
      log("waits", channel.receivers.length, mutex.length);
      yield* kill(pid, signal);
      yield* wait(pid);
      log("gone", channel.receivers.length, mutex.length);
    }
    const pid = yield* spawn(function* () {
      yield* kill(yield* getpid());
      yield* body();
    });
    yield* wait(pid);
  });
  expect(log).toEqual(["waits 1 1", "left 0 0", "gone 0 0", "waits 1 1", "gone 0 0", "left 0 0"]);
  expect(kernel.timers.length).toBe(0);
});

test("under a shield a select ends as it would have, and the signal comes after it", () => {
  const { log } = run(function* (log) {
    const channel = new Channel<string>(0);
    const pid = yield* spawn(function* () {
      try {
        log(yield* shield(chosen({ a: channel.receive(), late: sleep(10) })));
        yield* sleep(0);
        log("never");
      } finally {
        log("killed");
      }
    });
    yield* sleep(1);
    yield* kill(pid);
    yield* channel.send("message");
    yield* wait(pid);
  });
  expect(log).toEqual(["a message", "killed"]);
});

test("a lock wanted in two ways at once is taken once, and an abandoned one not at all", () => {
  const { log } = run(function* (log) {
    const mutex = new Lock("mutex");
    const victim = yield* spawn(function* () {
      yield* lock(mutex);
      yield* sleep(1000);
    });
    yield* sleep(1);
    const want = function* (name: string): Program<void> {
      try {
        log(name, yield* chosen({ alone: lock(mutex), shared: lock(mutex, "shared") }));
      } catch (error) {
        log(name, (error as Error).message);
      }
    };
    for (const name of ["a", "b"]) yield* spawn(want(name), { name });
    yield* sleep(1);
    log(mutex.length);
    yield* kill(victim, "KILL");
    yield* sleep(1);
    log(mutex.length, mutex.holders.size);
  });
  const died = "task 3 died with the lock mutex; put in order what it protects, then recover() it";
  expect(log).toEqual([
    "4",
    `a EOWNERDEAD: task 4 "a": lock([Lock "mutex"]): ${died}`,
    `b EOWNERDEAD: task 5 "b": lock([Lock "mutex"]): ${died}`,
    "0 0",
  ]);
});

test("a writer who chooses another case lets the readers behind it into the lock", () => {
  const { log } = run(function* (log) {
    const book = new Lock("book");
    const other = new Channel<string>(0);
    yield* lock(book, "shared");
    yield* spawn(function* () {
      log("writer", yield* chosen({ write: lock(book), other: other.receive() }));
    });
    yield* spawn(function* () {
      yield* lock(book, "shared");
      log("reader");
      yield* unlock(book);
    });
    yield* sleep(1);
    log("now");
    yield* other.send("this");
    yield* sleep(1);
    yield* unlock(book);
  });
  expect(log).toEqual(["now", "reader", "writer other this"]);
});

test("what KILL keeps a select from taking goes back: the message, the lock, the turn", () => {
  const { log } = run(
    function* (log) {
      const box = new Channel<string>(0);
      const mutex = new Lock("mutex");
      const queue = waitQueue("queue");
      const victim = function* (): Program<void> {
        yield* select({ a: box.receive(), b: lock(mutex), c: park(queue) });
        log("never");
      };
      const others = function* (): Program<void> {
        const choice = yield* select({ a: box.receive(), b: lock(mutex), c: park(queue) });
        log(choice.which, choice.value);
      };
      yield* lock(mutex);
      const handOver = [
        () => box.send("message"),
        () => unpark(queue, "turn"),
        () => unlock(mutex),
      ];
      for (const give of handOver) {
        const pid = yield* spawn(victim());
        yield* sleep(1);
        yield* spawn(others());
        yield* sleep(1);
        yield* give();
        yield* kill(pid, "KILL");
        yield* wait(pid);
      }
    },
    { prepare: (kernel) => (kernel.choose = (n) => n - 1) },
  );
  expect(log).toEqual(["a message", "c turn", "b undefined"]);
});

test("ps tells what a select waits for", () => {
  const { log } = run(function* (log) {
    const jobs = new Channel<string>(0, { name: "jobs" });
    const mutex = new Lock("mutex");
    yield* lock(mutex);
    yield* spawn(function* chooser() {
      yield* select({ job: jobs.receive(), turn: lock(mutex), late: sleep(10) });
    });
    yield* sleep(1);
    const task = (yield* ps()).find(({ name }) => name === "chooser");
    log(task?.call);
    log(task?.waitsFor);
  });
  expect(log).toEqual([
    'select({ job: receive([Channel "jobs"]), turn: lock([Lock "mutex"]), late: sleep(10) })',
    'job: a message in jobs or turn: the lock mutex, held by task 2 "main" or late: a deadline',
  ]);
});

test("a call of one's own that completes an earlier case and then waits leaves nothing behind", () => {
  const queue = waitQueue("news");
  const other = waitQueue("more news");
  const announce = blockingCall("announce", (kernel, task) => {
    kernel.wake(queue, "news");
    return kernel.block(task, other);
  });
  const { value } = run(function* () {
    return yield* select({ first: park(queue), second: announce() });
  });
  expect(value).toEqual({ which: "first", value: "news" });
  expect(other.length).toBe(0);
});

// Mailboxes: tell a task something by its pid; take messages in order or by a match.

import { getpid, limitMailbox, ps, receive, select, sleep, spawn, tell } from "../../syscalls";
import { kill, type Pid, type Program, wait, yieldCpu } from "../../syscalls";
import { timeout, TimeoutError } from "../../tasks";
import { messageOf, run, type Log } from "../helpers/run";
import { after, strikeAtEveryStep } from "../helpers/strike";

const isText = (message: unknown): message is string => typeof message === "string";
const isNumber = (message: unknown): message is number => typeof message === "number";

function* tellAll(pid: Pid, messages: readonly unknown[], log: Log = () => {}): Program<void> {
  for (const message of messages) {
    yield* tell(pid, message);
    log("told", message);
  }
}

test("messages come in the order they were told, also those told before anybody asked", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      yield* sleep(1);
      for (let i = 0; i < 4; i++) log("got", yield* receive<string>());
    });
    yield* tellAll(pid, ["a", "b", "c"], log);
    yield* sleep(5);
    yield* tellAll(pid, ["d"], log);
    yield* wait();
  });
  expect(log).toEqual(["told a", "told b", "told c", "got a", "got b", "got c", "got d", "told d"]);
});

test("a match takes the first that fits and leaves the others in their order", () => {
  const { log } = run(function* (log) {
    const me = yield* getpid();
    yield* tellAll(me, [1, "a", 2, "b", 3]);
    log(yield* receive(isText), yield* receive(isText));
    yield* spawn(tellAll(me, [4, "c", 5]));
    log(yield* receive(isText));
    for (let i = 0; i < 5; i++) log(yield* receive());
  });
  expect(log).toEqual(["a b", "c", "1", "2", "3", "4", "5"]);
});

test("a match asks about each message once while it waits", () => {
  const { value } = run(function* () {
    const me = yield* getpid();
    yield* spawn(tellAll(me, [1, 2, 3, 4, "x"]));
    const asked: unknown[] = [];
    yield* receive((message) => {
      asked.push(message);
      return message === "x";
    });
    return asked;
  });
  expect(value).toEqual([1, 2, 3, 4, "x"]);
});

test("a call and its answer, told apart from other messages by a match", () => {
  interface Question {
    readonly from: Pid;
    readonly n: number;
  }
  const { log } = run(function* (log) {
    const server = yield* spawn(function* () {
      for (;;) {
        const { from, n } = yield* receive<Question>();
        yield* tell(from, { answer: n * n });
      }
    });
    const me = yield* getpid();
    yield* tell(me, "noise");
    yield* tell(server, { from: me, n: 7 });
    const reply = yield* receive((m: { answer?: number }) => m.answer !== undefined);
    log(reply.answer);
    yield* kill(server);
  });
  expect(log).toEqual(["49"]);
});

test("a timeout and a select end a receive, and it loses nothing", () => {
  const { log } = run(function* (log) {
    const me = yield* getpid();
    yield* tell(me, 1);
    try {
      yield* timeout(10, receive(isText));
    } catch (error) {
      log(error instanceof TimeoutError);
    }
    log((yield* select({ text: receive(isText), late: sleep(5) })).which);
    yield* spawn(tellAll(me, [2, "a"]));
    const choice = yield* select({ big: receive((n) => n === 9), text: receive(isText) });
    log(choice.which, choice.value);
    log(yield* receive(), yield* receive());
  });
  expect(log).toEqual(["true", "late", "text a", "1 2"]);
});

test("a task can tell itself something, but not in a select that receives it", () => {
  const { log } = run(function* (log) {
    const me = yield* getpid();
    const choice = yield* select({ got: receive(), told: tell(me, "x") });
    log(choice.which, yield* receive());
  });
  expect(log).toEqual(["told x"]);
});

test("telling the dead, nobody, or init fails", () => {
  const { log } = run(function* (log) {
    const zombie = yield* spawn(function* child() {});
    yield* sleep(1);
    log(yield* messageOf(tellAll(zombie, ["x"])));
    yield* wait();
    log(yield* messageOf(tellAll(zombie, ["x"])));
    log(yield* messageOf(tellAll(99, ["x"])));
    log(yield* messageOf(tellAll(1, ["x"])));
    log(yield* messageOf(tellAll("joe" as unknown as Pid, ["x"])));
  });
  expect(log).toEqual([
    'ESRCH: task 2 "main": tell(3, "x"): task 3 "child" has ended',
    'ESRCH: task 2 "main": tell(3, "x"): task 3 has exited and was reaped',
    'ESRCH: task 2 "main": tell(99, "x"): task 99 never existed',
    'EPERM: task 2 "main": tell(1, "x"): init has no mailbox',
    'EINVAL: task 2 "main": tell("joe", "x"): a pid is a whole number from 1 up',
  ]);
});

test("a full mailbox makes who tells it wait, in turn; more room lets them in", () => {
  const { log } = run(function* (log) {
    yield* limitMailbox(1);
    const me = yield* getpid();
    for (const name of ["a", "b", "c", "d"]) yield* spawn(tellAll(me, [name], log));
    yield* sleep(1);
    log("got", yield* receive());
    yield* sleep(1);
    yield* limitMailbox(2);
    yield* sleep(1);
    log("there was room");
    for (let i = 0; i < 3; i++) log("got", yield* receive());
    log((yield* ps()).filter((task) => task.call?.startsWith("tell")).length, "wait");
  });
  expect(log).toEqual([
    ...["told a", "told b", "got a", "told c", "there was room"],
    ...["told d", "got b", "got c", "got d", "0 wait"],
  ]);
});

test("who waits for room learns that the receiver has ended", () => {
  const { log } = run(function* (log) {
    const reader = yield* spawn(function* reader() {
      yield* limitMailbox(1);
      yield* sleep(5);
    });
    yield* yieldCpu();
    log(yield* messageOf(tellAll(reader, [1, 2], log)));
  });
  expect(log).toEqual([
    "told 1",
    'ESRCH: task 2 "main": tell(3, 2): task 3 "reader" has ended meanwhile',
  ]);
});

test("a mailbox full of what does not match lets a message through that does", () => {
  const { log } = run(function* (log) {
    yield* limitMailbox(1);
    const me = yield* getpid();
    yield* tell(me, 1);
    for (const message of [2, "a", 3]) yield* spawn(tellAll(me, [message], log));
    log("got", yield* receive(isText));
    yield* spawn(tellAll(me, ["b"], log));
    yield* sleep(1);
    log("got", yield* receive(isText));
    for (let i = 0; i < 3; i++) log("got", yield* receive(isNumber));
  });
  expect(after("got", log)).toEqual(["a", "b", "1", "2", "3"]);
});

test("a full mailbox of one's own is EDEADLK, and bad arguments are EINVAL", () => {
  const { log } = run(function* (log) {
    yield* limitMailbox(1);
    log(yield* messageOf(tellAll(yield* getpid(), ["x", "y"])));
    const limit = function* (capacity: number): Program<void> {
      yield* limitMailbox(capacity);
    };
    log(yield* messageOf(limit(0)));
    const wrong = function* (): Program<void> {
      yield* receive("x" as unknown as () => boolean);
    };
    log(yield* messageOf(wrong()));
  });
  expect(log).toEqual([
    'EDEADLK: task 2 "main": tell(2, "y"): its own mailbox is full, and nobody else empties it',
    'EINVAL: task 2 "main": limitMailbox(0): 0 is no capacity; give a whole number from 1 up, or Infinity',
    'EINVAL: task 2 "main": receive("x"): "x" is no match; give a function of a message that returns true or false, or nothing',
  ]);
});

test("a match that throws is an error of the receiver, never of the one who tells", () => {
  const { log } = run(function* (log) {
    const pid = yield* spawn(function* () {
      const picky = function* (): Program<unknown> {
        return yield* receive((message) => (message as { key: { deep: 1 } }).key.deep === 1);
      };
      log(yield* messageOf(picky()));
      log("still there:", yield* receive());
    });
    yield* yieldCpu();
    yield* tellAll(pid, ["x"], log);
    yield* wait();
  });
  expect(log[0]).toContain("Cannot read properties of undefined");
  expect(log.slice(1)).toEqual(["told x", "still there: x"]);
});

describe.each(["TERM", "KILL"] as const)("%s at any step", (signal) => {
  test("of the receiver gives ESRCH to who waits for room, and leaves nothing behind", () => {
    function* program(log: Log): Program<void> {
      const victim = yield* spawn(
        (function* () {
          yield* limitMailbox(1);
          for (let i = 0; i < 6; i++) log("got", yield* receive(i < 3 ? isText : undefined));
        })(),
        { name: "victim" },
      );
      for (const name of ["x", "y"]) {
        yield* spawn(function* () {
          log(yield* messageOf(tellAll(victim, [`${name}1`, 2, `${name}3`], log)));
        });
      }
      for (let i = 0; i < 3; i++) yield* wait();
      log("over");
    }
    const runs = strikeAtEveryStep(program, "victim", signal, ({ log, kernel, deadlock }) => {
      expect(deadlock).toBeUndefined();
      expect(log.at(-1)).toBe("over");
      expect(kernel.descriptors.size).toBe(0);
      const got = after("got", log);
      expect(new Set(got.filter((m) => m !== "2")).size).toBe(got.filter((m) => m !== "2").length);
      for (const line of log) {
        expect(line).toMatch(/^(told|got|over|nothing thrown|ESRCH: )/);
      }
    });
    expect(runs).toBeGreaterThan(15);
  });

  test("of a sender: it told each message once or not at all, in order", () => {
    function* program(log: Log): Program<void> {
      const reader = yield* spawn(function* () {
        yield* limitMailbox(2);
        for (;;) {
          log("got", yield* receive());
          yield* sleep(1);
        }
      });
      yield* yieldCpu();
      const sender = tellAll(reader, [1, 2, 3, 4, 5], log);
      yield* wait(yield* spawn(sender, { name: "sender" }));
      yield* sleep(10);
      yield* kill(reader);
    }
    strikeAtEveryStep(program, "sender", signal, ({ log }) => {
      const got = after("got", log);
      expect(got).toEqual(["1", "2", "3", "4", "5"].slice(0, got.length));
      const told = after("told", log).length;
      expect([told, told + 1]).toContain(got.length);
    });
  });
});

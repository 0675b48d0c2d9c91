// Channels: each message is received once, in order, by whoever lives to receive it.

import { Channel, END, kill, sleep, spawn, wait } from "../../syscalls";
import type { ChannelOptions, Overflow, Pid, Program, SystemCall } from "../../syscalls";
import { messageOf, run, type Log } from "../helpers/run";

function* receiver(log: Log, channel: Channel<unknown>, name: string): Program<void> {
  log(name, "got", String(yield* channel.receive()));
}

function* sender(log: Log, channel: Channel<unknown>, value: unknown): Program<void> {
  log("sent", value, yield* channel.send(value));
}

/** Makes one call, as a program. */
function* make<T>(call: SystemCall<T>): Program<T> {
  return yield* call;
}

/** Whoever became ready last runs next, so a task can be killed before what it was given arrives. */
const lastFirst = {
  prepare: (kernel: { choose: ((n: number, why: string) => number) | null }) =>
    void (kernel.choose = (n) => n - 1),
};

// trio test_unbuffered
test("a rendezvous send returns when the value was received, not before", () => {
  const { log, clock } = run(function* (log) {
    const channel = new Channel<string>();
    yield* spawn(sender(log, channel, "a"));
    yield* sleep(10);
    log("nobody has received", channel.length);
    log("received", yield* channel.receive());
    yield* sleep(0);
    // The other way round: a receiver waits, the send returns at once.
    yield* spawn(receiver(log, channel, "b"));
    yield* sleep(1);
    log(yield* channel.send("here"));
  });
  expect(log).toEqual(["nobody has received 0", "sent a true", "received a", "b got here", "true"]);
  expect(clock).toBe(11);
});

test("a channel holds as many messages as its capacity, and a full one blocks its senders", () => {
  const { log } = run(function* (log) {
    const channel = new Channel<number>(2, { name: "two" });
    for (const value of [1, 2, 3, 4]) yield* spawn(sender(log, channel, value));
    yield* sleep(1);
    log("holds", channel.length, "waiting", channel.senders.length);
    for (let i = 0; i < 4; i++) log("received", yield* channel.receive());
  });
  expect(log).toEqual([
    "sent 1 true",
    "sent 2 true",
    "holds 2 waiting 2",
    "sent 3 true",
    "received 1",
    "sent 4 true",
    "received 2",
    "received 3",
    "received 4",
  ]);
});

test("a channel of Infinity never fills", () => {
  const { value } = run(function* () {
    const channel = new Channel<number>(Infinity);
    for (let i = 0; i < 1000; i++) yield* channel.send(i);
    let sum = 0;
    while (channel.length > 0) sum += Number(yield* channel.receive());
    return sum;
  });
  expect(value).toBe(499_500);
});

test("who has waited longest receives first, and messages come in the order they were sent", () => {
  const { log } = run(function* (log) {
    const channel = new Channel<number>();
    for (const name of ["a", "b", "c"]) yield* spawn(receiver(log, channel, name));
    yield* sleep(1);
    for (const value of [1, 2, 3]) yield* channel.send(value);
  });
  expect(log).toEqual(["a got 1", "b got 2", "c got 3"]);
});

test.each<[Overflow, string]>([
  ["drop", "1 true, 2 true, 3 false, 4 false: 1 2"],
  ["slide", "1 true, 2 true, 3 true, 4 true: 3 4"],
])("a full channel that may %s does so and blocks nobody", (overflow, transcript) => {
  const { value, clock } = run(function* () {
    const channel = new Channel<number>(2, { overflow });
    const sent: string[] = [];
    for (const value of [1, 2, 3, 4]) sent.push(`${value} ${yield* channel.send(value)}`);
    yield* channel.close();
    const received: number[] = [];
    for (let v = yield* channel.receive(); v !== END; v = yield* channel.receive())
      received.push(v);
    return `${sent.join(", ")}: ${received.join(" ")}`;
  });
  expect(value).toBe(transcript);
  expect(clock).toBe(0);
});

test.each<[number, ChannelOptions, string]>([
  [-1, {}, "-1 is no capacity; give a whole number from 0 up, or Infinity"],
  [1.5, {}, "1.5 is no capacity; give a whole number from 0 up, or Infinity"],
  [NaN, {}, "NaN is no capacity; give a whole number from 0 up, or Infinity"],
  ["3" as never, {}, '"3" is no capacity; give a whole number from 0 up, or Infinity'],
  [8, "jobs" as never, '"jobs" is no set of options; give { name: "jobs" }'],
  [8, null as never, 'null is no set of options; give { name: "jobs" }'],
  [0, { overflow: "drop" }, "one that may drop needs a capacity from 1 up"],
  [0, { overflow: "slide" }, "one that may slide needs a capacity from 1 up"],
  [0, { overflow: "spill" as never }, '"spill" is no overflow; there are "block", "drop", "slide"'],
])("new Channel(%p, %p) is EINVAL", (capacity, options, message) => {
  expect(() => new Channel(capacity, options)).toThrow(`EINVAL: new Channel: ${message}`);
});

// trio test_close_basics
test("closing: buffered values are still received, then END; a blocked sender gets EPIPE", () => {
  const { log } = run(function* (log) {
    const channel = new Channel<string>(1, { name: "c" });
    yield* channel.send("kept");
    const pid = yield* spawn(
      function* () {
        log(yield* messageOf(make(channel.send("late"))));
      },
      { name: "sender" },
    );
    yield* sleep(1);
    yield* channel.close();
    yield* wait(pid);
    log(yield* messageOf(make(channel.send("later"))));
    log(yield* channel.receive());
    log(String(yield* channel.receive()), String(yield* channel.receive()));
    yield* channel.close();
    log("closed twice", channel.closed);
  });
  expect(log).toEqual([
    'EPIPE: task 3 "sender": send([Channel "c"], "late"): c was closed',
    'EPIPE: task 2 "main": send([Channel "c"], "later"): c is closed',
    "kept",
    "Symbol(end) Symbol(end)",
    "closed twice true",
  ]);
});

test("closing wakes every receiver that waits with END", () => {
  const { log } = run(function* (log) {
    const channel = new Channel<string>();
    for (const name of ["a", "b"]) yield* spawn(receiver(log, channel, name));
    yield* sleep(1);
    yield* channel.close();
  });
  expect(log).toEqual(["a got Symbol(end)", "b got Symbol(end)"]);
});

// curio test_queue_get_cancel
test.each(["TERM", "KILL"] as const)(
  "a receiver that is sent %s while it waits loses no message: the next one gets it",
  (signal) => {
    const { log } = run(function* (log) {
      const channel = new Channel<string>();
      const victim = yield* spawn(receiver(log, channel, "victim"));
      yield* spawn(receiver(log, channel, "next"));
      yield* sleep(1);
      yield* kill(victim, signal);
      yield* channel.send("message");
      yield* wait(victim);
    });
    expect(log).toEqual(["next got message"]);
  },
);

// curio test_queue_put_cancel
test.each(["TERM", "KILL"] as const)(
  "a sender that is sent %s while it waits leaves no half-sent message",
  (signal) => {
    const { log } = run(function* (log) {
      const channel = new Channel<string>();
      const victim = yield* spawn(sender(log, channel, "half"));
      yield* spawn(sender(log, channel, "whole"));
      yield* sleep(1);
      yield* kill(victim, signal);
      yield* wait(victim);
      log("received", yield* channel.receive(), "left", channel.senders.length);
    });
    expect(log).toEqual(["sent whole true", "received whole left 0"]);
  },
);

test("a message that was handed over is received, though TERM comes before the receiver runs", () => {
  const { log } = run(function* (log) {
    const channel = new Channel<string>();
    const victim = yield* spawn(receiver(log, channel, "victim"));
    yield* sleep(1);
    yield* channel.send("message");
    yield* kill(victim);
    log((yield* wait(victim)).kind);
  }, lastFirst);
  expect(log).toEqual(["victim got message", "exited"]);
});

describe("a message whose receiver never runs again, because KILL came first,", () => {
  /** Sends to one who waits, and kills it before it runs. */
  function* handOver(channel: Channel<unknown>, victim: Pid, value: unknown): Program<void> {
    yield* channel.send(value);
    yield* kill(victim, "KILL");
    yield* wait(victim);
  }

  test("goes to the next who waits", () => {
    const { log } = run(function* (log) {
      const channel = new Channel<string>();
      const victim = yield* spawn(receiver(log, channel, "victim"));
      yield* sleep(1);
      yield* spawn(receiver(log, channel, "next"));
      yield* sleep(1);
      yield* handOver(channel, victim, "message");
    }, lastFirst);
    expect(log).toEqual(["next got message"]);
  });

  test("or back into the channel, before the others, whatever its capacity", () => {
    for (const capacity of [0, 1, 2]) {
      const { log } = run(function* (log) {
        const channel = new Channel<number>(capacity);
        const victim = yield* spawn(receiver(log, channel, "victim"));
        yield* sleep(1);
        yield* channel.send(1);
        for (const value of [2, 3, 4]) yield* spawn(sender(() => {}, channel, value));
        yield* kill(victim, "KILL");
        yield* sleep(1);
        log(channel.length);
        for (let i = 0; i < 4; i++) log(yield* channel.receive());
        yield* sleep(1);
        log(channel.length, channel.senders.length);
      }, lastFirst);
      // None of the senders ran before the kill: in a rendezvous the message waits alone.
      expect(log[0]).toBe(String(Math.max(1, capacity)));
      expect(log[1]).toBe("1");
      expect(log.slice(2, 5).sort()).toEqual(["2", "3", "4"]);
      expect(log[5]).toBe("0 0");
    }
  });

  test("into a full channel, too, which lets nobody else in until it has room again", () => {
    const { log } = run(function* (log) {
      const channel = new Channel<number>(1);
      const victim = yield* spawn(receiver(log, channel, "victim"));
      yield* sleep(1);
      yield* kill(victim, "STOP");
      for (const value of [1, 2, 3]) yield* spawn(sender(() => {}, channel, value));
      yield* sleep(1);
      log(channel.length, channel.senders.length);
      yield* kill(victim, "KILL");
      for (let i = 0; i < 3; i++) {
        log(channel.length, channel.senders.length, "received", yield* channel.receive());
      }
    });
    expect(log).toEqual(["1 1", "2 1 received 1", "1 1 received 2", "1 0 received 3"]);
  });

  test("also where it did not have to wait for it", () => {
    const { log } = run(function* (log) {
      const channel = new Channel<number>(2);
      for (const value of [1, 2]) yield* channel.send(value);
      const victim = yield* spawn(receiver(log, channel, "victim"));
      yield* kill(victim, "KILL");
      log(yield* channel.receive(), yield* channel.receive());
    });
    expect(log).toEqual(["1 2"]);
  });

  test("but END is no message", () => {
    const { log } = run(function* (log) {
      const channel = new Channel<string>();
      const victim = yield* spawn(receiver(log, channel, "victim"));
      yield* sleep(1);
      yield* channel.close();
      yield* kill(victim, "KILL");
      yield* wait(victim);
      log(channel.length);
    }, lastFirst);
    expect(log).toEqual(["0"]);
  });

  test("and undefined is one", () => {
    const { log } = run(function* (log) {
      const channel = new Channel<undefined>();
      const victim = yield* spawn(receiver(log, channel, "victim"));
      yield* sleep(1);
      yield* handOver(channel, victim, undefined);
      log(channel.length, yield* channel.receive());
    }, lastFirst);
    expect(log).toEqual(["1 undefined"]);
  });
});

test("a channel is shown by its name, and its queues say what is waited for", () => {
  const { deadlock } = run(function* () {
    const jobs = new Channel<number>(0, { name: "jobs" });
    const full = new Channel<number>(1, { name: "full" });
    yield* full.send(0);
    yield* spawn(make(jobs.receive()), { name: "r" });
    yield* spawn(make(full.send(1)), { name: "f" });
    yield* make(new Channel<number>(0, { name: "meeting" }).send(2));
  });
  expect(String(new Channel(0, { name: "jobs" })) + String(new Channel())).toBe("jobschannel");
  expect(deadlock?.split("\n").slice(1)).toEqual([
    '  task 2 "main" waits in send([Channel "meeting"], 2): a receiver of meeting',
    '  task 3 "r" waits in receive([Channel "jobs"]): a message in jobs',
    '  task 4 "f" waits in send([Channel "full"], 1): room in full',
  ]);
});

// Broadcast: who gets what, what lagging does, and that the dead are forgotten.

import {
  Broadcast,
  END,
  kill,
  LaggedError,
  select,
  sleep,
  spawn,
  wait,
  yieldCpu,
} from "../../syscalls";
import type { Program, SubscribeOptions, Subscription } from "../../syscalls";
import { drain, each } from "../../tasks";
import { messageOf, run, type Log } from "../helpers/run";
import { after, strikeAtEveryStep } from "../helpers/strike";

/** Subscribes, and logs what it gets; stays `slow` milliseconds over each message. */
function* listener(
  topic: Broadcast<number>,
  name: string,
  log: Log,
  options: SubscribeOptions = {},
  slow = 0,
): Program<void> {
  const mine = yield* topic.subscribe(options);
  for (;;) {
    try {
      const message = yield* mine.receive();
      if (message === END) break;
      log(name, message);
    } catch (error) {
      if (!(error instanceof LaggedError)) throw error;
      log(name, "missed", error.missed);
    }
    if (slow > 0) yield* sleep(slow);
  }
  log(name, "end");
}

function* sendAll(topic: Broadcast<number>, count: number, log: Log = () => {}): Program<void> {
  for (let i = 1; i <= count; i++) log("sent", i, "to", yield* topic.send(i));
}

test("every subscriber gets every message sent after it subscribed, in the same order", () => {
  const { log } = run(function* (log) {
    const topic = new Broadcast<number>("news");
    log("nobody:", yield* topic.send(0));
    yield* spawn(listener(topic, "a", log));
    yield* yieldCpu();
    log("one:", yield* topic.send(1));
    yield* spawn(listener(topic, "b", log));
    yield* yieldCpu();
    log("two:", yield* topic.send(2));
    yield* topic.close();
    yield* wait();
    yield* wait();
    log(topic.subscribers, "left");
  });
  expect(log).toEqual([
    "nobody: 0",
    ...["a 1", "one: 1"],
    ...["a 2", "b 2", "two: 2"],
    ...["a end", "b end", "0 left"],
  ]);
});

test("a full subscriber that blocks makes the sender wait, and nobody gets the message before", () => {
  const { log } = run(function* (log) {
    const topic = new Broadcast<number>("news");
    yield* spawn(listener(topic, "slow", log, { capacity: 1 }, 10));
    yield* spawn(listener(topic, "fast", log));
    yield* yieldCpu();
    yield* sendAll(topic, 4, log);
    yield* topic.close();
  });
  expect(log).toEqual([
    ...["slow 1", "fast 1", "sent 1 to 2", "fast 2", "sent 2 to 2"],
    // The slow one holds 2 and looks at 1: 3 waits for it.
    ...["fast 3", "sent 3 to 2", "slow 2", "fast 4", "sent 4 to 2"],
    ...["slow 3", "fast end", "slow 4", "slow end"],
  ]);
});

test("a full subscriber that slides is told how many it missed, and the sender goes on", () => {
  const { log } = run(function* (log) {
    const topic = new Broadcast<number>("news");
    const mine = yield* topic.subscribe({ capacity: 2, overflow: "slide" });
    yield* sendAll(topic, 5, log);
    log(yield* messageOf(receiveFrom(mine)));
    log(String(yield* mine.receive()), String(yield* mine.receive()));
    yield* sendAll(topic, 3);
    log(yield* messageOf(receiveFrom(mine)));
    yield* topic.close();
    log(...(yield* drain(mine)), "end");
  });
  expect(log).toEqual([
    ...[1, 2, 3, 4, 5].map((i) => `sent ${i} to 1`),
    "missed 3 messages of news",
    "4 5",
    "missed 1 message of news",
    "2 3 end",
  ]);
});

function* receiveFrom<T>(mine: Subscription<T>): Program<unknown> {
  return yield* mine.receive();
}

test("a full subscriber that drops is passed over", () => {
  const { log } = run(function* (log) {
    const topic = new Broadcast<number>("news");
    const mine = yield* topic.subscribe({ capacity: 2, overflow: "drop" });
    yield* sendAll(topic, 3, log);
    yield* topic.close();
    log(...(yield* drain(mine)));
  });
  expect(log).toEqual(["sent 1 to 1", "sent 2 to 1", "sent 3 to 0", "1 2"]);
});

test("closing: what waits is still received, then END; who waits to send gets EPIPE", () => {
  const { log } = run(function* (log) {
    const topic = new Broadcast<number>("news");
    const mine = yield* topic.subscribe({ capacity: 1 });
    yield* spawn(function* sender() {
      log(yield* messageOf(sendAll(topic, 2)));
    });
    yield* sleep(1);
    yield* topic.close();
    yield* topic.close();
    log(...(yield* drain(mine)));
    log(yield* messageOf(sendAll(topic, 1)));
    log(...(yield* drain(yield* topic.subscribe())), "end");
    yield* wait();
  });
  expect(log).toEqual([
    'EPIPE: task 3 "sender": publish([Broadcast "news"], 2): news was closed',
    "1",
    'EPIPE: task 2 "main": publish([Broadcast "news"], 1): news is closed',
    "end",
  ]);
});

test("a subscription that is closed frees the sender, and receives no more", () => {
  const { log } = run(function* (log) {
    const topic = new Broadcast<number>("news");
    const mine = yield* topic.subscribe({ capacity: 1 });
    yield* spawn(sendAll(topic, 3, log));
    yield* sleep(1);
    yield* mine.close();
    log(yield* messageOf(receiveFrom(mine)));
    yield* wait();
  });
  expect(log.slice(0, 3)).toEqual(["sent 1 to 1", "sent 2 to 0", "sent 3 to 0"]);
  expect(log[3]).toMatch(/^EBADF: task 2 "main": receiveNext\(.*\): fd \d+ has been closed$/);
});

test("a subscription is a descriptor: it closes with its owner, and can be given away", () => {
  const { log } = run(function* (log) {
    const topic = new Broadcast<number>("news");
    yield* wait(
      yield* spawn(function* owner() {
        yield* topic.subscribe();
      }),
    );
    log(topic.subscribers, "after its owner");
    const given = yield* topic.subscribe();
    const heir = each(given, function* (message) {
      log("heir", message);
    });
    yield* spawn(heir, { give: [given.fd] });
    yield* sendAll(topic, 2);
    yield* topic.close();
    yield* wait();
    log(topic.subscribers, "after its heir");
  });
  expect(log).toEqual(["0 after its owner", "heir 1", "heir 2", "0 after its heir"]);
});

test("a message whose receiver never runs again, because KILL came first, goes to the next", () => {
  const { log } = run(function* (log) {
    const topic = new Broadcast<number>("news");
    const mine = yield* topic.subscribe();
    const reader = function* (): Program<void> {
      log("got", String(yield* mine.receive()));
    };
    const first = yield* spawn(reader);
    yield* yieldCpu();
    yield* kill(first, "STOP");
    yield* topic.send(7);
    const second = yield* spawn(reader);
    yield* yieldCpu();
    yield* kill(first, "KILL");
    yield* wait(second);
  });
  expect(log).toEqual(["got 7"]);
});

test("a second receiver of one subscription is EBUSY", () => {
  const { log } = run(function* (log) {
    const topic = new Broadcast<number>("news");
    const mine = yield* topic.subscribe();
    yield* spawn(receiveFrom(mine), { name: "other" });
    yield* yieldCpu();
    log(yield* messageOf(receiveFrom(mine)));
    yield* topic.close();
  });
  expect(log[0]).toContain('task 3 "other" reads it already');
});

test("a select over both ends commits one of them and does not meet itself", () => {
  for (const order of ["receive first", "send first"]) {
    for (const full of [false, true]) {
      const { log } = run(function* (log) {
        const topic = new Broadcast<number>("news");
        const mine = yield* topic.subscribe({ capacity: 1 });
        if (full) yield* topic.send(0);
        const get = mine.receive();
        const put = topic.send(1);
        const { which } = yield* select(order === "send first" ? { put, get } : { get, put });
        log(which, mine.inbox.messages.length);
      });
      expect([order, full, ...log]).toEqual([order, full, full ? "get 0" : "put 1"]);
    }
  }
});

test("senders take turns: one that comes later does not overtake", () => {
  const { log } = run(function* (log) {
    const topic = new Broadcast<string>("news");
    const mine = yield* topic.subscribe({ capacity: 1 });
    for (const name of ["a", "b", "c"]) {
      yield* spawn(function* () {
        yield* topic.send(name);
      });
    }
    yield* sleep(1);
    for (let i = 0; i < 3; i++) log(String(yield* mine.receive()));
  });
  expect(log).toEqual(["a", "b", "c"]);
});

test("bad arguments are EINVAL", () => {
  const { log } = run(function* (log) {
    const topic = new Broadcast<number>("news");
    const bad = function* (options: SubscribeOptions): Program<void> {
      yield* topic.subscribe(options);
    };
    log(yield* messageOf(bad({ capacity: 0 })));
    log(yield* messageOf(bad({ overflow: "spill" as "drop" })));
  });
  expect(log).toEqual([
    'EINVAL: task 2 "main": subscribe([Broadcast "news"], { capacity: 0 }): 0 is no capacity; give a whole number from 1 up, or Infinity',
    'EINVAL: task 2 "main": subscribe([Broadcast "news"], { overflow: "spill" }): "spill" is no overflow; there are "block", "drop", "slide"',
  ]);
});

describe.each(["TERM", "KILL"] as const)("%s at any step", (signal) => {
  test.each(["block", "slide", "drop"] as const)(
    "of a subscriber that would %s leaves the sender and the others as they were",
    (overflow) => {
      function* program(log: Log): Program<void> {
        const topic = new Broadcast<number>("news");
        const victim = listener(topic, "victim", log, { capacity: 1, overflow }, 5);
        yield* spawn(victim, { name: "victim" });
        yield* spawn(listener(topic, "other", log, { capacity: 1 }, 1), { name: "other" });
        yield* yieldCpu();
        yield* sendAll(topic, 5, log);
        yield* topic.close();
        yield* wait();
        yield* wait();
        log(topic.subscribers, "left");
      }
      const runs = strikeAtEveryStep(program, "victim", signal, ({ log, kernel }) => {
        const got = after("other", log);
        expect(got).toEqual(["1", "2", "3", "4", "5", "end"]);
        expect(log.at(-1)).toBe("0 left");
        expect(after("sent", log)).toHaveLength(5);
        expect(kernel.descriptors.size).toBe(0);
      });
      expect(runs).toBeGreaterThan(30);
    },
  );

  test("of a sender: each message went to all or to none, in order", () => {
    function* program(log: Log): Program<void> {
      const topic = new Broadcast<number>("news");
      yield* spawn(listener(topic, "a", log, { capacity: 1 }, 3));
      yield* spawn(listener(topic, "b", log, { capacity: 2 }, 1));
      yield* yieldCpu();
      const sender = yield* spawn(sendAll(topic, 5, log), { name: "sender" });
      yield* wait(sender);
      yield* topic.close();
      yield* wait();
      yield* wait();
    }
    strikeAtEveryStep(program, "sender", signal, ({ log }) => {
      const got = after("a", log);
      expect(after("b", log)).toEqual(got);
      expect(got).toEqual([...["1", "2", "3", "4", "5"].slice(0, got.length - 1), "end"]);
      const sent = after("sent", log).length;
      expect([sent, sent + 1]).toContain(got.length - 1);
    });
  });

  test("of one who reads another's subscription: the next reader gets what it was given", () => {
    function* program(log: Log): Program<void> {
      const topic = new Broadcast<number>("news");
      const mine = yield* topic.subscribe();
      const reader = (name: string) =>
        spawn(
          each(mine, function* (message) {
            log("got", message);
          }),
          { name },
        );
      const victim = yield* reader("victim");
      yield* spawn(function* () {
        yield* sendAll(topic, 5);
        yield* topic.close();
      });
      yield* wait(victim);
      yield* wait(yield* reader("second"));
      yield* wait();
    }
    strikeAtEveryStep(program, "victim", signal, ({ log }) => {
      expect(after("got", log)).toEqual(["1", "2", "3", "4", "5"]);
    });
  });
});

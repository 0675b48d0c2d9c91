// Channels, consumed one message after the other, and who gets what when an end is killed.

import { Channel, END, kill, type Program, select, sleep, spawn, wait } from "../../syscalls";
import { drain, each } from "../../tasks";
import { messageOf, run, type Log } from "../helpers/run";
import { after, strikeAtEveryStep } from "../helpers/strike";

function* send(channel: Channel<number>, count: number, log: Log = () => {}): Program<void> {
  for (let i = 1; i <= count; i++) {
    yield* channel.send(i);
    log("sent", i);
  }
}

test("each runs its body with every message, waits for more, and returns at the end", () => {
  const { log, clock } = run(function* (log) {
    const jobs = new Channel<number>(1);
    yield* spawn(function* () {
      for (let i = 1; i <= 3; i++) {
        yield* sleep(10);
        yield* jobs.send(i);
      }
      yield* jobs.close();
    });
    yield* each(jobs, function* (job) {
      log("begin", job);
      yield* sleep(1);
      log("done", job);
    });
    log("over");
  });
  expect(log).toEqual(["begin 1", "done 1", "begin 2", "done 2", "begin 3", "done 3", "over"]);
  expect(clock).toBe(31);
});

test("what the body throws ends each, and the messages that are left can still be received", () => {
  const { log } = run(function* (log) {
    const jobs = new Channel<number>(5);
    yield* send(jobs, 5);
    const attempt = each(jobs, function* (job) {
      if (job === 2) throw new Error("bad job 2");
    });
    log(yield* messageOf(attempt));
    yield* jobs.close();
    log(...(yield* drain(jobs)));
  });
  expect(log).toEqual(["bad job 2", "3 4 5"]);
});

test("the loop that can be left before the end", () => {
  const { log } = run(function* (log) {
    const jobs = new Channel<number>(5);
    yield* send(jobs, 5);
    for (let m = yield* jobs.receive(); m !== END; m = yield* jobs.receive()) {
      if (m === 3) break;
      log(m);
    }
    log(jobs.length, "left");
  });
  expect(log).toEqual(["1", "2", "2 left"]);
});

test("each without a body is EINVAL and says what to give", () => {
  const { value } = run(function* () {
    const body = undefined as unknown as () => Program<void>;
    return yield* messageOf(each(new Channel<number>(1), body));
  });
  expect(value).toBe(
    "EINVAL: each: undefined is no body; give a generator function of one message",
  );
});

// curio test_queue_get_cancel, test_queue_put_cancel
describe.each([0, 1, 3, Infinity])("with a capacity of %d", (capacity) => {
  function* exchange(log: Log): Program<void> {
    const channel = new Channel<number>(capacity);
    const sender = yield* spawn(send(channel, 6, log), { name: "sender" });
    const receiver = (name: string) =>
      spawn(
        each(channel, function* (m) {
          log("got", m);
        }),
        { name },
      );
    yield* receiver("receiver");
    yield* wait(sender);
    yield* receiver("second");
    yield* channel.close();
    yield* wait();
    yield* wait();
  }

  test.each(["TERM", "KILL"] as const)(
    "a receiver that gets %s at any step loses no message, and doubles none",
    (signal) => {
      // The second receiver takes the place of the first, as soon as that is dead.
      function* program(log: Log): Program<void> {
        const channel = new Channel<number>(capacity);
        const receiver = (name: string) =>
          spawn(
            each(channel, function* (m) {
              log("got", m);
            }),
            { name },
          );
        yield* spawn(
          (function* () {
            yield* send(channel, 6, log);
            yield* channel.close();
          })(),
          { name: "sender" },
        );
        yield* wait(yield* receiver("receiver"));
        yield* wait(yield* receiver("second"));
      }
      const runs = strikeAtEveryStep(program, "receiver", signal, ({ log }) => {
        expect(after("got", log)).toEqual(["1", "2", "3", "4", "5", "6"]);
      });
      expect(runs).toBeGreaterThan(20);
    },
  );

  test.each(["TERM", "KILL"] as const)(
    "a sender that gets %s at any step has sent each message whole or not at all",
    (signal) => {
      const all = ["1", "2", "3", "4", "5", "6"];
      strikeAtEveryStep(exchange, "sender", signal, ({ log }) => {
        const got = after("got", log);
        expect(got).toEqual(all.slice(0, got.length));
        const sent = after("sent", log);
        // The last one may have been sent by a task that KILL kept from saying so.
        expect([sent.length, sent.length + 1]).toContain(got.length);
      });
    },
  );
});

test("a select over both ends of a channel does not meet itself", () => {
  const { log, deadlock } = run(function* (log) {
    const channel = new Channel<number>(0);
    const waiter = yield* spawn(function* () {
      const choice = yield* select({ in: channel.receive(), out: channel.send(1) });
      log(choice.which);
    });
    yield* sleep(1);
    log("received", yield* channel.receive());
    yield* wait(waiter);
    yield* kill(waiter);
  }, {});
  expect(deadlock).toBeUndefined();
  expect(log).toEqual(["out", "received 1"]);
});

// The same in Effect: its queues (none is a rendezvous), its semaphore, its races.

import { Effect, Fiber, Queue, Semaphore } from "effect";

export const pingPong = (turns, capacity) =>
  Effect.runPromise(
    Effect.gen(function* () {
      const there = yield* Queue.bounded(capacity);
      const back = yield* Queue.bounded(capacity);
      const echo = yield* Effect.forkChild(echoer(there, back, turns));
      let last = 0;
      for (let i = 0; i < turns; i++) {
        yield* Queue.offer(there, last);
        last = yield* Queue.take(back);
      }
      yield* Fiber.join(echo);
      return last;
    }),
  );

const echoer = (there, back, turns) =>
  Effect.gen(function* () {
    for (let i = 0; i < turns; i++) yield* Queue.offer(back, (yield* Queue.take(there)) + 1);
  });

export const contend = (tasks, turns) =>
  Effect.runPromise(
    Effect.gen(function* () {
      const mutex = yield* Semaphore.make(1);
      const account = { total: 0 };
      const deposit = mutex.withPermits(1)(
        Effect.gen(function* () {
          const { total } = account;
          yield* Effect.yieldNow;
          account.total = total + 1;
        }),
      );
      const fibers = [];
      for (let i = 0; i < tasks; i++) fibers.push(yield* Effect.forkChild(teller(deposit, turns)));
      for (const fiber of fibers) yield* Fiber.join(fiber);
      return account.total;
    }),
  );

const teller = (deposit, turns) =>
  Effect.gen(function* () {
    for (let i = 0; i < turns; i++) yield* deposit;
  });

export const selecting = (width, turns) =>
  Effect.runPromise(
    Effect.gen(function* () {
      const queues = [];
      for (let i = 0; i < width; i++) queues.push(yield* Queue.bounded(1));
      const sent = yield* Effect.forkChild(sender(queues, turns));
      let sum = 0;
      for (let i = 0; i < turns; i++) sum += yield* Effect.raceAll(queues.map(Queue.take));
      yield* Fiber.join(sent);
      return sum;
    }),
  );

const sender = (queues, turns) =>
  Effect.gen(function* () {
    for (let i = 0; i < turns; i++) yield* Queue.offer(queues[i % queues.length], i);
  });

export const gathering = (children) =>
  Effect.runPromise(
    Effect.gen(function* () {
      const effects = [];
      for (let i = 0; i < children; i++) effects.push(child(i));
      let sum = 0;
      for (const value of yield* Effect.all(effects, { concurrency: "unbounded" })) sum += value;
      return sum;
    }),
  );

const child = (value) =>
  Effect.gen(function* () {
    yield* Effect.yieldNow;
    return value;
  });

export const killing = (tasks, began, ended) =>
  Effect.runPromise(
    Effect.gen(function* () {
      let cleaned = 0;
      const clean = Effect.sync(() => void (cleaned += 1));
      const victim = Effect.ensuring(Effect.never, clean);
      const fibers = [];
      for (let i = 0; i < tasks; i++) fibers.push(yield* Effect.forkChild(victim));
      yield* Effect.yieldNow;
      began();
      yield* Fiber.interruptAll(fibers);
      ended();
      return cleaned;
    }),
  );

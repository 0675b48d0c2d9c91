// Effect 4, in its generator style.

import { Deferred, Effect, Fiber } from "effect";

export const switching = (tasks, turns, seen) =>
  Effect.runPromise(
    Effect.gen(function* () {
      const workers = [];
      for (let i = 0; i < tasks; i++) workers.push(yield* Effect.forkChild(worker(i, turns, seen)));
      let taken = 0;
      for (const fiber of workers) taken += yield* Fiber.join(fiber);
      return taken;
    }),
  );

export const bareSwitching = switching;

const worker = (id, turns, seen) =>
  Effect.gen(function* () {
    let taken = 0;
    for (; taken < turns; taken++) {
      yield* Effect.yieldNow;
      if (seen !== undefined) seen.push(id);
    }
    return taken;
  });

export const spawning = (batches, size) =>
  Effect.runPromise(
    Effect.gen(function* () {
      let sum = 0;
      for (let batch = 0; batch < batches; batch++) {
        const children = [];
        for (let i = 0; i < size; i++) children.push(yield* Effect.forkChild(child(i)));
        for (const fiber of children) sum += yield* Fiber.join(fiber);
      }
      return sum;
    }),
  );

const child = (value) =>
  Effect.gen(function* () {
    yield* Effect.yieldNow;
    return value;
  });

export const parking = (tasks, measure) =>
  Effect.runPromise(
    Effect.gen(function* () {
      const gate = yield* Deferred.make();
      let through = 0;
      const visitor = Effect.gen(function* () {
        yield* Deferred.await(gate);
        through += 1;
      });
      const visitors = [];
      for (let i = 0; i < tasks; i++) visitors.push(yield* Effect.forkChild(visitor));
      yield* Effect.yieldNow;
      measure();
      yield* Deferred.succeed(gate, undefined);
      for (const fiber of visitors) yield* Fiber.join(fiber);
      return through;
    }),
  );

export const depth = (levels, turns) => Effect.runPromise(descend(levels, turns));

const descend = (levels, turns) =>
  Effect.gen(function* () {
    if (levels > 1) return yield* descend(levels - 1, turns);
    let taken = 0;
    for (; taken < turns; taken++) yield* Effect.yieldNow;
    return taken;
  });

export const timers = (count, delay, fired) =>
  Effect.runPromise(
    Effect.gen(function* () {
      const sleepers = [];
      for (let i = 0; i < count; i++)
        sleepers.push(yield* Effect.forkChild(sleeper(i, delay, fired)));
      for (const fiber of sleepers) yield* Fiber.join(fiber);
    }),
  );

const sleeper = (i, delay, fired) =>
  Effect.gen(function* () {
    yield* Effect.sleep(delay(i));
    fired(i);
  });

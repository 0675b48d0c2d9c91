// Task-local storage.

import { getpid, kill, sleep, spawn, TaskLocal, wait } from "../../syscalls";
import { run } from "../helpers/run";

// curio test_contextvars
test("a child sees its parent's value as it was at the spawn; later changes are not shared", () => {
  const { log } = run(function* (log) {
    const user = new TaskLocal("anonymous", "user");
    log("main", yield* user.get());
    yield* user.set("alice");
    const child = yield* spawn(function* () {
      log("child", yield* user.get());
      yield* sleep(10);
      log("child", yield* user.get());
      yield* user.set("bob");
      const grandchild = yield* spawn(function* () {
        log("grandchild", yield* user.get());
      });
      yield* wait(grandchild);
    });
    yield* sleep(5);
    yield* user.set("carol");
    yield* wait(child);
    log("main", yield* user.get());
  });
  expect(log).toEqual([
    "main anonymous",
    "child alice",
    "child alice",
    "grandchild bob",
    "main carol",
  ]);
});

test("siblings do not share a value, and several locals do not disturb each other", () => {
  const { log } = run(function* (log) {
    const a = new TaskLocal(0, "a");
    const b = new TaskLocal(0, "b");
    for (let i = 1; i <= 2; i++) {
      yield* spawn(function* () {
        yield* a.set(yield* getpid());
        yield* sleep(1);
        log(yield* a.get(), yield* b.get());
      });
    }
    yield* b.set(7);
    yield* sleep(5);
    log(yield* a.get(), yield* b.get());
  });
  expect(log).toEqual(["3 0", "4 0", "0 7"]);
});

test("undefined is a value like any other, and not the initial one", () => {
  const { log } = run(function* (log) {
    const local = new TaskLocal<number | undefined>(1);
    yield* local.set(undefined);
    log(yield* local.get(), String(local), String(new TaskLocal(0, "user")));
  });
  expect(log).toEqual(["undefined local user"]);
});

test("neither get nor set blocks: a task that was told to stop still has its values", () => {
  const { log } = run(function* (log) {
    const local = new TaskLocal("initial");
    const pid = yield* spawn(function* () {
      try {
        yield* kill(yield* getpid());
        yield* local.set("set");
        log(yield* local.get());
        yield* sleep(1);
      } finally {
        log("in the clean-up:", yield* local.get());
      }
    });
    yield* wait(pid);
  });
  expect(log).toEqual(["set", "in the clean-up: set"]);
});

test("a detached child has its spawner's values, not init's", () => {
  const { log } = run(function* (log) {
    const local = new TaskLocal("initial");
    yield* local.set("mine");
    yield* spawn(
      function* () {
        log(yield* local.get());
      },
      { detached: true },
    );
  });
  expect(log).toEqual(["mine"]);
});

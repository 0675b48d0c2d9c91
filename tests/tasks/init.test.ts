// What init does at the end: it stops the daemons, and sees them off.

import { sleep, spawn, waitQueue, park, type Program } from "../../syscalls";
import { run } from "../helpers/run";

/** Daemons side by side. */
function* many(count: number): Program<void> {
  for (let i = 0; i < count; i++) yield* spawn(waiting(), { daemon: true });
  yield* sleep(1);
}

/** Each started by the one before. */
function* chain(count: number): Program<void> {
  yield* spawn(link(count), { daemon: true });
  yield* sleep(1);
}

function* link(count: number): Program<void> {
  if (count > 1) yield* spawn(link(count - 1));
  yield* waiting();
}

function* waiting(): Program<void> {
  yield* park(waitQueue("the end"));
}

/** How often the tasks were listed. */
function looks(main: () => Program<void>): number {
  let looks = 0;
  const probe = {
    trap: (_task: unknown, { name }: { name: string }) => (looks += +(name === "ps")),
  };
  const { kernel } = run(main, { prepare: (kernel) => kernel.attach(probe) });
  expect(kernel.tasks.size).toBe(1);
  return looks;
}

test.each([
  ["side by side", many],
  ["each the child of another", chain],
])("to see off many daemons, %s, takes no more looks than a few do", (_how, daemons) => {
  const few = looks(() => daemons(2));
  expect(looks(() => daemons(200))).toBe(few);
});

test("what a daemon starts in its clean-up is seen off as well", () => {
  const { log, kernel } = run(function* (log) {
    function* late(): Program<void> {
      yield* sleep(10);
      log("the late one");
    }
    function* daemon(): Program<void> {
      try {
        yield* waiting();
      } finally {
        yield* spawn(late());
        log("the daemon");
      }
    }
    yield* spawn(daemon(), { daemon: true });
    yield* sleep(1);
  });
  expect(log).toEqual(["the daemon", "the late one"]);
  expect(kernel.tasks.size).toBe(1);
});

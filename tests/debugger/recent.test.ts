// The last steps as columns: what the panes of the debugger show of a run.

import { sleep, spawn, wait } from "../../index";
import { recentOf, StoryTeller, type Recent } from "../../debugger";
import type { Kernel } from "../../kernel";
import type { Program } from "../../syscalls";
import { run } from "../helpers/run";

const LETTERS = { running: "R", ready: "r", time: "t", child: "w", message: "m" } as const;

function recent(program: () => Program<void>, most: number): { at: Recent; drawn: string[] } {
  const tellers: StoryTeller[] = [];
  run(program, {
    prepare(kernel: Kernel) {
      const teller = new StoryTeller(kernel);
      kernel.attach(teller);
      tellers.push(teller);
    },
  });
  const at = recentOf(tellers[0]!.tell("", []), most);
  const letter = (state: string | null): string =>
    state === null ? " " : (LETTERS[state as keyof typeof LETTERS] ?? "?");
  const drawn = at.rows.map(({ task, states }) => `${task.pid} ${states.map(letter).join("")}`);
  return { at, drawn };
}

function* sleeper(): Program<void> {
  yield* sleep(10);
}

function* main(): Program<void> {
  yield* spawn(sleeper(), { name: "one" });
  yield* wait();
}

test("each step is a column, and who is not running is ready or waits", () => {
  const { at, drawn } = recent(main, 100);
  expect(at.first).toBe(1);
  expect(drawn).toEqual(["1 RrRwwwwRRR", "2  RrrRwR   ", "3   rRtR    "]);
});

test("a wait that began before the first column is seen from there on", () => {
  const { at, drawn } = recent(main, 3);
  expect(at.first).toBe(8);
  expect(drawn).toEqual(["1 RRR"]);
  expect(recent(main, 5).drawn).toEqual(["1 wwRRR", "2 wR   ", "3 R    "]);
});

test("of many tasks those are shown that ran last, the others are counted", () => {
  const { at, drawn } = recent(function* () {
    for (let i = 0; i < 20; i++) yield* spawn(sleeper());
    for (let i = 0; i < 20; i++) yield* wait();
  }, 1000);
  expect(drawn).toHaveLength(12);
  expect(at.rows.at(-1)?.task.pid).toBe(22);
  expect(at.others).toBe(10);
});

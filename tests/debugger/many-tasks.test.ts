// Pictures of very many tasks: the work is in proportion to them. It is counted in looks at what a
// story consists of, and not in seconds.

import { lanesOf } from "../../debugger/page/lanes";
import { sequenceText } from "../../debugger/pictures/sequence-text";
import { timelineSvg } from "../../debugger/pictures/timeline-svg";
import { timelineText } from "../../debugger/pictures/timeline-text";
import { traceOf } from "../../debugger/pictures/trace-events";
import { waitsText } from "../../debugger/pictures/waits-text";
import type { Story } from "../../debugger/story";
import { StoryTeller } from "../../debugger/story-teller";
import { System } from "../../boot";
import { VirtualMachine } from "../../machine";
import { sleep, spawn, wait, type Pid, type Program } from "../../syscalls";

const MANY = 20_000;

/** All have ended before the first is waited for, and the last is waited for first. */
function* crowd(): Program<void> {
  const pids: Pid[] = [];
  for (let i = 0; i < MANY; i++) pids.push(yield* spawn(function* () {}));
  yield* sleep(1);
  for (const pid of pids.reverse()) yield* wait(pid);
}

function storyOf(main: () => Program<unknown>): Story {
  const machine = new VirtualMachine();
  new System(machine, main, "main");
  const teller = new StoryTeller(machine.kernel);
  machine.kernel.attach(teller);
  machine.run();
  return teller.tell("main.ts", []);
}

/** `story`, of which each task, step and happening counts how often a property of it is read. */
function counted(story: Story): { readonly story: Story; readonly looks: () => number } {
  let looks = 0;
  const get = (item: object, key: PropertyKey): unknown => {
    looks += 1;
    return Reflect.get(item, key);
  };
  const each = <T extends object>(items: readonly T[]): readonly T[] =>
    items.map((item) => new Proxy<T>(item, { get }));
  const [tasks, steps] = [each(story.tasks), each(story.steps)];
  const counting = { ...story, tasks, steps, happenings: each(story.happenings) };
  return { story: counting, looks: () => looks };
}

test("the pictures of 20,000 tasks look at each of them and of their steps a few times", () => {
  const { story, looks } = counted(storyOf(crowd));
  expect(story.tasks.length).toBe(MANY + 2);
  expect(story.happenings.filter(({ kind }) => kind === "reap").length).toBe(MANY + 1);
  const items = story.tasks.length + story.steps.length + story.happenings.length;
  const looksOf = (draw: (story: Story) => unknown): number => {
    const before = looks();
    draw(story);
    return (looks() - before) / items;
  };
  // About ten each; all tasks for each task would be 20,000.
  expect(looksOf((it) => timelineText(it, 100))).toBeLessThan(40);
  expect(looksOf((it) => timelineSvg(it))).toBeLessThan(40);
  expect(looksOf((it) => sequenceText(it, 100, 2 * MANY))).toBeLessThan(40);
  expect(looksOf(traceOf)).toBeLessThan(40);
  expect(looksOf(lanesOf)).toBeLessThan(40);
});

test("there may be more tasks than a call can have arguments", () => {
  const pids = Array.from({ length: 200_000 }, (_, i) => i + 1);
  const tasks = pids.map((pid) => ({ pid, parent: pid === 1 ? 0 : 1, name: "one" }));
  const story = { program: "main.ts", args: [], tasks, steps: [], happenings: [] };
  expect(timelineText(story, 40).split("\n").length).toBeGreaterThan(pids.length);
  expect(timelineSvg(story)).toContain("200000 one");
  const waits = pids.map((pid) => ({ from: pid, to: [1], what: "the lock a" }));
  const picture = waitsText({ step: 1, time: 0, tasks: [], waits, circles: [] });
  expect(picture).toContain("  200000 -> 1  the lock a\n");
});

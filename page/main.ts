// What runs in the page: joins the panes, the slider and the keys to one story. Asks nothing of any
// network; all it shows came with it.

import { lanesOf } from "../debugger/page/lanes";
import { unpack, type Packed } from "../debugger/page/data";
import type { Pid } from "../kernel";
import { Axis } from "./axis";
import { paletteOf } from "./brush";
import { Controls } from "./controls";
import { byId, colour } from "./dom";
import { EventPane } from "./event-pane";
import { filterOf, focusOf, nameOf, type Scene } from "./scene";
import { SourcePane } from "./source-pane";
import { TasksPane } from "./tasks-pane";
import { Timeline } from "./timeline";

interface Data {
  readonly story: Packed;
  readonly sources: Readonly<Record<string, string>>;
}

class Page {
  readonly #story;
  readonly #lanes;
  readonly #moments;
  readonly #axis;
  readonly #timeline;
  readonly #tasks;
  readonly #source;
  readonly #events;
  readonly #controls;
  #step = 0;
  #picked: Pid | null = null;
  #filter = "";
  #passes: (pid: Pid) => boolean = () => true;
  #palette = paletteOf(colour);
  #drawing = 0;

  constructor({ story, sources }: Data) {
    this.#story = unpack(story);
    ({ lanes: this.#lanes, moments: this.#moments } = lanesOf(this.#story));
    this.#axis = new Axis(this.#story.steps);
    const pick = (pid: Pid): void => this.#pick(pid);
    const goTo = (step: number): void => void this.#goTo(step);
    this.#timeline = new Timeline(this.#axis, () => this.#palette, goTo, pick);
    this.#tasks = new TasksPane(pick);
    this.#source = new SourcePane(sources);
    this.#events = new EventPane(this.#story.happenings, pick, goTo);
    this.#controls = new Controls(this.#story.steps.length, {
      ...{ goTo, move: (by) => this.#move(by), zoom: (factor) => this.#zoom(factor) },
      ...{ over: (what) => this.#over(what), filter: (text) => this.#setFilter(text) },
      ...{ release: () => this.#pick(null), recolour: () => this.#recolour() },
    });
    const { step, task } = whereToBegin();
    this.#picked = task;
    this.#goTo(step);
  }

  #goTo(step: number): boolean {
    const wanted = Math.min(Math.max(0, step), this.#story.steps.length);
    const moved = wanted !== this.#step;
    this.#step = wanted;
    this.#show();
    return moved;
  }

  /** A step on or back; with a filter, of one of its tasks. False at the end. */
  #move(by: 1 | -1): boolean {
    const { steps } = this.#story;
    let step = this.#step + by;
    while (step > 0 && step <= steps.length && !this.#passes(steps[step - 1]?.pid ?? 0)) step += by;
    if (step < 0 || step > steps.length) return false;
    return this.#goTo(step);
  }

  #pick(pid: Pid | null): void {
    this.#picked = pid === this.#picked ? null : pid;
    this.#show();
  }

  #setFilter(text: string): number {
    this.#filter = text.trim();
    this.#passes = filterOf(this.#filter, this.#story.tasks);
    this.#show();
    return this.#story.tasks.filter(({ pid }) => this.#passes(pid)).length;
  }

  #zoom(factor: number | null): void {
    if (factor === null) this.#axis.fit();
    this.#timeline.zoom(factor ?? 1);
  }

  #over(what: "steps" | "time"): void {
    this.#axis.over = what;
    this.#axis.fit();
    this.#timeline.draw();
  }

  #recolour(): void {
    this.#palette = paletteOf(colour);
    this.#timeline.draw();
  }

  /** Once a frame, however often it is asked for. */
  #show(): void {
    this.#controls.show(this.#step, this.#story.steps[this.#step - 1]?.time ?? 0);
    if (this.#drawing !== 0) return;
    this.#drawing = requestAnimationFrame(() => {
      this.#drawing = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const step = this.#step;
    const scene: Scene = {
      ...{ story: this.#story, lanes: this.#lanes, step, moment: this.#moments.at(step) },
      ...{ event: this.#story.steps[step - 1], picked: this.#picked, passes: this.#passes },
      filtered: this.#filter !== "",
    };
    this.#tasks.show(scene);
    this.#source.show(scene);
    this.#events.show(scene);
    this.#timeline.show(scene);
    const focus = focusOf(scene);
    this.#controls.tell(
      this.#events.spoken(scene),
      focus === undefined ? "" : nameOf(scene, focus),
    );
    // So that what a reader of the page waits for, it can see.
    byId("page").dataset["step"] = String(step);
    this.#controls.remember(step, this.#picked);
  }
}

/** `#step=42&task=3`, as `remember` wrote it. */
function whereToBegin(): { readonly step: number; readonly task: Pid | null } {
  const hash = new URLSearchParams(location.hash.slice(1));
  const task = Number(hash.get("task") ?? 0);
  return { step: Number(hash.get("step") ?? 0) || 0, task: task > 0 ? task : null };
}

new Page(JSON.parse(byId("data").textContent) as Data);

// The right column: what happened in the step the slider is at, in order and in words, and below it
// all steps, one line each.

import type { Happening, StepEvent } from "../debugger/story";
import type { Pid } from "../kernel";
import { byId, element, LongList } from "./dom";
import { nameOf, type Scene } from "./scene";

const ROW = 22;
/** More happenings of a step than these nobody reads. */
const MOST = 60;

export class EventPane {
  readonly #pick: (pid: Pid) => void;
  readonly #log: LongList<StepEvent>;
  /** For each step, its happenings and those from outside that came before it. */
  readonly #happenings = new Map<number, Happening[]>();
  #scene: Scene | null = null;
  #shown: readonly StepEvent[] = [];
  #passes: unknown = null;

  constructor(
    happenings: readonly Happening[],
    pick: (pid: Pid) => void,
    goTo: (step: number) => void,
  ) {
    this.#pick = pick;
    this.#log = new LongList(byId("log"), ROW, (event) => this.#row(event, goTo));
    for (const happening of happenings) {
      const step = happening.by === 0 ? happening.step + 1 : happening.step;
      const others = this.#happenings.get(step) ?? [];
      this.#happenings.set(step, others);
      others.push(happening);
    }
  }

  show(scene: Scene): void {
    this.#scene = scene;
    if (this.#passes !== scene.passes) {
      this.#passes = scene.passes;
      this.#shown = scene.story.steps.filter(({ pid }) => scene.passes(pid));
      this.#log.show(this.#shown);
    }
    // The card first, as the log gets the room that it leaves.
    byId("event").replaceChildren(...this.#card(scene));
    this.#log.redraw();
    this.#log.reveal(this.#shown.findIndex(({ step }) => step >= scene.step));
  }

  /** In one sentence, for who hears the page. */
  spoken(scene: Scene): string {
    const { event, step, story } = scene;
    if (event === undefined) return "Before the first step";
    const call = event.call === "" ? "" : ` called ${event.call},`;
    const outcome = event.detail === "" ? event.outcome : `${event.outcome}: ${event.detail}`;
    return `Step ${step} of ${story.steps.length}: ${nameOf(scene, event.pid)}${call} ${outcome}`;
  }

  #card(scene: Scene): HTMLElement[] {
    const { event } = scene;
    if (event === undefined) {
      return [element("p", "lead", "Nothing has run yet. → makes the first step.")];
    }
    const heading = element("p", "lead");
    const { lasted } = event;
    const long = lasted === undefined ? "" : ` for ${lasted.toFixed(1)} ms`;
    heading.append(this.#who(scene, event.pid), ` ran${long}`);
    const list = element("ol", "story");
    const happenings = this.#happenings.get(event.step) ?? [];
    const outside = happenings.filter(({ by }) => by === 0);
    const inside = happenings.filter(({ by, pid, kind }) => {
      return by !== 0 && !(kind === "exit" && pid === event.pid);
    });
    this.#tell(list, scene, outside);
    if (event.reply !== "") list.append(item("reply", "resumed with", event.reply));
    if (event.call !== "") list.append(item("call", "called", event.call));
    this.#tell(list, scene, inside);
    list.append(item(`outcome ${event.outcome}`, ...outcomeOf(event)));
    return [heading, list];
  }

  #tell(list: HTMLElement, scene: Scene, happenings: readonly Happening[]): void {
    const shown = happenings.slice(0, MOST);
    for (const happening of shown) list.append(this.#line(scene, happening));
    const more = happenings.length - shown.length;
    if (more > 0) list.append(element("li", "nothing", `and ${more} more`));
  }

  #line(scene: Scene, { kind, pid, by, text }: Happening): HTMLElement {
    const line = element("li", kind);
    if (by === 0) line.append(element("span", "verb", "from outside: "));
    line.append(element("span", "verb", `${verbs[kind]} `), this.#who(scene, pid));
    const told = kind === "spawn" ? "" : text;
    if (told !== "") line.append(element("code", "", told));
    return line;
  }

  #who(scene: Scene, pid: Pid): HTMLElement {
    const chip = element("button", "chip");
    chip.append(element("span", "pid", String(pid)), ` ${nameOf(scene, pid)}`);
    chip.addEventListener("click", () => this.#pick(pid));
    return chip;
  }

  #row(event: StepEvent, goTo: (step: number) => void): HTMLElement {
    const scene = this.#scene;
    const now = scene?.step === event.step;
    const picked = scene?.picked === event.pid;
    const row = element("div", `step ${event.outcome}${now ? " now" : ""}${picked ? " mine" : ""}`);
    row.dataset["step"] = String(event.step);
    row.setAttribute("role", "listitem");
    if (now) row.setAttribute("aria-current", "step");
    const name = scene === null ? "" : nameOf(scene, event.pid);
    row.append(
      element("span", "number", String(event.step)),
      element("span", "name", name),
      element("span", "text", event.call === "" ? event.detail : event.call),
    );
    row.title = `${event.call} ${event.outcome} ${event.detail}`.trim();
    row.addEventListener("click", () => goTo(event.step));
    return row;
  }
}

const verbs: Readonly<Record<Happening["kind"], string>> = {
  ...{ spawn: "spawned", wake: "woke", signal: "signalled", exit: "ended", reap: "reaped" },
  move: "moved to another queue",
};

function item(kind: string, verb: string, text: string): HTMLElement {
  const line = element("li", kind);
  line.append(element("span", "verb", `${verb} `));
  if (text !== "") line.append(element("code", "", text));
  return line;
}

/** How the step ended: in a word, and why. */
function outcomeOf({ outcome, detail }: StepEvent): [verb: string, text: string] {
  if (outcome === "ready") return ["goes to the end of the ready queue", ""];
  if (outcome === "blocked") return ["waits for", detail];
  return [outcome, detail.replace(/^(exited|crashed|killed)(: | )?/, "")];
}

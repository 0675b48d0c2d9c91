// The slider, the buttons, the filter and the keys. Decides nothing: tells the page what was asked.

import type { Pid } from "../kernel";
import { byId } from "./dom";

export interface Actions {
  readonly goTo: (step: number) => void;
  /** A step on or back; false at the end. */
  readonly move: (by: 1 | -1) => boolean;
  /** See so many times as much; null for all. */
  readonly zoom: (factor: number | null) => void;
  readonly over: (what: "steps" | "time") => void;
  /** Returns how many tasks are left. */
  readonly filter: (text: string) => number;
  readonly release: () => void;
  readonly recolour: () => void;
}

export class Controls {
  readonly #end: number;
  readonly #actions: Actions;
  readonly #slider = byId("slider") as HTMLInputElement;
  readonly #speed = byId("speed") as HTMLSelectElement;
  readonly #filter = byId("filter") as HTMLInputElement;
  /** The timer of the steps that are played; 0 when none are. */
  #playing = 0;
  #saying = 0;
  #saving = 0;

  constructor(end: number, actions: Actions) {
    this.#end = end;
    this.#actions = actions;
    this.#slider.max = String(end);
    this.#slider.addEventListener("input", () => actions.goTo(Number(this.#slider.value)));
    const click = (id: string, act: () => void): void => byId(id).addEventListener("click", act);
    click("first", () => actions.goTo(0));
    click("back", () => void actions.move(-1));
    click("play", () => this.#toggle());
    click("on", () => void actions.move(1));
    click("last", () => actions.goTo(end));
    click("closer", () => actions.zoom(1 / 2));
    click("farther", () => actions.zoom(2));
    click("fit", () => actions.zoom(null));
    click("release", () => actions.release());
    click("scheme", () => this.#nextScheme());
    for (const what of ["steps", "time"] as const) {
      click(`over-${what}`, () => {
        byId("over-steps").setAttribute("aria-pressed", String(what === "steps"));
        byId("over-time").setAttribute("aria-pressed", String(what === "time"));
        actions.over(what);
      });
    }
    this.#filter.addEventListener("input", () => this.#applyFilter());
    document.addEventListener("keydown", (event) => this.#onKey(event));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", actions.recolour);
  }

  show(step: number, time: number): void {
    this.#slider.value = String(step);
    byId("step").textContent = `step ${step.toLocaleString("en")}`;
    byId("of").textContent = ` of ${this.#end.toLocaleString("en")}`;
    byId("time").textContent = `${time.toFixed(1).replace(/\.0$/, "")} ms`;
  }

  /** Said aloud, when it has come to rest. */
  tell(text: string, focus: string): void {
    this.#slider.setAttribute("aria-valuetext", text);
    byId("canvas").setAttribute("aria-label", `Timeline of all tasks. ${text}`);
    byId("code").setAttribute("aria-label", `Source of ${focus}`);
    clearTimeout(this.#saying);
    this.#saying = setTimeout(() => (byId("said").textContent = text), 400);
  }

  /** In the address, so that it can be passed on and survives a reload. */
  remember(step: number, picked: Pid | null): void {
    clearTimeout(this.#saving);
    const task = picked === null ? "" : `&task=${picked}`;
    this.#saving = setTimeout(() => location.replace(`#step=${step}${task}`), 300);
  }

  #onKey(event: KeyboardEvent): void {
    const { key, target, ctrlKey, metaKey, altKey } = event;
    if (ctrlKey || metaKey || altKey || event.defaultPrevented) return;
    if (target === this.#filter) {
      if (key === "Escape") this.#unfilter(event);
      if (key === "Escape" || key === "Enter") this.#filter.blur();
      return;
    }
    const onButton = target instanceof HTMLButtonElement || target instanceof HTMLSelectElement;
    if (onButton && (key === " " || key === "Enter")) return;
    const act = this.#keys[key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  readonly #keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => void this.#actions.move(-1),
    ArrowRight: () => void this.#actions.move(1),
    PageUp: () => this.#jump(-1),
    PageDown: () => this.#jump(1),
    Home: () => this.#actions.goTo(0),
    End: () => this.#actions.goTo(this.#end),
    " ": () => this.#toggle(),
    Escape: () => this.#actions.release(),
    "+": () => this.#actions.zoom(1 / 2),
    "-": () => this.#actions.zoom(2),
    "0": () => this.#actions.zoom(null),
    "/": () => this.#filter.focus(),
  };

  /** A twentieth of it all. */
  #jump(by: 1 | -1): void {
    const step = Number(this.#slider.value) + by * Math.max(1, Math.round(this.#end / 20));
    this.#actions.goTo(Math.min(Math.max(0, step), this.#end));
  }

  #toggle(): void {
    if (this.#playing !== 0) return this.#pause();
    if (Number(this.#slider.value) >= this.#end) this.#actions.goTo(0);
    byId("play").setAttribute("aria-label", "Pause");
    byId("play").classList.add("playing");
    this.#playNext();
  }

  #playNext(): void {
    const pause = 1000 / Number(this.#speed.value);
    this.#playing = setTimeout(() => {
      if (this.#actions.move(1)) this.#playNext();
      else this.#pause();
    }, pause);
  }

  #pause(): void {
    clearTimeout(this.#playing);
    this.#playing = 0;
    byId("play").setAttribute("aria-label", "Play");
    byId("play").classList.remove("playing");
  }

  #applyFilter(): void {
    const left = this.#actions.filter(this.#filter.value);
    const text = this.#filter.value.trim() === "" ? "" : `${left} ${left === 1 ? "task" : "tasks"}`;
    byId("filtered").textContent = text;
  }

  /** Some browsers empty it by themselves, and not all of those tell. */
  #unfilter(event: KeyboardEvent): void {
    event.preventDefault();
    this.#filter.value = "";
    this.#applyFilter();
  }

  /** As the system has it, light, dark. */
  #nextScheme(): void {
    const { style } = document.documentElement;
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = style.colorScheme === "" ? (dark ? "dark" : "light") : style.colorScheme;
    style.colorScheme = now === "dark" ? "light" : "dark";
    this.#actions.recolour();
  }
}

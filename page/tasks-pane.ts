// The left column: the process tree with states and wait reasons, the ready queue in order, and who
// waits for what.

import { isAlive, queuesAt, shownState, type TaskMoment } from "../debugger/page/moment";
import type { Branch } from "../debugger/tree";
import type { Pid } from "../kernel";
import { byId, element, LongList } from "./dom";
import { branchesOf, nameOf, type Scene } from "./scene";

const ROW = 26;
/** More chips than these nobody reads. */
const MOST = 60;

export class TasksPane {
  readonly #tree = byId("tree");
  readonly #list: LongList<Branch<TaskMoment>>;
  readonly #reaped = byId("reaped") as HTMLInputElement;
  readonly #pick: (pid: Pid) => void;
  #scene: Scene | null = null;
  #branches: readonly Branch<TaskMoment>[] = [];

  constructor(pick: (pid: Pid) => void) {
    this.#pick = pick;
    this.#list = new LongList(this.#tree, ROW, (branch) => this.#row(branch));
    this.#reaped.addEventListener("change", () => {
      if (this.#scene !== null) this.show(this.#scene);
    });
    this.#tree.addEventListener("keydown", (event) => this.#onKey(event));
  }

  show(scene: Scene): void {
    this.#scene = scene;
    this.#branches = branchesOf(scene, this.#reaped.checked);
    this.#list.show(this.#branches);
    const focus = scene.picked ?? scene.event?.pid;
    this.#list.reveal(this.#branches.findIndex(({ task }) => task.pid === focus));
    const alive = [...scene.moment.tasks.values()].filter(({ state }) => isAlive(state)).length;
    byId("alive").textContent = `${alive} alive`;
    this.#showReady(scene);
    this.#showQueues(scene);
  }

  #row({ task, depth }: Branch<TaskMoment>): HTMLElement {
    const state = shownState(task);
    const ran = this.#scene?.event?.pid === task.pid;
    const row = element("div", `task ${state}${task.reaped ? " reaped" : ""}${ran ? " ran" : ""}`);
    row.id = `task-${task.pid}`;
    row.setAttribute("role", "treeitem");
    row.setAttribute("aria-level", String(depth + 1));
    const picked = this.#scene?.picked === task.pid;
    row.setAttribute("aria-selected", String(picked));
    row.dataset["pid"] = String(task.pid);
    row.dataset["state"] = state;
    row.style.paddingLeft = `${10 + Math.min(depth, 10) * 14}px`;
    const why = reasonOf(task);
    row.title = `task ${task.pid} ${task.name}: ${state}${why === "" ? "" : `, ${why}`}`;
    row.append(
      element("i", "dot"),
      element("span", "pid", String(task.pid)),
      element("span", "name", task.name === "" ? "–" : task.name),
      element("span", "state", isAlive(state) || task.reaped ? state : `${state}, zombie`),
      element("span", "why", why),
    );
    row.addEventListener("click", () => this.#pick(task.pid));
    return row;
  }

  /** Up and down go through the tree, Enter lets go again, as Escape does everywhere. */
  #onKey(event: KeyboardEvent): void {
    const picked = this.#scene?.picked ?? null;
    if (event.key === "Enter" && picked !== null) this.#pick(picked);
    const at = this.#branches.findIndex(({ task }) => task.pid === picked);
    const moves: Readonly<Record<string, number>> = {
      ArrowUp: Math.max(0, at - 1),
      ArrowDown: at + 1,
    };
    const branch = this.#branches[moves[event.key] ?? -1];
    if (branch === undefined) return;
    event.preventDefault();
    // To pick it again would let it go.
    if (branch.task.pid === picked) return;
    this.#pick(branch.task.pid);
    this.#tree.setAttribute("aria-activedescendant", `task-${branch.task.pid}`);
  }

  #showReady(scene: Scene): void {
    const { ready } = scene.moment;
    byId("ready-count").textContent = String(ready.length);
    byId("ready").replaceChildren(...this.#chips(scene, ready, "nobody is ready"));
  }

  #showQueues(scene: Scene): void {
    const queues = queuesAt(scene.moment);
    const shown = queues.slice(0, MOST).map(({ name, waiters }) => {
      const row = element("div", "queue");
      row.dataset["queue"] = name;
      const chips = element("div", "chips");
      chips.append(...this.#chips(scene, waiters, ""));
      row.append(element("div", "queue-name", name), chips);
      return row;
    });
    const more = queues.length - shown.length;
    if (more > 0) shown.push(element("div", "nothing", `and ${more} more queues`));
    if (queues.length === 0) shown.push(element("div", "nothing", "nobody waits"));
    byId("queues").replaceChildren(...shown);
  }

  #chips(scene: Scene, pids: readonly Pid[], nothing: string): HTMLElement[] {
    if (pids.length === 0) return [element("span", "nothing", nothing)];
    const chips: HTMLElement[] = pids.slice(0, MOST).map((pid) => {
      const chip = element("button", scene.passes(pid) ? "chip" : "chip faint");
      chip.append(element("span", "pid", String(pid)), ` ${nameOf(scene, pid)}`);
      chip.dataset["pid"] = String(pid);
      chip.addEventListener("click", () => this.#pick(pid));
      return chip;
    });
    const more = pids.length - chips.length;
    if (more > 0) chips.push(element("span", "nothing", `and ${more} more`));
    return chips;
  }
}

/** Why it is in its state. Who held a lock when it began to wait may hold it no longer. */
function reasonOf({ call, detail }: TaskMoment): string {
  const what = detail.replace(/, held by .*$/, "");
  return call === ""
    ? what.replace(/^(exited|crashed|killed)(:? )?/, "").trim()
    : `${call} · ${what}`;
}

// Tasks as the client's threads, with their state in their names. Which there are is asked at every
// stop; while the program runs, it is those of the last one. Who ended in the very step after which
// the program stands is still shown there, so that one can go back from its end.

import { ContinuedEvent, StoppedEvent, ThreadEvent } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { TaskInfo } from "../../kernel";
import { INIT } from "../../debugger";
import type { Session, Stop } from "../../debugger/world";
import type { Client } from "./client";
import { Untimely, type Fields } from "./fields";
import type { Why } from "./stopped";

/** Outcomes of a step that was a task's last. */
const ENDS = ["exited", "crashed", "killed"];

export class Threads {
  readonly #client: Client;
  readonly #taskNames = new Map<number, string>();
  #threads: ReadonlyMap<number, string> = new Map();
  #ended = 0;
  /** Whom the client is shown first: who made the last step, or what is there instead. */
  current = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Look who is there, and tell the client who has come and gone. */
  async refresh(session: Session, stop: Stop, wanted?: number): Promise<void> {
    const { tasks, ready } = await session.world.look();
    for (const { pid, name } of tasks) this.#taskNames.set(pid, name);
    const alive = tasks.filter(({ state }) => state !== "zombie");
    const now = new Map<number, string>(alive.map((task) => [task.pid, threadName(task)]));
    const { pid = 0, outcome = "ready", detail = "" } = stop.last ?? {};
    this.#ended = ENDS.includes(outcome) && !now.has(pid) ? pid : 0;
    if (this.#ended > 0) {
      // Who came and went between two stops has been in no list.
      const name = stop.name ?? this.#taskNames.get(pid) ?? "";
      now.set(pid, `${called(pid, name)} · ${detail}`);
    }
    this.#compare(now);
    // Init comes last: it is the system's, and does nothing of interest.
    const others = [pid, ready[0], ...[...now.keys()].reverse()].filter((one) => one !== INIT);
    const candidates = [wanted, ...others, INIT];
    this.current = candidates.find((pid) => pid !== undefined && now.has(pid)) ?? 0;
  }

  /** Tell the client that all stand. */
  stop(why: Why): void {
    const event = new StoppedEvent(why.reason);
    Object.assign(event.body, { ...why, threadId: this.current, allThreadsStopped: true });
    this.#client.send(event);
  }

  /** Tell a client that takes them to stand, and has not asked for a move, that they go on. */
  goOn(): void {
    this.#client.send(new ContinuedEvent(this.current, true));
  }

  #compare(now: ReadonlyMap<number, string>): void {
    for (const old of this.#threads.keys()) if (!now.has(old)) this.#tell("exited", old);
    for (const pid of now.keys()) if (!this.#threads.has(pid)) this.#tell("started", pid);
    this.#threads = now;
  }

  /** The pid in `threadId`. */
  pidIn(fields: Fields): number {
    const pid = fields.count("threadId");
    if (this.#threads.has(pid)) return pid;
    throw new Untimely(`there is no task ${pid}; it has ended, or never was`);
  }

  /** Is it shown only because it has just ended? */
  hasEnded(pid: number): boolean {
    return pid === this.#ended;
  }

  list(): readonly DebugProtocol.Thread[] {
    return [...this.#threads].map(([id, name]) => ({ id, name }));
  }

  #tell(reason: "started" | "exited", pid: number): void {
    this.#client.send(new ThreadEvent(reason, pid));
  }
}

function called(pid: number, name: string): string {
  return [pid, name].join(" ").trim();
}

/** `3 worker · blocked in receive(jobs)`. */
function threadName({ pid, name, state, call }: TaskInfo): string {
  // A channel or lock is best known by its name alone.
  const short = call?.replace(/\[\w+ "([^"]*)"\]/g, "$1").replace(/\s+/g, " ");
  const doing = short === undefined ? state : `${state} in ${short}`;
  return `${called(pid, name)} · ${doing}`;
}

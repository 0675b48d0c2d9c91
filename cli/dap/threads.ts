// Tasks as the client's threads, with their state in their names. Which there are is asked at every
// stop; while the program runs, it is those of the last one.

import { ThreadEvent } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { TaskInfo } from "../../kernel";
import type { Session, Stop } from "../../debugger/world";
import type { Client } from "./client";
import { Refusal, type Fields } from "./fields";

export class Threads {
  readonly #client: Client;
  #tasks: ReadonlyMap<number, TaskInfo> = new Map();
  /** Whom the client is shown first: who made the last step, or what is there instead. */
  current = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Look who is there, and tell the client who has come and gone. */
  async refresh(session: Session, stop: Stop, wanted?: number): Promise<void> {
    const { tasks, ready } = await session.world.look();
    const alive = tasks.filter(({ state }) => state !== "zombie");
    const now = new Map<number, TaskInfo>(alive.map((task) => [task.pid, task]));
    for (const pid of this.#tasks.keys()) if (!now.has(pid)) this.#tell("exited", pid);
    for (const pid of now.keys()) if (!this.#tasks.has(pid)) this.#tell("started", pid);
    this.#tasks = now;
    // Init comes last: it is the system's, and does nothing of interest.
    const candidates = [wanted, stop.last?.pid, ready[0], ...[...now.keys()].reverse()];
    this.current = candidates.find((pid) => pid !== undefined && now.has(pid)) ?? 0;
  }

  /** The pid in `threadId`. */
  pidIn(fields: Fields): number {
    const pid = fields.count("threadId");
    if (this.#tasks.has(pid)) return pid;
    throw new Refusal(`there is no task ${pid}; it has ended, or never was`);
  }

  list(): readonly DebugProtocol.Thread[] {
    return [...this.#tasks.values()].map((task) => ({ id: task.pid, name: threadName(task) }));
  }

  #tell(reason: "started" | "exited", pid: number): void {
    this.#client.send(new ThreadEvent(reason, pid));
  }
}

/** `3 worker · blocked in receive(jobs)`. */
export function threadName({ pid, name, state, call }: TaskInfo): string {
  // A channel or lock is best known by its name alone.
  const short = call?.replace(/\[\w+ "([^"]*)"\]/g, "$1").replace(/\s+/g, " ");
  const doing = short === undefined ? state : `${state} in ${short}`;
  return `${[pid, name].join(" ").trim()} · ${doing}`;
}

// The client's breakpoints: it sends all of a group at once, and the session is told what changed.
// The client's numbers are its own, since what the session would not take has one, too.

import { basename } from "node:path";
import { BreakpointEvent } from "@vscode/debugadapter";
import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Point, Session } from "../../debugger/world";
import { messageOf } from "../misuse";
import type { Client } from "./client";
import type { LogMessage } from "./runner";

/** The word for it in `stopped` events. */
export type Kind = "breakpoint" | "function breakpoint" | "exception" | "data breakpoint";

export interface Wanted {
  readonly kind: Kind;
  readonly point: Point;
  /** "" for none; and so the message, which makes it one that prints and does not stop. */
  readonly condition: string;
  readonly ignore: number;
  readonly logMessage: string;
}

interface Entry {
  readonly id: number;
  /** Null if the client asked for what there is not. */
  readonly wanted: Wanted | null;
  /** The session's number; 0 if it did not take it. */
  number: number;
  view: DebugProtocol.Breakpoint;
}

export class Breakpoints {
  readonly #client: Client;
  /** By what is replaced at once: a file, or one of the other kinds. */
  readonly #groups = new Map<string, readonly Entry[]>();
  readonly #session: Session;
  #count = 0;

  constructor(client: Client, session: Session) {
    this.#client = client;
    this.#session = session;
  }

  /** Those that print and do not stop, by the session's numbers. */
  get logpoints(): readonly number[] {
    const entries = [...this.#groups.values()].flat();
    return entries.filter(({ wanted }) => wanted?.logMessage).map(({ number }) => number);
  }

  readonly logMessage: LogMessage = (number) => this.find(number)?.logMessage || undefined;

  /** The one that the session knows by `number`. */
  find(number: number): (Wanted & { readonly id: number }) | undefined {
    const entry = this.#entry(number);
    return entry?.wanted ? { ...entry.wanted, id: entry.id } : undefined;
  }

  /**
   * Let a group be these; of those that throw when they are read, the client is told why. One that
   * was there stays, with the hits it has counted.
   */
  async replace(
    group: string,
    wanted: readonly (() => Wanted)[],
  ): Promise<readonly DebugProtocol.Breakpoint[]> {
    const before = [...(this.#groups.get(group) ?? [])];
    const entries: Entry[] = [];
    for (const read of wanted) entries.push(await this.#make(read, before));
    for (const { number } of before) if (number > 0) this.#session.deleteBreakpoint(number);
    this.#groups.set(group, entries);
    return entries.map(({ view }) => view);
  }

  /** The program begins anew: they count from the start, in the sources as they are now. */
  async renew(): Promise<void> {
    for (const entry of [...this.#groups.values()].flat()) {
      if (entry.wanted === null) continue;
      this.#session.deleteBreakpoint(entry.number);
      const before = JSON.stringify(entry.view);
      await this.#add(entry, entry.wanted);
      if (JSON.stringify(entry.view) !== before) this.#tell(entry);
    }
  }

  /** At the console some may have been deleted, or let rest or not: tell the client which. */
  compare(): void {
    for (const entry of [...this.#groups.values()].flat()) {
      if (entry.number === 0) continue;
      const kept = this.#session.breakpoints.find(({ id }) => id === entry.number);
      const verified = kept?.enabled === true;
      if (kept === undefined) entry.number = 0;
      if (entry.view.verified === verified) continue;
      const done = kept === undefined ? "deleted" : verified ? "enabled" : "disabled";
      entry.view = { ...entry.view, verified, message: `${done} at the console` };
      this.#tell(entry);
    }
  }

  /** Tell the client what is wrong with the one that the session knows by `number`. */
  complain(number: number, message: string): void {
    const entry = this.#entry(number);
    if (entry === undefined) return;
    entry.view = { ...entry.view, message };
    this.#tell(entry);
  }

  #tell({ view }: Entry): void {
    this.#client.send(new BreakpointEvent("changed", view));
  }

  #entry(number: number): Entry | undefined {
    return [...this.#groups.values()].flat().find((entry) => entry.number === number);
  }

  /** The one of `before` that is the same, which is taken out of there, or a new one. */
  async #make(read: () => Wanted, before: Entry[]): Promise<Entry> {
    const id = ++this.#count;
    try {
      const wanted = read();
      const text = JSON.stringify(wanted);
      const same = before.findIndex((entry) => JSON.stringify(entry.wanted) === text);
      const [kept] = same < 0 ? [] : before.splice(same, 1);
      if (kept !== undefined && kept.number > 0) return kept;
      const entry: Entry = { id, wanted, number: 0, view: { id, verified: false } };
      await this.#add(entry, wanted);
      return entry;
    } catch (error) {
      const view = { id, verified: false, message: messageOf(error) };
      return { id, wanted: null, number: 0, view };
    }
  }

  async #add(entry: Entry, { point, condition, ignore }: Wanted): Promise<void> {
    const { id } = entry;
    try {
      const given = condition === "" ? undefined : condition;
      const { breakpoint } = await this.#session.addBreakpoint(point, given, ignore);
      entry.number = breakpoint.id;
      entry.view = { id, verified: true, ...this.#place(point, breakpoint.point) };
    } catch (error) {
      entry.number = 0;
      entry.view = { id, verified: false, message: messageOf(error) };
    }
  }

  #place(asked: Point, got: Point): Partial<DebugProtocol.Breakpoint> {
    if (asked.on !== "line" || got.on !== "line") return {};
    const moved = got.line !== asked.line;
    return {
      line: got.line + this.#client.lineOffset,
      source: { name: basename(asked.file), path: asked.file },
      ...(moved && { message: `line ${asked.line} has no yield; moved to line ${got.line}` }),
    };
  }
}

// The worlds of what has happened already: each is a replay of the recording so far, and only goes
// forwards. So to go back takes another one; some wait, at the start and on the way, because to
// start one takes longer than to run it.

import type { Breakpoint, Goal, Stop, World } from "../../debugger";

/** A replay, and how far it is. */
export interface Replay {
  /** Another, if this one's process was ended from outside. */
  world: World;
  /** Steps it has made. */
  step: number;
  /** Steps its recording has: more may have been made since it was opened. */
  readonly known: number;
}

export interface Arrival {
  readonly replay: Replay;
  readonly stop: Stop;
}

/** So many steps are searched backwards at first, then more and more; */
const SPAN = 4096;
/** where an expression is to be evaluated at each, which takes longer. */
const SHORT_SPAN = 256;
const GROWTH = 16;
/** Nobody has done anything for so long, in milliseconds. */
const IDLE = 300;
/** Longer than this nobody should wait for a replay: then some are parked on the way. */
const PATIENCE = 150;
/** Where, as parts of the way. At the start there are two: one to search, one to go there. */
const ON_THE_WAY = [0.5, 0.9];
const AT_THE_START = 2;

export class ReplayPool {
  readonly #open: () => Promise<World>;
  #parked: Replay[] = [];
  #opening: Promise<Replay | null> | null = null;
  #running: World | null = null;
  #interrupted = false;
  #idle: NodeJS.Timeout | undefined;
  #ended = false;

  /** `open` opens a world of the recording as it is now, before its first step. */
  constructor(open: () => Promise<World>) {
    this.#open = open;
  }

  /**
   * A replay that is at `step`, of a recording with `known` steps. It is the caller's. It stands
   * elsewhere if it was interrupted, or took another way than its recording.
   */
  at(step: number, known: number): Promise<Arrival> {
    this.#interrupted = false;
    return this.#at(step, known);
  }

  /** At `step`, to go on to `end`. */
  async #at(step: number, known: number, end = step): Promise<Arrival> {
    const stored = this.#nearest(step, end) ?? (await this.#opened(step, end));
    try {
      return await this.#forward(stored ?? (await this.#new(known)), step, known);
    } catch (error) {
      // One in store may have been ended from outside: then another will do.
      if (stored === null || this.#interrupted) throw error;
      return this.#at(step, known, end);
    }
  }

  /** As the world's `run`; one that has gone meanwhile is replaced, where it stood. */
  async run(replay: Replay, goal: Goal, points: readonly Breakpoint[]): Promise<Stop> {
    this.#interrupted = false;
    const go = (): Promise<Stop> => replay.world.run(goal, points);
    const stop = await go().catch(async (error: unknown) => {
      if (this.#interrupted) throw error;
      replay.world = (await this.#at(replay.step, replay.known)).replay.world;
      return go();
    });
    replay.step = stop.step;
    return stop;
  }

  async #forward(replay: Replay, step: number, known: number): Promise<Arrival> {
    const began = performance.now();
    const stop = await this.#use(replay, () => forward(replay, step));
    const took = performance.now() - began;
    void this.#prepare(stop.step, known, took > PATIENCE);
    return { replay, stop };
  }

  /**
   * What of `points` would have stopped a run last, before step `end`; or null. Looks nearby first:
   * to check breakpoints takes longer than to run.
   */
  async lastHit(end: number, known: number, points: readonly Breakpoint[]): Promise<Stop | null> {
    this.#interrupted = false;
    const first = points.some(evaluates) ? SHORT_SPAN : SPAN;
    for (let [to, span] = [end, first]; to > 0 && !this.#interrupted; span *= GROWTH) {
      const from = Math.max(0, to - span);
      const { replay } = await this.#at(from, known, Math.min(to, known));
      const hit = await this.#use(replay, () => replay.world.lastHit(to, points));
      this.release(replay);
      if (hit !== null) return hit;
      to = from === 0 ? 0 : from + 1;
    }
    return null;
  }

  interrupt(): void {
    this.#interrupted = true;
    this.#running?.interrupt();
  }

  async #use<T>(replay: Replay, work: () => Promise<T>): Promise<T> {
    this.#running = replay.world;
    try {
      return await work();
    } catch (error) {
      await replay.world.end();
      throw error;
    } finally {
      this.#running = null;
    }
  }

  /** Something was done: when nothing more comes, there is time to fill the store. */
  warm(known: number): void {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => void this.#prepare(0, known, false), IDLE).unref();
  }

  /** It is no longer needed where it is. */
  release(replay: Replay): void {
    void replay.world.end();
  }

  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#idle);
    const opening = await this.#opening;
    await Promise.all([...this.#parked.map(({ world }) => world.end()), opening?.world.end()]);
    this.#parked = [];
  }

  /** The furthest of those that are not past `step` and can go on to `end`, out of store. */
  #nearest(step: number, end: number): Replay | null {
    const fit = this.#parked.filter((one) => one.step <= step && one.known >= end);
    const best = fit.reduce<Replay | null>(
      (a, b) => (a !== null && a.step >= b.step ? a : b),
      null,
    );
    this.#parked = this.#parked.filter((one) => one !== best);
    return best;
  }

  /** The one that is being opened, if it is of use. */
  async #opened(step: number, end: number): Promise<Replay | null> {
    await this.#opening;
    return this.#nearest(step, end);
  }

  async #new(known: number): Promise<Replay> {
    return { world: await this.#open(), step: 0, known };
  }

  /** In the background: some at the start, and with `onTheWay` between there and `step`. */
  async #prepare(step: number, known: number, onTheWay: boolean): Promise<void> {
    if (this.#opening !== null || this.#ended) return;
    this.#discard(known);
    const parts = onTheWay ? ON_THE_WAY.map((part) => Math.floor(step * part)) : [];
    for (const at of [0, ...parts, 0]) {
      if (this.#has(at, parts, at === 0 ? AT_THE_START : 1)) continue;
      this.#opening = this.#parkAt(at, known);
      const replay = await this.#opening;
      this.#opening = null;
      if (replay === null || this.#ended) return;
      this.#parked.push(replay);
    }
  }

  async #parkAt(step: number, known: number): Promise<Replay | null> {
    // Whoever needs one will open it, and hear what is wrong.
    const replay = await this.#new(known).catch(() => null);
    if (replay === null) return null;
    try {
      await forward(replay, step);
      return replay;
    } catch {
      this.release(replay);
      return null;
    }
  }

  /** Are there so many from `step` on, and before the next part of the way? */
  #has(step: number, parts: readonly number[], many: number): boolean {
    const next = Math.min(...parts.filter((other) => other > step), Infinity);
    return this.#parked.filter((one) => one.step >= step && one.step < next).length >= many;
  }

  /** Those whose recording was shorter than it is now. */
  #discard(known: number): void {
    for (const one of this.#parked) if (one.known < known) void one.world.end();
    this.#parked = this.#parked.filter((one) => one.known >= known);
  }
}

function evaluates({ point, condition }: Breakpoint): boolean {
  return point.on === "change" || condition !== undefined;
}

/** Run to `step`, past all breakpoints; Infinity is the end. It may come to its end before that. */
async function forward(replay: Replay, step: number): Promise<Stop> {
  const stop = await replay.world.run(step === Infinity ? {} : { step }, []);
  replay.step = stop.step;
  return stop;
}

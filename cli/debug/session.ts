// A session: the program as it runs, and its past. The present is a world that records what it
// does; the past are replays of that. Whoever drives it need not know which of them it looks at.

import type { Breakpoint, BreakpointChange, KeptBreakpoint, Point } from "../../debugger";
import type { Goal, Session, Stop, World } from "../../debugger";
import { Breakpoints, checkCondition, settled } from "./breakpoints";
import { ReplayPool, type Replay } from "./replay-pool";
import { messageOf } from "../misuse";
import type { OnOutput } from "./world";
import { OutputFilter } from "./output-filter";

/** How a session comes by its worlds. */
export interface Worlds {
  /** The program from its beginning, recorded from now on; null when only a recording is there. */
  readonly present: ((onOutput: OnOutput, signal: AbortSignal) => Promise<World>) | null;
  /** The recording as it is now, from its beginning. */
  readonly past: (onOutput: OnOutput) => Promise<World>;
}

const BEGINNING: Stop = { step: 0, time: 0, reason: { kind: "goal" }, last: null };

/** Begin at step 0. Rejects when the program or the recording cannot be loaded. */
export async function openSession(worlds: Worlds, onOutput: Session["onOutput"]): Promise<Session> {
  const session = new TimeTravel(worlds, onOutput);
  try {
    await session.restart();
    return session;
  } catch (error) {
    await session.end();
    throw error;
  }
}

class TimeTravel implements Session {
  onOutput: Session["onOutput"];
  at: Stop = BEGINNING;
  readonly #worlds: Worlds;
  #replays: ReplayPool;
  readonly #breakpoints = new Breakpoints();
  #filter = new OutputFilter((...output) => this.onOutput(...output));
  /** The program itself, as long as it is there, and where it stands. */
  #present: World | null = null;
  #now: Stop = BEGINNING;
  /** Where the session stands, if that is in the past. */
  #replay: Replay | null = null;
  #known = 0;
  /** Why the program is gone before its end. */
  #gone: Stop["reason"] | null = null;
  #interrupted = false;
  #lastAsked: Point | null = null;
  /** Ends a start of the program that is under way. */
  #opening: AbortController | null = null;

  constructor(worlds: Worlds, onOutput: Session["onOutput"]) {
    this.#worlds = worlds;
    this.onOutput = onOutput;
    this.#replays = this.#newPool();
  }

  #newPool(): ReplayPool {
    const shown = this.#filter;
    return new ReplayPool(() => this.#worlds.past(shown.sink(this.#worlds.present !== null)));
  }

  get live(): boolean {
    return this.#replay === null;
  }

  get known(): number {
    return this.#known;
  }

  get world(): World {
    const world = this.#replay?.world ?? this.#present;
    if (world === null) throw new Error("the session has ended");
    return world;
  }

  get breakpoints(): readonly KeptBreakpoint[] {
    return this.#breakpoints.all;
  }

  async restart(): Promise<Stop> {
    if (this.#worlds.present === null) return this.goTo(0);
    const shown = new OutputFilter((...output) => this.onOutput(...output));
    this.#opening = new AbortController();
    const present = await this.#worlds
      .present(shown.sink(), this.#opening.signal)
      .finally(() => (this.#opening = null));
    // What was there before stays until then: the program may have been edited, and not load.
    await this.end();
    this.#present = present;
    this.#filter = shown;
    this.#replays = this.#newPool();
    this.#known = 0;
    this.#gone = null;
    return (this.at = this.#now = BEGINNING);
  }

  async run(goal: Goal): Promise<Stop> {
    checkCondition(goal.condition);
    const stop = await this.#go(goal, this.#breakpoints.active());
    this.at = this.#breakpoints.named(stop);
    this.#breakpoints.hit(this.at);
    return this.at;
  }

  async goTo(step: number): Promise<Stop> {
    this.#interrupted = false;
    if (step === this.#now.step && this.#present !== null) {
      this.#leave();
      return (this.at = this.#now);
    }
    if (step > this.at.step && this.#reaches(step)) return this.#go({ step }, []);
    return (this.at = await this.#takeReplay(step));
  }

  /** Can it run on to `step`, or is it better to begin again? */
  #reaches(step: number): boolean {
    return this.#replay === null || this.#replay.known >= step || step > this.#known;
  }

  /** Forwards. */
  async #go(goal: Goal, points: readonly Breakpoint[]): Promise<Stop> {
    this.#interrupted = false;
    const replay = this.#replay;
    this.at = await (replay === null
      ? this.#runPresent(goal, points)
      : this.#runReplay(replay, goal, points));
    this.#known = Math.max(this.#known, this.at.step);
    return this.at;
  }

  async #runPresent(goal: Goal, points: readonly Breakpoint[]): Promise<Stop> {
    const { world } = this;
    try {
      this.#now = await world.run(goal, points);
      this.#replays.warm(this.#now.step);
      return this.#now;
    } catch (error) {
      return this.#presentGone(error);
    }
  }

  /** The program's process is gone: all that is left is what was recorded. */
  async #presentGone(error: unknown): Promise<Stop> {
    await this.#present?.end();
    this.#present = null;
    const reason = (this.#gone = { kind: "end", text: messageOf(error), whole: false });
    return this.#takeReplay(Infinity).catch(async () => {
      // What ended it ends a replay of its last steps, too.
      return { ...(await this.#takeReplay(this.#now.step)), reason };
    });
  }

  async #runReplay(replay: Replay, goal: Goal, points: readonly Breakpoint[]): Promise<Stop> {
    const stop = await this.#replays.run(replay, goal, points);
    if (this.#present === null) return this.#ended(stop);
    if (stop.step >= this.#now.step) return this.#joinPresent(stop, goal, points);
    if (stop.reason.kind !== "end") return stop;
    // Its recording was shorter than it is now.
    await this.#takeReplay(stop.step);
    return this.#runReplay(this.#replay ?? replay, goal, points);
  }

  /** Where the past meets the present, it goes on there. */
  async #joinPresent(stop: Stop, goal: Goal, points: readonly Breakpoint[]): Promise<Stop> {
    this.#leave();
    if (stop.reason.kind !== "end") return stop;
    return this.#now.reason.kind === "end" ? this.#now : this.#runPresent(goal, points);
  }

  /** Take a replay that is at `step`. */
  async #takeReplay(step: number): Promise<Stop> {
    const { replay, stop } = await this.#replays.at(step, this.#recorded);
    this.#leave();
    this.#replay = replay;
    this.#known = Math.max(this.#known, stop.step);
    return this.#ended(stop);
  }

  /** Where the recording ends because its program was ended, that is why. */
  #ended(stop: Stop): Stop {
    if (stop.reason.kind !== "end" || this.#gone === null) return stop;
    return { ...stop, reason: this.#gone };
  }

  /** Steps in the recording; of one that is at its end, there are as many as there are. */
  get #recorded(): number {
    return this.#present === null ? Infinity : this.#now.step;
  }

  #leave(): void {
    if (this.#replay !== null) this.#replays.release(this.#replay);
    this.#replay = null;
  }

  async runBack({ task }: Pick<Goal, "task">, passing: readonly number[] = []): Promise<Stop> {
    this.#interrupted = false;
    const own =
      task === undefined ? [] : [{ id: 0, point: { on: "task", task }, ignore: 0 } as const];
    const stopping = this.#breakpoints.active(passing);
    const points = [...stopping.map((one) => ({ ...one, ignore: 0 })), ...own];
    const hit =
      points.length > 0 ? await this.#replays.lastHit(this.at.step, this.#recorded, points) : null;
    if (this.#interrupted) return (this.at = { ...this.at, reason: { kind: "interrupted" } });
    const stop = await this.goTo(hit?.step ?? 0);
    if (hit === null) return stop;
    const { reason } = this.#breakpoints.named(hit);
    return "id" in reason && reason.id > 0 ? (this.at = { ...stop, reason }) : stop;
  }

  async lastOf(wanted: Point): Promise<Stop | null> {
    this.#interrupted = false;
    const point = await settled(wanted, this.world);
    const { step, reason } = this.at;
    const end = this.#breakpoints.tells(reason, point, this.#lastAsked) ? step : step + 1;
    const hit = await this.#replays.lastHit(end, this.#recorded, [{ id: 0, point, ignore: 0 }]);
    if (this.#interrupted) return { ...this.at, reason: { kind: "interrupted" } };
    if (hit === null) return null;
    this.#lastAsked = point;
    const stop = await this.goTo(hit.step);
    return (this.at = { ...stop, reason: hit.reason });
  }

  interrupt(): void {
    this.#interrupted = true;
    this.#replays.interrupt();
    this.#opening?.abort();
    (this.#replay?.world ?? this.#present)?.interrupt();
  }

  readonly addBreakpoint: Session["addBreakpoint"] = async (point, condition, ignore = 0) =>
    this.#breakpoints.add(await settled(point, this.world), condition, ignore);

  deleteBreakpoint(id: number): boolean {
    return this.#breakpoints.delete(id);
  }

  changeBreakpoint(id: number, to: BreakpointChange): boolean {
    return this.#breakpoints.change(id, to);
  }

  async end(): Promise<void> {
    this.#leave();
    const present = this.#present;
    this.#present = null;
    await Promise.all([present?.end(), this.#replays.end()]);
  }
}

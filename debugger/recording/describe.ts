// The inputs of a recording: what kind each is, and what it is in words.

import { Alarm, show, type Kernel } from "../../kernel";
import type { Arrival, Input, Reply } from "./format";
import type { Player } from "./player";

/** The key by which a reply is known, and those of arrivals. */
type KeyOf<T> = T extends unknown ? keyof T : never;
export type ReplyKind = Extract<
  KeyOf<Reply>,
  "now" | "random" | "host" | "read" | "write" | "accept" | "readable" | "writable"
>;
export type ReplyOf<K extends ReplyKind> = Extract<Reply, Readonly<Record<K, unknown>>>;

const arrivals = [
  "idle",
  "tick",
  "time",
  "turn",
  "signal",
  "tell",
  "choose",
  "deadlock",
  "interrupt",
  "answer",
];

export function isArrival(input: Input): input is Arrival {
  return arrivals.some((kind) => kind in input);
}

/** Is it a reply of this kind, of device `number` if that is given? */
export function isReply<K extends ReplyKind>(
  input: Input,
  kind: K,
  number: number | undefined,
): input is ReplyOf<K> {
  if (!(kind in input)) return false;
  return number === undefined || (input as Readonly<Record<string, unknown>>)[kind] === number;
}

/** Those that are all alike. */
const alike: Readonly<Record<string, string>> = {
  idle: "nobody was ready",
  turn: "a turn of the host",
  choose: "a task chosen by hand",
  deadlock: "a deadlock",
  now: "now was asked for",
  random: "random was asked for",
};

/** `the timer at 12.5 ms`, `read of device 3`. */
export function describeInput(input: Input): string {
  const kind = Object.keys(alike).find((kind) => kind in input);
  return alike[kind ?? ""] ?? describeOther(input);
}

function describeOther(input: Input): string {
  if ("time" in input) return `the clock at ${input.time} ms`;
  if ("tick" in input) return `the timer at ${input.tick} ms`;
  if ("signal" in input) return `${input.signal} for task ${input.to} from outside`;
  if ("tell" in input) return `a message for task ${input.tell} by hand`;
  if ("interrupt" in input) return `news of device ${input.interrupt}`;
  if ("answer" in input) return `the answer to question ${input.answer}`;
  if ("host" in input) return describeHost(input.host, input.value);
  const kinds = ["read", "write", "accept", "readable", "writable"] as const;
  const kind = kinds.find((kind) => kind in input) ?? "read";
  return `${kind} of device ${(input as Readonly<Record<string, unknown>>)[kind] as number} was asked for`;
}

/** `Math.random was asked for`, `console.log("ready")`. */
export function describeHost(host: string, told: unknown): string {
  return host.startsWith("console.") ? `${host}(${show(told)})` : `${host} was asked for`;
}

/** Why nobody runs in `kernel` when it is `now`: who is the first to wake, and when. */
export function describeStill({ timers }: Kernel, now: number): string {
  const [first] = timers;
  if (first === undefined) return "no task was ready";
  const { deadline, target } = first;
  const call = target instanceof Alarm ? "a time limit" : String(target.task.call);
  const who = `task ${target.task.pid} waits in ${call} until ${deadline} ms`;
  return `no task was ready at ${now} ms; ${who}`;
}

/** Why `player` did not come to the end of the run that was recorded; null if it did. */
export function describeStop(player: Player): string | null {
  const { divergence, stuckOn, recording, kernel } = player;
  if (divergence !== null) {
    const { step, recorded, replayed } = divergence;
    const what = `the replay took another way than the recording in step ${step}`;
    return `${what}\n  recorded: ${recorded}\n  replayed: ${replayed}`;
  }
  const played = `played ${kernel.steps} steps`;
  if (stuckOn !== null) return `${played}; ${stuckOn}`;
  return recording.problem === undefined ? null : `${played}; ${recording.problem}`;
}

/** Why a player cannot go on where a task was given `what`. */
export function lost(what: string): string {
  const data = "let the promise come to data: promise(async () => (await fetch(url)).text())";
  const fix = `${data}, or fail with an Error`;
  return `a task was given ${what} from outside, which no recording can hold; ${fix}`;
}

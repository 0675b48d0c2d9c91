// Why a program stands, in the protocol's words. Pure.

import type { DebugProtocol } from "@vscode/debugprotocol";
import { hitsOf, type BreakpointHit, type Stop } from "../../debugger";
import type { Breakpoints } from "./breakpoints";

/** What a move was for, if it came to its goal. */
export type Purpose = "step" | "entry" | "goto";

export type Why = Pick<
  DebugProtocol.StoppedEvent["body"],
  "reason" | "description" | "text" | "hitBreakpointIds"
>;

/** Of what exception filters stop at. */
const TITLES: ReadonlyMap<string, string> = new Map([
  ["crash", "Uncaught error"],
  ["deadlock", "Deadlock"],
  ["lint", "Mistake found"],
]);

export function describeStop(stop: Stop, purpose: Purpose, breakpoints: Breakpoints): Why {
  const { step, reason } = stop;
  switch (reason.kind) {
    case "breakpoint":
    case "change":
    case "error":
      return atBreakpoints(reason, hitsOf(stop), breakpoints);
    case "interrupted":
      return { reason: "pause" };
    case "end":
      return { reason: "exit", description: "At the end", text: reason.text };
    case "diverged": {
      const text = `recorded: ${reason.recorded}; now: ${reason.replayed}`;
      return { reason: "exception", description: "The replay took another way", text };
    }
    case "goal":
      if (step === 0) return { reason: "entry", description: "Before the first step" };
      if (purpose === "entry") return { reason: purpose, description: "Where the program begins" };
      return { reason: purpose, description: `After step ${step}` };
  }
}

/** All of them are named; of an error among them there is more to be shown, so it is told. */
function atBreakpoints(
  first: BreakpointHit,
  all: readonly BreakpointHit[],
  breakpoints: Breakpoints,
): Why {
  const told = all.find(({ id }) => breakpoints.find(id)?.kind === "exception") ?? first;
  const ids = all.flatMap(({ id }) => breakpoints.find(id)?.id ?? []);
  const where = { text: textOf(told), hitBreakpointIds: ids };
  if (told.kind === "error")
    return { reason: "breakpoint", description: "Paused: a condition failed", ...where };
  const { kind = "breakpoint", point } = breakpoints.find(told.id) ?? {};
  const description = point && TITLES.get(point.on);
  return { reason: kind, ...where, ...(description !== undefined && { description }) };
}

function textOf(hit: BreakpointHit): string {
  if (hit.kind !== "change") return hit.text;
  const part = hit.part === undefined ? "" : `${hit.part} `;
  return `${part}changed from ${hit.before} to ${hit.after}`;
}

/** The same once more, for clients that show it in the editor; `stack` is where it was thrown. */
export function exceptionInfo(
  { reason, description = "Stopped", text }: Why,
  stack: readonly string[],
): DebugProtocol.ExceptionInfoResponse["body"] {
  return {
    ...{ exceptionId: description, description: text ?? reason, breakMode: "unhandled" },
    ...(stack.length > 0 && { details: { stackTrace: stack.join("\n") } }),
  };
}

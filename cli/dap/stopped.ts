// Why a program stands, in the protocol's words. Pure.

import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Stop } from "../../debugger/world";
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

export function describeStop(
  { step, reason }: Stop,
  purpose: Purpose,
  breakpoints: Breakpoints,
): Why {
  switch (reason.kind) {
    case "breakpoint":
      return atBreakpoint(breakpoints, reason.id, reason.text);
    case "change": {
      const text = `changed from ${reason.before} to ${reason.after}`;
      return atBreakpoint(breakpoints, reason.id, text);
    }
    case "error":
      return { reason: "breakpoint", description: "Paused: a condition failed", text: reason.text };
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

function atBreakpoint(breakpoints: Breakpoints, number: number, text: string): Why {
  const found = breakpoints.find(number);
  if (found === undefined) return { reason: "breakpoint", text };
  const description = TITLES.get(found.point.on);
  const hit = { reason: found.kind, text, hitBreakpointIds: [found.id] };
  return description === undefined ? hit : { ...hit, description };
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

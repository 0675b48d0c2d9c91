// What happened to one task, as lines of text: its own steps, and what others did to it.

import { show, type Pid } from "../kernel";
import type { Happening, StepEvent, Story } from "./story";

/** The last things that `pid` did or that happened to it, oldest first, at most `most`. */
export function historyOf(story: Story, pid: Pid, most: number): readonly string[] {
  const lines: string[] = [];
  const names = new Map(story.tasks.map((task) => [task.pid, task.name]));
  const steps = backwards(story.steps, pid);
  const happenings = backwards(story.happenings, pid);
  let step = steps.next().value;
  let happening = happenings.next().value;
  while (lines.length < most && (step ?? happening) !== undefined) {
    // What happened in a step of its own comes after the step.
    if (happening !== undefined && happening.step >= (step?.step ?? 0)) {
      lines.push(lineOfHappening(happening, names));
      happening = happenings.next().value;
    } else if (step !== undefined) {
      lines.push(lineOfStep(step));
      step = steps.next().value;
    }
  }
  return lines.reverse();
}

/** `    12     30.0 ms  = 5; receive([Channel "jobs"]) blocked: a message in jobs` */
function lineOfStep(event: StepEvent): string {
  const { reply, call, outcome, detail } = event;
  const replied = tells(reply) ? `${reply}; ` : "";
  if (outcome === "blocked") return `${head(event)}${replied}${call} blocked: ${detail}`;
  return `${head(event)}${replied}${call === "" ? detail : call}`;
}

/** Most calls reply with nothing. */
function tells(reply: string): boolean {
  return reply !== "" && reply !== "= undefined";
}

function lineOfHappening(event: Happening, names: ReadonlyMap<Pid, string>): string {
  const { kind, pid, by, text } = event;
  const name = names.get(by) ?? "";
  const other = `task ${by}${name === "" ? "" : ` ${show(name)}`}`;
  const whom = by === 0 || by === pid ? "" : ` by ${other}`;
  const words = {
    spawn: "spawned",
    wake: "woken",
    signal: "sent",
    exit: "ended",
    reap: "reaped",
    move: `waits now for ${text}`,
  };
  const what = kind === "signal" ? ` ${text}` : "";
  const delivered = kind === "wake" && tells(text) ? `, ${text}` : "";
  return `${head(event)}* ${words[kind]}${what}${whom}${delivered}`;
}

function head({ step, time }: { readonly step: number; readonly time: number }): string {
  return `${String(step).padStart(6)} ${time.toFixed(1).padStart(9)} ms  `;
}

function* backwards<T extends { readonly pid: Pid }>(
  events: readonly T[],
  pid: Pid,
): Generator<T, undefined> {
  for (let i = events.length - 1; i >= 0; i--) {
    const event = events[i];
    if (event?.pid === pid) yield event;
  }
  return undefined;
}

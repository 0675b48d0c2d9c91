// Who told whom: the messages, wake-ups, births, deaths and signals between tasks, in order. A
// message that waited in a channel or mailbox is shown when it is received.

import type { Pid } from "../../kernel";
import type { Happening, StepEvent, Story } from "../story";

export type MessageKind = "spawn" | "message" | "wake" | "signal" | "exit" | "timer";

export interface Message {
  readonly kind: MessageKind;
  readonly step: number;
  /** Milliseconds on the machine's clock. */
  readonly time: number;
  /** 0 is the timer, or the world outside. */
  readonly from: Pid;
  readonly to: Pid;
  readonly label: string;
  /** The step in which it was sent, if that was an earlier one. */
  readonly sent: number | null;
}

/** All there are in `story`. */
export function messagesOf(story: Story): readonly Message[] {
  const post = new Post();
  const messages: Message[] = [];
  let next = 0;
  story.steps.forEach((step) => {
    post.answered(step);
    const caused: Happening[] = [];
    for (; (story.happenings[next]?.step ?? Infinity) <= step.step; next++) {
      caused.push(story.happenings[next] as Happening);
    }
    post.step(step, caused);
    for (const [i, happening] of caused.entries()) {
      if (isEcho(happening, caused[i - 1])) continue;
      const message = post.deliver(step, happening);
      if (message !== null) messages.push(message);
    }
    messages.push(...post.received.splice(0));
  });
  // What was received is known only when the receiver goes on.
  return messages.sort((a, b) => a.step - b.step);
}

/** Is it that a task goes on because of the signal that was told of just before? */
function isEcho({ kind, pid, by }: Happening, before: Happening | undefined): boolean {
  return kind === "wake" && before?.kind === "signal" && before.pid === pid && before.by === by;
}

const sends: readonly string[] = ["send", "tell", "publish"];
const receives: readonly string[] = ["receive", "receiveNext", "select"];

/** What is under way: sent, and not yet received; and what each task is waiting in. */
class Post {
  readonly #last = new Map<Pid, StepEvent>();
  /** By what they were sent to. */
  readonly #waiting = new Map<string, StepEvent[]>();
  /** Messages that turned out to be received, at the step that has just begun. */
  readonly received: Message[] = [];

  /** A task goes on with its reply: what its last call came to is known now. */
  answered({ pid, reply }: StepEvent): void {
    const last = this.#last.get(pid);
    if (last === undefined) return;
    const failed = reply.startsWith("!") || (last.name === "send" && reply === "= false");
    if (failed) this.#withdraw(last);
    if (failed || last.outcome !== "ready" || !receives.includes(last.name)) return;
    const value = valueOf(reply);
    const sent = this.#take(placesOf(last), value);
    if (sent === undefined || sent.pid === pid) return;
    const label = labelOf(sent.object, value);
    const place = { step: last.step, time: last.time, from: sent.pid, to: pid };
    this.received.push({ kind: "message", ...place, label, sent: sent.step });
  }

  step(step: StepEvent, caused: readonly Happening[]): void {
    const handed = caused.some(({ kind, pid, by }) => {
      return (
        kind === "wake" && by === step.pid && receives.includes(this.#last.get(pid)?.name ?? "")
      );
    });
    this.#last.set(step.pid, step);
    const pending = step.outcome === "ready" || step.outcome === "blocked";
    if (!pending || handed || !sends.includes(step.name)) return;
    const waiting = this.#waiting.get(step.object);
    if (waiting === undefined) this.#waiting.set(step.object, [step]);
    else waiting.push(step);
  }

  /** What `happening`, in the step `cause` or after it, tells the task it happened to. */
  deliver(cause: StepEvent, happening: Happening): Message | null {
    const { kind, step, time, pid: to, by: from, text } = happening;
    const message = { step, time, from, to, sent: null };
    if (kind === "spawn" && from !== 0) return { ...message, kind, label: "spawn" };
    if (kind === "signal") return { ...message, kind, label: text };
    if (kind !== "wake" || from === to) return null;
    const { name: waited = "" } = this.#last.get(to) ?? {};
    if (from === 0) return { ...message, kind: "timer", label: waited };
    const woken = wakeUp(cause, waited, text);
    return woken === null ? null : { ...message, ...woken };
  }

  #withdraw(sent: StepEvent): void {
    const waiting = this.#waiting.get(sent.object) ?? [];
    const index = waiting.indexOf(sent);
    if (index >= 0) waiting.splice(index, 1);
  }

  /** The oldest message that waits at one of `places` and may have been `value`. */
  #take(places: readonly string[], value: string): StepEvent | undefined {
    for (const place of places) {
      const waiting = this.#waiting.get(place) ?? [];
      const index = waiting.findIndex(({ call }) => {
        return call.includes(`, ${value})`) || call.includes(`, ${value},`);
      });
      if (index >= 0) return waiting.splice(index, 1)[0];
    }
    return undefined;
  }
}

/** What the step `cause` tells a task that it wakes from the call `waited`, with `text`. */
function wakeUp(
  cause: StepEvent,
  waited: string,
  text: string,
): Pick<Message, "kind" | "label"> | null {
  const { name, object, detail } = cause;
  if (sends.includes(name) && receives.includes(waited)) {
    return { kind: "message", label: labelOf(object, valueOf(text)) };
  }
  // A sender that goes on: its message is what counts, and comes with the receiver's reply.
  if (sends.includes(waited) && receives.includes(name)) return null;
  if (name === "") return { kind: "exit", label: detail };
  return { kind: "wake", label: `${name} ${object}`.trimEnd() };
}

/** Where the messages come from that this step may receive: one name, or those of a select. */
function placesOf({ pid, object }: StepEvent): readonly string[] {
  return [object, ...object.split(", ").filter((place) => place !== ""), `task ${pid}`];
}

/** What was received: of a select the value of its case. */
function valueOf(reply: string): string {
  return /^= \{ which: .*?, value: (.*) \}$/s.exec(reply)?.[1] ?? reply.replace(/^[=!] /, "");
}

function labelOf(object: string, value: string): string {
  return `${object}: ${value}`;
}

// How the host's debugger interface is spoken to: it answers before `post` returns, so a question
// is a function call. Knows nothing of generators.

import type { Runtime } from "node:inspector";

/** An expression that takes longer, in milliseconds, is taken not to end. */
export const PATIENCE = 3000;

/** The answer to a question. Throws when there is none, a TimeoutError when that took too long. */
export function answerTo<T>(ask: (done: (error: Error | null, answer: T) => void) => void): T {
  const answers: T[] = [];
  let reason = "";
  ask((error, answer) => {
    if (error === null) answers.push(answer);
    else reason = `: ${error.message}`;
  });
  const [answer] = answers;
  if (answer === undefined) {
    if (reason.includes("was terminated")) {
      const text = `it was stopped after ${PATIENCE} ms: it does not end, or not soon`;
      throw Object.assign(new Error(text), { name: "TimeoutError" });
    }
    throw new Error(`the host's debugger interface did not answer${reason}`);
  }
  return answer;
}

/** A value that the interface gave us, to be given back as an argument. */
export function asArgument(remote: Runtime.RemoteObject | undefined): Runtime.CallArgument {
  const { objectId, unserializableValue } = remote ?? { type: "undefined" };
  if (objectId !== undefined) return { objectId };
  if (unserializableValue !== undefined) return { unserializableValue };
  return { value: remote?.value as unknown };
}

/** What a value that is no object is, from the interface's words for it. */
export function primitive(remote: Runtime.RemoteObject): unknown {
  const text = remote.unserializableValue;
  if (text === undefined) return remote.value as unknown;
  return text.endsWith("n") ? BigInt(text.slice(0, -1)) : Number(text);
}

/** The name of a generator function, by its text: `function* name(`, or `*name(` of a method. */
export function nameIn(text: string): string {
  return /^[^(*]*\*\s*([\p{ID_Continue}$#]+)?/u.exec(text)?.[1] ?? "";
}

// What the line at the prompt could go on with.

import { findCommand } from "./command";
import type { Shell } from "./shell";

/** The words that could stand where the last one of `line` is, and that one. */
export async function complete(
  shell: Shell,
  line: string,
): Promise<readonly [candidates: string[], word: string]> {
  const { commands } = shell;
  const words = line.trimStart().split(/\s+/);
  const word = words.at(-1) ?? "";
  const fitting = (all: readonly string[]): string[] =>
    [...new Set(all)].filter((one) => one.startsWith(word)).sort();
  if (words.length <= 1) return [fitting(commands.map(({ name }) => name)), word];
  try {
    const command = findCommand(words[0] ?? "", commands);
    return [fitting((await command.complete?.(shell, words.slice(1))) ?? []), word];
  } catch {
    return [[], word]; // What cannot be completed is not the moment to complain.
  }
}

/** The tasks that there are, by pid and by name. */
export async function taskWords(shell: Shell): Promise<readonly string[]> {
  const { tasks } = await shell.look();
  return tasks.flatMap(({ pid, name }) => (name === "" ? [String(pid)] : [String(pid), name]));
}

export async function queueNames(shell: Shell): Promise<readonly string[]> {
  return (await shell.look()).queues.map(({ name }) => name);
}

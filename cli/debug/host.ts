// What the debugger's shell needs of the file system and of the screen.

import { readFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { Paint, Role, ShellHost } from "../../debugger";
import { shown } from "../../machine/place";
import * as syscalls from "../../syscalls";
import { root } from "../copies";
import { isFile } from "../load";
import { Misuse } from "../misuse";
import { svgKind, writeOutput } from "../output-file";
import { styleFor } from "../style";
import type { Screen } from "./screen";

/** The names of the calls there are; those of channels are methods. */
const calls = [...Object.keys(syscalls).filter((name) => /^[a-z]/.test(name)), "send"].sort();

export function shellHost(
  screen: Screen,
  program: string,
  save: (file: string) => void,
): ShellHost {
  return {
    print: (lines) => screen.print(lines),
    ...(screen.pin !== undefined && { pin: screen.pin.bind(screen) }),
    paint: paintFor(screen),
    ...(screen.tty && { columns: () => process.stdout.columns || 80 }),
    // Not kept: it may be edited before a restart.
    source: linesOf,
    shown: near,
    fileOf: (name) =>
      [
        resolve(name),
        resolve(dirname(program), name),
        join(root, name.replace(/^genix\//, "")),
      ].find(isFile),
    write: (file, text) => writeOutput(file, svgKind, [text]),
    save,
    script: scriptLines,
    program,
    calls,
  };
}

/** As the user would write it; a file of this package's, wherever that is, as `genix/…`. */
function near(file: string): string {
  const text = shown(file);
  const own = relative(root, file);
  return isAbsolute(text) && !isAbsolute(own) && !own.startsWith("..") ? `genix/${own}` : text;
}

/** The lines of a file of commands. Throws a Misuse when it cannot be read. */
export function scriptLines(file: string): readonly string[] {
  const lines = linesOf(file);
  if (lines === undefined) throw new Misuse(`${file}, with commands, cannot be read`);
  return lines;
}

function linesOf(file: string): readonly string[] | undefined {
  try {
    return readFileSync(file, "utf8").trimEnd().split(/\r?\n/);
  } catch {
    return undefined;
  }
}

function paintFor({ tty }: Screen): Paint {
  const style = styleFor({ isTTY: tty });
  const styles: Readonly<Record<Role, (text: string) => string>> = {
    heading: style.bold,
    task: style.cyan,
    call: style.yellow,
    place: style.green,
    value: style.magenta,
    faint: style.dim,
    mark: style.bold,
    bad: style.red,
  };
  return (role, text) => styles[role](text);
}

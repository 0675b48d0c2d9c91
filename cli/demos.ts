// The demos: files of demos/ called NN-name, in the order of the course, each with a line that says
// what it is about.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { extension, home } from "./copies";
import { loadModule } from "./load";
import { Misuse } from "./misuse";

export interface Demo {
  /** `11-countdown` */
  readonly name: string;
  readonly file: string;
}

const folder = join(home, "demos");

/** Of a demo's name, its number. Other modules of the folder are there for the demos to share. */
const NUMBER = /^\d+-/;

/** All demos, in their order. */
export function demos(): Demo[] {
  return modules()
    .filter((name) => NUMBER.test(name))
    .sort((a, b) => Number.parseInt(a) - Number.parseInt(b) || (a < b ? -1 : 1))
    .map(at);
}

/** The demo called `name`, with its number or without; undefined when there is none. */
export function findDemo(name: string): Demo | undefined {
  if (name === "tour") return tour();
  return demos().find((demo) => demo.name === name || demo.name.replace(NUMBER, "") === name);
}

/** The guided tour through the system. */
export function tour(): Demo {
  if (modules().includes("tour")) return at("tour");
  throw new Misuse(`the tour is missing: there is no ${at("tour").file}`);
}

/** What the module of a demo says that it is about. */
export async function about({ file }: Demo): Promise<string> {
  const { about } = (await loadModule(file)) as { readonly about?: unknown };
  return typeof about === "string" ? about : "";
}

function at(name: string): Demo {
  return { name, file: join(folder, name + extension) };
}

function modules(): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith(extension) && !file.endsWith(".d.ts"))
      .map((file) => file.slice(0, -extension.length));
  } catch {
    return [];
  }
}

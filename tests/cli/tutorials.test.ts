// The tutorials are true: what they type is typed, in a clone, and what they show is what is printed.

import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root, Workshop } from "./genix";

const shop = new Workshop();
const clone = shop.clone();
afterAll(() => shop.remove());

/** A command line, and what follows it up to the next. */
interface Run {
  readonly args: readonly string[];
  readonly printed: string;
}

/** All that a tutorial types; what is said between two blocks does not end a session. */
function runsOf(tutorial: string): Run[] {
  const blocks = [...tutorial.matchAll(/^```console\n([^]*?)^```$/gm)].map(
    ([, text]) => text ?? "",
  );
  return blocks
    .join("")
    .split(/^\$ genix /m)
    .slice(1)
    .map((run) => {
      const [line = "", ...rest] = run.split("\n");
      return { args: line.split(" "), printed: rest.join("\n") };
    });
}

const PROMPT = /^\(genix\) (.*)$/gm;
/** Only a person is greeted. */
const GREETING = /^.*nothing has run yet; step begins.*\n/;

async function printedBy({ args, printed }: Run): Promise<string> {
  const [command = "", ...rest] = args;
  const typed = [...printed.matchAll(PROMPT)].map(([, one]) => one);
  shop.write("typed.txt", `${typed.join("\n")}\n`);
  const script = command === "debug" ? ["-x", join(shop.folder, "typed.txt")] : [];
  const options = { folder: clone, together: true };
  const { stdout } = await shop.run([command, ...script, ...rest], options);
  return stdout.replaceAll("<genix>/", "");
}

describe.each(["docs/debugging-a-lost-update.md", "docs/debugging-a-deadlock.md"])("%s", (file) => {
  const tutorial = readFileSync(join(root, file), "utf8");
  const runs = runsOf(tutorial);

  test.each(runs.map((run, i) => [i + 1, run.args.join(" "), run] as const))(
    "command %i goes as printed there: genix %s",
    async (_number, _line, run) => {
      expect(await printedBy(run)).toBe(run.printed.replace(GREETING, ""));
    },
  );

  test("its pictures are what the debugger draws", () => {
    const pictures = [...tutorial.matchAll(/!\[[^\]]*\]\(([\w./-]+)\)/g)].map(([, name]) => name);
    for (const name of pictures) {
      const kept = readFileSync(join(root, "docs", name ?? ""), "utf8");
      expect(readFileSync(join(clone, basename(name ?? "")), "utf8")).toBe(kept);
    }
  });

  test("its code is that of the demo", () => {
    const [demo = ""] = /demos\/[\w-]+\.ts/.exec(tutorial) ?? [];
    const blocks = [...tutorial.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, text]) => text);
    expect(blocks.length).toBeGreaterThan(0);
    for (const block of blocks) expect(readFileSync(join(root, demo), "utf8")).toContain(block);
  });

  test("it runs, and goes back", () => {
    expect(runs.length).toBeGreaterThan(2);
    expect(tutorial).toMatch(/^\(genix\) (back|reverse-)/m);
  });
});

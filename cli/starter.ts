// `genix new`: a first program to change, in the current folder.

import { writeFileSync } from "node:fs";
import { Misuse } from "./misuse";

/** Write NAME.ts and return what it is called. Never overwrites a file. */
export function writeStarter(argument: string): string {
  const name = argument.replace(/\.ts$/, "");
  if (!/^[A-Za-z][\w-]*$/.test(name)) {
    throw new Misuse(
      `${JSON.stringify(argument)} is no name for a program; use letters, digits, - and _`,
    );
  }
  const file = `${name}.ts`;
  try {
    writeFileSync(file, starter(name), { flag: "wx" });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw new Misuse(`there is a ${file} already; it stays as it is`);
    throw new Misuse(`cannot write ${file}: ${message}`);
  }
  return file;
}

function starter(name: string): string {
  return `// ${name}: a program for genix. Run it with: genix run ${name}.ts [name]
//
// A program is a generator function. Each \`yield*\` makes a system call and waits for the reply,
// and while this task waits the others run. There is no other place where they could.

import { sleep, spawn, stdout, wait, write, type Program } from "genix";

/** A task: works three times, with a pause before each. What it returns is its exit status. */
function* worker(name: string, pause: number): Program<number> {
  for (let round = 1; round <= 3; round++) {
    yield* sleep(pause); // milliseconds
    yield* write(stdout, \`\${name}: round \${round}\\n\`);
  }
  return 3 * pause;
}

/** The program itself. \`argv\` holds the arguments after the file's name. */
export default function* main(argv: string[]): Program<number> {
  yield* write(stdout, \`Hello, \${argv[0] ?? "world"}!\\n\`);

  // Two children, which run at the same time; \`ps\` and error messages call them by name.
  const hare = yield* spawn(worker("hare", 100), { name: "hare" });
  const tortoise = yield* spawn(worker("tortoise", 250), { name: "tortoise" });

  // Whoever has children waits for them, and learns how each of them ended.
  for (const pid of [hare, tortoise]) {
    const child = yield* wait(pid);
    const end = child.kind === "exited" ? \`took \${child.value} ms\` : child.kind;
    yield* write(stdout, \`\${child.name} \${end}\\n\`);
  }
  return 0; // the exit code
}
`;
}

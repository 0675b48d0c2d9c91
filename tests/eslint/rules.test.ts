// The ESLint rules, on JavaScript, on TypeScript without types, and on TypeScript with them.

import { RuleTester, type Rule } from "eslint";
import tseslint from "typescript-eslint";
import { rules } from "../../eslint";

const rule = (name: string): Rule.RuleModule => {
  const found = rules[name];
  if (found === undefined) throw new Error(`there is no rule ${name}`);
  return found;
};

const javaScript = new RuleTester();
const typeScript = new RuleTester({ languageOptions: { parser: tseslint.parser } });
const typed = new RuleTester({
  languageOptions: {
    parser: tseslint.parser,
    parserOptions: {
      projectService: { allowDefaultProject: ["*.ts"] },
      tsconfigRootDir: __dirname,
    },
  },
});

const IMPORTS = `import { promise, read, sleep, spawn, shield } from "genix";\n`;
const WORKER = `function* worker(n) { yield* sleep(n); }\n`;
const file = "task.ts";

/** `body` in a task, after the usual imports. */
const task = (body: string): string => `${IMPORTS}${WORKER}function* main() { ${body} }`;

describe("JavaScript", () => {
  javaScript.run("no-dropped-call", rule("no-dropped-call"), {
    valid: [
      {
        name: "calls that are made, at once or later",
        code: task("yield* sleep(10); yield sleep(10); const call = sleep(10); yield* call;"),
      },
      {
        name: "generators that others run",
        code: task("const child = worker(1); yield* spawn(child); [worker(1)].map(spawn);"),
      },
      { name: "another sleep than genix's", code: `import { sleep } from "other"; sleep(10);` },
      {
        name: "a parameter of that name",
        code: `${IMPORTS}export const f = (sleep) => { sleep(1); };`,
      },
      {
        name: "an async generator",
        code: `async function* pages() {}\nexport const f = () => { pages(); };`,
      },
      {
        name: "a function that is assigned again",
        code: `let f = function* () {}; f = () => {}; f();`,
      },
      {
        name: "a name that is declared twice",
        code: `export const f = () => { function* g() {} function g() {} g(); };`,
      },
      {
        name: "a coroutine made of a generator",
        code: `import { coroutine } from "genix"; const printer = coroutine(function* () {}); printer();`,
      },
    ],
    invalid: [
      {
        name: "a call that is not made",
        code: task("sleep(10);"),
        errors: [
          {
            message: "sleep(…) is built here and never made; write yield* sleep(…)",
            suggestions: [{ messageId: "star", output: task("yield* sleep(10);") }],
          },
        ],
      },
      {
        name: "a generator that never runs",
        code: task("worker(1);"),
        errors: [
          {
            message:
              "worker(…) is made here and never runs; write yield* worker(…), or yield* spawn(worker(…))",
            suggestions: [
              { messageId: "star", output: task("yield* worker(1);") },
              { messageId: "spawn", output: task("yield* spawn(worker(1));") },
            ],
          },
        ],
      },
      {
        name: "void does not make it either",
        code: task("void sleep(10);"),
        errors: [
          {
            messageId: "call",
            suggestions: [{ messageId: "star", output: task("yield* sleep(10);") }],
          },
        ],
      },
      {
        name: "outside of a generator nothing can be suggested",
        code: `${IMPORTS}export function pause() { sleep(10); }`,
        errors: [{ messageId: "call", suggestions: [] }],
      },
      {
        name: "under another name",
        code: `import { sleep as pause } from "genix"; pause(10);`,
        errors: [{ messageId: "call" }],
      },
      {
        name: "of the module as a whole",
        code: `import * as genix from "genix"; genix.sleep(10);`,
        errors: [{ messageId: "call" }],
      },
      {
        name: "of the module as require gives it",
        code: `const { sleep: pause } = require("genix"); const genix = require("genix"); pause(1); genix.now();`,
        errors: [{ messageId: "call" }, { messageId: "call" }],
      },
      {
        name: "of one of genix's own programs",
        code: `${IMPORTS}shield(function* () {});`,
        errors: [{ messageId: "program" }],
      },
      {
        name: "of a module that settings add",
        code: `import { sleep } from "../syscalls"; sleep(1);`,
        settings: { genix: { modules: ["../syscalls"] } },
        errors: [{ messageId: "call" }],
      },
      {
        name: "a generator function in a constant",
        code: `const worker = function* () {}; worker();`,
        errors: [{ messageId: "program" }],
      },
    ],
  });

  javaScript.run("no-returned-call", rule("no-returned-call"), {
    valid: [
      { name: "the value of a call", code: task("return yield* sleep(10);") },
      {
        name: "a plain function may pass it on",
        code: `${IMPORTS}export const f = () => { return sleep(10); };`,
      },
      {
        name: "a generator of generators",
        code: `function* worker() {} export function* all() { yield 1; return worker(); }`,
      },
      {
        name: "a function within a task",
        code: task("const f = () => { return sleep(1); }; yield* f();"),
      },
    ],
    invalid: [
      {
        name: "a call",
        code: task("return sleep(10);"),
        errors: [
          {
            message: "sleep(…) is returned without having been made; write return yield* sleep(…)",
            suggestions: [{ messageId: "star", output: task("return yield* sleep(10);") }],
          },
        ],
      },
      {
        name: "a subroutine, from a task",
        code: task("yield* sleep(1); return worker(1);"),
        errors: [
          {
            messageId: "program",
            suggestions: [
              { messageId: "star", output: task("yield* sleep(1); return yield* worker(1);") },
            ],
          },
        ],
      },
    ],
  });

  javaScript.run("no-async-task", rule("no-async-task"), {
    valid: [
      {
        name: "async functions where promises belong",
        code: task("yield* promise(async (signal) => { await fetch('/', { signal }); });"),
      },
      {
        name: "generators spawned",
        code: task("yield* spawn(worker(1)); yield* spawn(function* () {});"),
      },
      {
        name: "an async generator that is no task",
        code: `export async function* pages() { yield 1; }`,
      },
    ],
    invalid: [
      {
        name: "an async function spawned",
        code: task("yield* spawn(async () => {});"),
        errors: [
          "spawn takes a generator function, not an async one; write function* and yield* promise(p)",
        ].map((message) => ({ message })),
      },
      {
        name: "an async function spawned by its name",
        code: `${IMPORTS}async function job() {}\nexport function* main() { yield* spawn(job); }`,
        errors: [{ messageId: "given" }],
      },
      {
        name: "await for a call",
        code: `${IMPORTS}export async function f() { await sleep(10); }`,
        errors: [{ message: "await makes no system call: only a task can, with yield* sleep(…)" }],
      },
      {
        name: "an async generator as a task",
        code: `${IMPORTS}export default async function* main() { yield* sleep(1); }`,
        errors: [{ messageId: "within" }],
      },
    ],
  });

  javaScript.run("no-foreign-yield", rule("no-foreign-yield"), {
    valid: [
      {
        name: "calls and subroutines",
        code: task("yield* sleep(1); yield sleep(1); yield worker(1);"),
      },
      {
        name: "an iterator yields what it likes",
        code: `export function* range() { yield 1; yield [2]; yield; }`,
      },
      {
        name: "so does a receiver",
        code: `import { coroutine } from "genix"; export const c = coroutine(function* () { const line = yield; });`,
      },
      {
        name: "an iterator within a task",
        code: task("function* range() { yield 1; } yield* sleep([...range()].length);"),
      },
    ],
    invalid: [
      {
        name: "a promise",
        code: task("yield* sleep(1); yield Promise.resolve(1);"),
        errors: [
          {
            messageId: "promised",
            suggestions: [
              {
                messageId: "promise",
                output: task("yield* sleep(1); yield* promise(Promise.resolve(1));"),
              },
            ],
          },
        ],
      },
      {
        name: "what an async function returns",
        code: `${IMPORTS}async function get() {}\nexport function* main() { yield* sleep(1); yield get(); }`,
        errors: [
          {
            messageId: "promised",
            suggestions: [
              {
                messageId: "promise",
                output: `${IMPORTS}async function get() {}\nexport function* main() { yield* sleep(1); yield* promise(get()); }`,
              },
            ],
          },
        ],
      },
      {
        name: "an array, a function, a value, nothing",
        code: task(
          "yield* sleep(1); yield [sleep(1)]; yield () => 1; yield worker; yield 5; yield;",
        ),
        errors: ["list", "code", "code", "value", "nothing"].map((messageId) => ({ messageId })),
      },
      {
        name: "in a function that is given to genix",
        code: `${IMPORTS}export function* main() { yield* spawn(function* () { yield 5; }); }`,
        errors: [{ message: "a task cannot yield 5: it is no system call" }],
      },
    ],
  });

  javaScript.run("use-yield-star", rule("use-yield-star"), {
    valid: [
      { name: "JavaScript has no types to lose", code: task("return (yield read(0)).length;") },
    ],
    invalid: [],
  });
});

describe("TypeScript", () => {
  typeScript.run("use-yield-star", rule("use-yield-star"), {
    valid: [
      { code: task("const bytes = yield* read(0); yield sleep(1);"), filename: file },
      {
        name: "an iterator of calls",
        code: `function* worker() {} export function* all() { const x = yield worker(); }`,
        filename: file,
      },
    ],
    invalid: [
      {
        name: "the reply of a call",
        code: task("const bytes = yield read(0);"),
        filename: file,
        output: task("const bytes = yield* read(0);"),
        errors: [{ message: "the value of yield read(…) has no type; write yield* read(…)" }],
      },
      {
        name: "with a type forced on it",
        code: task("return (yield read(0)) as Uint8Array;"),
        filename: file,
        output: task("return (yield* read(0)) as Uint8Array;"),
        errors: [{ messageId: "star" }],
      },
      {
        name: "the value of a subroutine",
        code: task("yield* sleep(1); return yield worker(1);"),
        filename: file,
        output: task("yield* sleep(1); return yield* worker(1);"),
        errors: [{ messageId: "star" }],
      },
    ],
  });

  typeScript.run("no-dropped-call", rule("no-dropped-call"), {
    valid: [{ code: task("yield* sleep(10)!;"), filename: file }],
    invalid: [
      {
        code: task("sleep(10) as unknown;"),
        filename: file,
        errors: [
          {
            messageId: "call",
            suggestions: [{ messageId: "star", output: task("yield* sleep(10);") }],
          },
        ],
      },
    ],
  });

  typeScript.run("no-foreign-yield", rule("no-foreign-yield"), {
    valid: [
      {
        name: "a receiver that also makes a call",
        code: `${IMPORTS}function* r(): Receiver<string> { const s = yield; yield* sleep(1); }`,
        filename: file,
      },
    ],
    invalid: [
      {
        name: "in what is declared to be a program",
        code: `import type { Program } from "genix"; function* main(): Program<void> { yield 3; }`,
        filename: file,
        errors: [{ messageId: "value" }],
      },
    ],
  });
});

describe("TypeScript with its types", () => {
  const DECLARED = `
declare class SystemCall<R> { [Symbol.iterator](): Iterator<SystemCall<unknown>, R>; }
declare class Socket { read(): SystemCall<string>; serve(): Generator<SystemCall<unknown>, void>; close(): void }
declare const socket: Socket; declare const answer: Promise<number>;
`;
  const typedTask = (body: string): string =>
    `${DECLARED}export function* main() { yield* socket.read(); ${body} }`;

  typed.run("no-dropped-call", rule("no-dropped-call"), {
    valid: [{ code: typedTask("socket.close(); yield* socket.serve();"), filename: file }],
    invalid: [
      {
        name: "methods, whatever module they come from",
        code: typedTask("socket.read(); socket.serve();"),
        filename: file,
        errors: [
          {
            messageId: "call",
            suggestions: [
              { messageId: "star", output: typedTask("yield* socket.read(); socket.serve();") },
            ],
          },
          {
            messageId: "program",
            suggestions: [
              { messageId: "star", output: typedTask("socket.read(); yield* socket.serve();") },
            ],
          },
        ],
      },
    ],
  });

  typed.run("no-foreign-yield", rule("no-foreign-yield"), {
    valid: [{ code: typedTask("yield socket.serve();"), filename: file }],
    invalid: [
      {
        name: "a promise in a variable",
        code: typedTask("yield answer;"),
        filename: file,
        errors: [{ messageId: "promised" }],
      },
    ],
  });
});

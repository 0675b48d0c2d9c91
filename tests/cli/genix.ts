// Runs the real command line as a process of its own, on programs in an empty folder.
// It is a private copy of the package, laid out as it is once built: a build in dist/ could be half
// finished, by whoever builds while the tests run.

import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";

export const root = join(__dirname, "..", "..");

export interface Result {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Run from the sources of the repository instead, as `npm start` does. */
  readonly sources?: boolean;
  /** Stand there, and not in the folder of programs. */
  readonly folder?: string;
  /** Its stderr goes to stdout, in order, as at a terminal. */
  readonly together?: boolean;
}

/** A folder for programs, with a command line to run them. */
export class Workshop {
  readonly #home = realpathSync(mkdtempSync(join(tmpdir(), "genix-test-")));
  readonly folder = join(this.#home, "programs");
  readonly bin = join(this.#home, "genix", "dist", "cli", "bin.js");

  constructor() {
    mkdirSync(this.folder);
    build(join(this.#home, "genix"));
  }

  /** Write a file into the folder of programs. */
  write(name: string, text: string): void {
    const file = join(this.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** A clone of the repository, with its demos as sources, whose command line this is. */
  clone(): string {
    const clone = join(this.#home, "genix");
    for (const part of ["kernel", "syscalls", "tasks", "demos", "tsconfig.base.json"]) {
      cpSync(join(root, part), join(clone, part), { recursive: true });
    }
    return clone;
  }

  /** A module of the package, which then runs in this process: `cli/debug/world`. */
  load(module: string): unknown {
    return createRequire(this.bin)(join(this.#home, "genix", "dist", `${module}.js`));
  }

  start(args: readonly string[], options: RunOptions = {}): Running {
    const { env = {}, sources = false, folder = this.folder, together = false } = options;
    const script = sources ? join(root, "scripts", "start.js") : this.bin;
    // Under `npm test` signals would be taken for those that npm passes on.
    const { npm_lifecycle_event: _, NO_COLOR: __, FORCE_COLOR: ___, ...inherited } = process.env;
    const shell = ["sh", "-c", 'exec "$@" 2>&1', "sh"];
    const [command = "", ...rest] = [...(together ? shell : []), process.execPath];
    return new Running(
      spawn(command, [...rest, script, ...args], {
        cwd: folder,
        // A busy host makes slow steps; only who tests for them wants to hear of those.
        env: { ...inherited, GENIX_WATCHDOG: "0", ...env },
      }),
      this.#home,
    );
  }

  async run(args: readonly string[], options: RunOptions = {}): Promise<Result> {
    const running = this.start(args, options);
    running.child.stdin.end(options.input ?? "");
    return running.ended;
  }

  remove(): void {
    rmSync(this.#home, { recursive: true });
  }
}

/** A command that runs. */
export class Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Result>;
  #stdout = "";
  #stderr = "";
  #onOutput: () => void = () => {};

  /** Paths below `home` are left out of what it prints, to make that the same everywhere. */
  constructor(child: ChildProcessWithoutNullStreams, home: string) {
    this.child = child;
    const plain = (text: string): string =>
      text.replaceAll(join(home, "genix"), "<genix>").replaceAll(`${home}/`, "");
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
      this.#onOutput();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
      this.#onOutput();
    });
    this.ended = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => {
        resolve({ code, signal, stdout: plain(this.#stdout), stderr: plain(this.#stderr) });
        this.#onOutput();
      });
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  /** Resolves once it has printed `text`; fails if it ends without. */
  async printed(text: string): Promise<void> {
    const seen = (): boolean => this.#stdout.includes(text) || this.#stderr.includes(text);
    while (!seen()) {
      const news = new Promise<void>((resolve) => (this.#onOutput = resolve));
      await Promise.race([news, this.ended]);
      if (!seen() && this.child.exitCode !== null)
        throw new Error(`never printed ${text}: ${this.#stderr}`);
    }
  }
}

/** The package as it is once built, into `target`. */
function build(target: string): void {
  for (const file of sources()) {
    const { code, map } = compiled(file);
    const output = join(target, "dist", file.replace(/ts$/, "js"));
    mkdirSync(dirname(output), { recursive: true });
    writeFileSync(output, code);
    writeFileSync(`${output}.map`, JSON.stringify({ ...map, sources: [join(target, file)] }));
  }
  cpSync(join(root, "package.json"), join(target, "package.json"));
  symlinkSync(join(root, "node_modules"), join(target, "node_modules"));
}

interface Compiled {
  readonly code: string;
  readonly map: object;
}

const compilerOptions = {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  sourceMap: true,
  inlineSources: true,
};

/** What was compiled once is kept: to compile all of it takes 5 s, in each of many files of tests. */
function compiled(file: string): Compiled {
  const text = readFileSync(join(root, file), "utf8");
  const from = [ts.version, JSON.stringify(compilerOptions), file, text];
  const key = createHash("sha256").update(from.join("\n")).digest("hex");
  const kept = join(root, "node_modules", ".cache", "genix-tests", `${key}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, "utf8")) as Compiled;
  const { outputText, sourceMapText = "" } = ts.transpileModule(text, {
    fileName: file,
    compilerOptions,
  });
  const made = { code: outputText, map: JSON.parse(sourceMapText) as object };
  // Whole or not at all, for others may be reading.
  mkdirSync(dirname(kept), { recursive: true });
  writeFileSync(`${kept}.${process.pid}`, JSON.stringify(made));
  renameSync(`${kept}.${process.pid}`, kept);
  return made;
}

/** Every file of TypeScript that the package is built from. */
function sources(): string[] {
  const layers = ["kernel", "syscalls", "tasks", "machine", "debugger", "page", "cli", "demos"];
  const files = layers.flatMap((layer) =>
    readdirSync(join(root, layer), { recursive: true, encoding: "utf8" }).map((file) =>
      join(layer, file),
    ),
  );
  const above = JSON.parse(readFileSync(join(root, "tsconfig.package.json"), "utf8")) as {
    files: string[];
  };
  return [...above.files, ...files.filter((file) => file.endsWith(".ts"))];
}

import { Workshop } from "./genix";

const shop = new Workshop();
afterAll(() => shop.remove());

const run = (...args: string[]) => shop.run(["run", ...args]);

describe("a program in any kind of module gets the copy of genix that runs it", () => {
  const body = (imports: string, exports: string) => `
    ${imports}
    ${exports} function* main(argv) {
      try {
        yield* sleep(-1);
      } catch (error) {
        console.log(error instanceof SystemError, typeof Kernel, ...argv);
      }
      return 7;
    }`;
  const required = body(
    `const { sleep, SystemError } = require("genix"); const { Kernel } = require("genix/kernel");`,
    "module.exports =",
  );
  const imported = body(
    `import { sleep, SystemError } from "genix"; import { Kernel } from "genix/kernel";`,
    "export default",
  );
  const typed = imported.replace("(argv)", "(argv: string[]): Generator<any, number>");

  test.each([
    ["plain.js", required],
    ["plain.cjs", required],
    ["plain.ts", typed],
    ["plain.cts", typed],
    ["plain.mjs", imported],
    ["plain.mts", typed],
    ["import-in.js", imported],
    ["package/module.js", imported],
    ["package/module.ts", typed],
  ])("%s", async (name, text) => {
    shop.write("package/package.json", `{ "type": "module" }`);
    shop.write(name, text);
    expect(await run(name, "a", "b")).toEqual({
      code: 7,
      signal: null,
      stdout: "true function a b\n",
      stderr: "",
    });
  });

  test("also when another one is installed beside it", async () => {
    shop.write("node_modules/genix/package.json", `{ "name": "genix", "main": "index.js" }`);
    shop.write("node_modules/genix/index.js", `throw new Error("the wrong copy")`);
    shop.write("beside.cjs", required);
    shop.write("beside.mjs", imported);
    expect((await run("beside.cjs")).stdout).toBe("true function\n");
    expect((await run("beside.mjs")).stdout).toBe("true function\n");
  });

  test("also in modules that it imports later, of the other kind", async () => {
    shop.write("later.mts", `export { sleep } from "genix"; export type { Program } from "genix";`);
    shop.write(
      "now.cjs",
      `
      const { promise, sleep } = require("genix");
      module.exports = function* main() {
        const later = yield* promise(import("./later.mjs"));
        console.log(later.sleep === sleep);
      };`,
    );
    expect((await run("now.cjs")).stdout).toBe("true\n");
  });

  test("also when it imports the files of the package itself, built or not", async () => {
    const home = shop.folder.replace(/programs$/, "genix");
    shop.write(
      "inside.cjs",
      `
      const { sleep } = require("genix");
      module.exports = function* main() {
        const built = require(${JSON.stringify(`${home}/dist/syscalls`)}).sleep;
        console.log(built === sleep);
      };`,
    );
    expect((await run("inside.cjs")).stdout).toBe("true\n");
  });
});

test("arguments after the program are its own, whatever they look like", async () => {
  shop.write(
    "args.cjs",
    `module.exports = function* main(argv) {
    console.log(JSON.stringify(argv), process.argv.length);
  }`,
  );
  const { stdout } = await run("args.cjs", "--strace", "-h", "--", "--seed", "x");
  expect(stdout).toBe(`["--strace","-h","--","--seed","x"] 7\n`);
});

test("TypeScript imports may name the file that will be, and types are not checked", async () => {
  shop.write("helper.ts", `export const helper = (): string => "helped";`);
  shop.write(
    "uses.ts",
    `
    import { helper } from "./helper.js";
    enum Answer { Yes = 1 }
    const wrong: number = helper();
    export default function* main() { console.log(wrong, Answer.Yes); }`,
  );
  expect(await run("uses.ts")).toMatchObject({ code: 0, stdout: "helped 1\n", stderr: "" });
});

test("a program is compiled with the options of the project it is in", async () => {
  const options = { experimentalDecorators: true, target: "es5", module: "esnext", baseUrl: "." };
  shop.write("project/tsconfig.json", JSON.stringify({ compilerOptions: options }));
  shop.write(
    "project/decorated.ts",
    `
    function deco(target: object, key: string) { console.log("old style", key); }
    class A { @deco method() {} }
    export default function* main() { new A(); require("./lib/part"); }`,
  );
  // The compiler asks where the output of such a project is to go.
  shop.write("project/lib/part.ts", `console.log("part"); export {};`);
  expect(await run("project/decorated.ts")).toMatchObject({
    stdout: "old style method\npart\n",
    stderr: "",
  });
});

describe("the exit code", () => {
  test.each([
    ["is what the program returns", "return 42", 42],
    ["is what it exits with", "yield* exit(3)", 3],
    ["is 0 when it returns nothing", "", 0],
    ["is 0 when what it returns is no exit code", "return 256", 0],
    ["is 0 when what it returns is no number", `return "3"`, 0],
    ["is that of its process when it returns nothing", "process.exitCode = 77", 77],
    ["is what it returns, whatever its process has", "process.exitCode = 77; return 0", 0],
    ["is 1 after a crash", `throw new Error("no")`, 1],
    [
      "is 1 after a crash that nobody waited for",
      `yield* spawn(function* bad() { throw new Error("no"); }, { detached: true })`,
      1,
    ],
    [
      "is 0 after a crash that somebody waited for",
      `yield* wait(yield* spawn(function* bad() { throw 1; }))`,
      0,
    ],
    ["is 1 after a deadlock", `yield* park(waitQueue("Godot"))`, 1],
    [
      "is 143 when another task stopped the program",
      `yield* kill(yield* getpid()); yield* sleep(1)`,
      143,
    ],
  ])("%s", async (_, body, code) => {
    shop.write(
      "code.cjs",
      `
      const { exit, getpid, kill, park, sleep, spawn, wait, waitQueue } = require("genix");
      module.exports = function* main() { ${body} };`,
    );
    const ends = await Promise.all([run("code.cjs"), run("--virtual", "code.cjs")]);
    expect(ends.map((end) => end.code)).toEqual([code, code]);
  });

  test("comes after all output, and does not wait for what the program left behind", async () => {
    shop.write(
      "left.cjs",
      `
      const { spawn, stdout, write } = require("genix");
      module.exports = function* main() {
        setInterval(() => {}, 1000);
        yield* write(stdout, "x".repeat(1_000_000));
        console.log("end");
        return 5;
      };`,
    );
    const { code, stdout } = await run("left.cjs");
    expect(code).toBe(5);
    expect(stdout).toBe(`${"x".repeat(1_000_000)}end\n`);
  });
});

test.each([[[]], [["--virtual"]]])(
  "a program that waits again for what never comes is told each time, and then ended: %p",
  async (flags) => {
    shop.write(
      "never.mjs",
      `import { promise } from "genix";
      const never = () => promise(new Promise(() => {}));
      export default function* () { try { yield* never(); } catch { yield* never(); } }`,
    );
    const { code, stderr } = await shop.run(["run", ...flags, "never.mjs"]);
    expect(code).toBe(1);
    expect(stderr.match(/^genix: deadlock/gm)).toHaveLength(2);
  },
);

test("a crash is reported with its lines of TypeScript, through subroutines and causes", async () => {
  shop.write(
    "crash.ts",
    `
interface Config { path: string }

function* read(config: Config): Generator<any, number> {
  throw new TypeError(\`no \${config.path}\`);
}
function* load(): Generator<any, number> {
  return yield* read({ path: "there" });
}
export default function* main(argv: string[]): Generator<any, number> {
  try {
    return yield* load();
  } catch (cause) {
    throw new Error("cannot start", { cause });
  }
}
`,
  );
  expect(await run("crash.ts")).toMatchObject({
    code: 1,
    stdout: "",
    stderr: `task 2 "main" crashed
  Error: cannot start
      at main (programs/crash.ts:14:11)
      in task 2 "main"
      in task 1 "init"
  caused by TypeError: no there
      at read (programs/crash.ts:5:9)
      at load (programs/crash.ts:8:17)
      at main (programs/crash.ts:12:19)
`,
  });
});

describe("on the virtual machine", () => {
  test("a day passes at once, and what tasks print arrives in order, on both outputs", async () => {
    shop.write(
      "day.cjs",
      `
      const { now, promise, sleep, stderr, stdout, write } = require("genix");
      module.exports = function* main() {
        yield* write(stdout, "one\\n");
        console.log("two");
        yield* sleep(86_400_000);
        yield* write(stdout, \`\${yield* now()}\\n\`);
        yield* write(stderr, "wrong\\n");
        yield* write(stdout, \`\${yield* promise(Promise.resolve("promised"))}\\n\`);
      };`,
    );
    expect(await run("--virtual", "day.cjs")).toMatchObject({
      code: 0,
      stdout: "one\ntwo\n86400000\npromised\n",
      stderr: "wrong\n",
    });
  });

  test("stdin is what is piped in", async () => {
    shop.write(
      "cat.cjs",
      `
      const { read, stdin, stdout, write } = require("genix");
      module.exports = function* main() {
        for (let bytes = yield* read(stdin); bytes.length > 0; bytes = yield* read(stdin)) {
          yield* write(stdout, bytes);
        }
      };`,
    );
    const input = "many a line\n".repeat(20_000);
    expect((await shop.run(["run", "--virtual", "cat.cjs"], { input })).stdout).toBe(input);
    expect((await shop.run(["run", "cat.cjs"], { input })).stdout).toBe(input);
  });

  test("the seed decides on chance, and with --shuffle on who runs next", async () => {
    shop.write(
      "dice.cjs",
      `
      const { random, spawn, wait, yieldCpu } = require("genix");
      module.exports = function* main() {
        const children = [];
        const roll = function* (name) { yield* yieldCpu(); console.log(name, yield* random()); };
        for (const name of "abcdef") children.push(yield* spawn(roll(name)));
        for (const pid of children) yield* wait(pid);
      };`,
    );
    const roll = async (...options: string[]) => (await run(...options, "dice.cjs")).stdout;
    const order = (stdout: string) => stdout.replace(/[^a-f]/g, "");
    const one = await roll("--virtual", "--seed", "1");
    expect(await roll("--virtual", "--seed=1")).toBe(one);
    expect(await roll("--virtual")).toBe(one);
    expect(await roll("--virtual", "--seed", "2")).not.toBe(one);
    expect(order(one)).toBe("abcdef");
    const shuffled = await roll("--virtual", "--shuffle", "--seed", "3");
    expect(await roll("--virtual", "--shuffle", "--seed", "3")).toBe(shuffled);
    expect([...order(shuffled)].sort().join("")).toBe("abcdef");
    expect(order(shuffled)).not.toBe("abcdef");
    // The same numbers as on any machine with this seed.
    const numbers = (stdout: string) => stdout.match(/0\.\d+/g);
    expect(numbers(await roll("--seed", "1"))).toEqual(numbers(one));
  });

  test("strace prints a line for each system call, with its time and reply", async () => {
    shop.write(
      "traced.cjs",
      `
      const { close, pipe, read, sleep, spawn, wait, write } = require("genix");
      module.exports = function* main() {
        const [from, to] = yield* pipe();
        const child = yield* spawn(function* reader() { return (yield* read(from)).length; });
        yield* sleep(1500);
        yield* write(to, "hello");
        const { value } = yield* wait(child);
        try { yield* close(99); } catch {}
        return value;
      };`,
    );
    const { code, stderr, stdout } = await run("--strace", "--virtual", "traced.cjs");
    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
    expect(stderr).toMatchInlineSnapshot(`
     "     0.0    2 main         pipe() = [3, 4]
          0.0    2 main         spawn([function reader]) = 3
       1500.0    2 main         sleep(1500) = undefined
       1500.0    3 reader       read(3) = "hello"<5>
       1500.0    3 reader       +++ exited: 5 +++
       1500.0    2 main         write(4, "hello") = 5
       1500.0    2 main         wait(3) = { kind: "exited", pid: 3, name: "reader", value: 5 }
       1500.0    2 main         close(99) ! SystemError: EBADF: task 2 "main": close(99): fd 99 was never open
       1500.0    2 main         +++ exited: 5 +++
     "
    `);
  });
});

test("--strace works on the real machine, and leaves stdout alone", async () => {
  shop.write(
    "real.cjs",
    `
    const { stdout, write } = require("genix");
    module.exports = function* main() { yield* write(stdout, "hello\\n"); };`,
  );
  const { stdout, stderr } = await run("--strace", "real.cjs");
  expect(stdout).toBe("hello\n");
  expect(stderr).toMatch(/^ +[\d.]+ +2 main +write\(1, "hello\\n"\) = 6$/m);
});

describe("demos", () => {
  test("are listed in order, a line each, and run by name", async () => {
    const { code, stdout, stderr } = await shop.run(["demos"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n");
    const numbers = lines.map((line) => Number.parseInt(line));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(lines.every((line) => /^\d+-[\w-]+ +\S/.test(line))).toBe(true);
    expect(lines.length).toBeGreaterThan(20);
    const [name] = /\d\d-countdown/.exec(stdout) ?? [""];
    const byName = await run("--virtual", name);
    expect(byName).toMatchObject({ code: 0, stderr: "" });
    expect(await run("--virtual", "countdown")).toEqual(byName);
  });
});

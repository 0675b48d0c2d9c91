// What a person at a terminal sees: `genix debug` and `genix top`, on a screen.

import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import { atTerminal, Tty, type TtyOptions } from "../helpers/tty";
import { Workshop } from "./genix";

const shop = new Workshop();
afterAll(() => shop.remove());

shop.write(
  "relay.ts",
  `import { Channel, sleep, spawn, stdout, wait, write, type Program } from "genix";

const baton = new Channel<number>(0, { name: "baton" });

function* runner(): Program<void> {
  const lap = yield* baton.receive();
  yield* sleep(10); // the lap
  yield* write(stdout, "lap " + lap + "\\n");
}

export default function* main(): Program<void> {
  const pids = [yield* spawn(runner, { name: "ann" }), yield* spawn(runner, { name: "ben" })];
  for (let lap = 1; lap <= 2; lap++) yield* baton.send(lap);
  for (const pid of pids) yield* wait(pid);
}
`,
);
shop.write(
  "endless.ts",
  `import { yieldCpu, type Program } from "genix";
export default function* main(): Program<void> {
  for (;;) yield* yieldCpu();
}
`,
);

const ttys: Tty[] = [];
afterEach(() => ttys.splice(0).forEach((tty) => tty.kill()));

function at(args: string, options: Omit<TtyOptions, "cwd"> = {}, after = ""): Tty {
  const command = `"${process.execPath}" "${shop.bin}" ${args}${after}`;
  const tty = new Tty(command, { cwd: shop.folder, ...options });
  ttys.push(tty);
  return tty;
}

/** The prompt is open, with this typed. */
const prompt = (typed = "") => {
  return (rows: readonly string[]): boolean => {
    return rows.filter((row) => row !== "").at(-1) === `(genix) ${typed}`.trimEnd();
  };
};

atTerminal("genix debug at a terminal", () => {
  test("Ctrl-C stops a run that was left with Ctrl-Z, and came back with fg", async () => {
    shop.write(
      "ticks.ts",
      `import { sleep, stdout, write, type Program } from "genix";
export default function* main(): Program<void> {
  for (let i = 0; ; i++) {
    yield* sleep(10);
    yield* write(stdout, "tick " + i + "\\n");
  }
}
`,
    );
    const debug = `"${process.execPath}" "${shop.bin}" debug ticks.ts`;
    const tty = new Tty(`set -m; ${debug}; read line; fg`, { cwd: shop.folder });
    ttys.push(tty);
    const ticks = (rows: readonly string[]) => rows.filter((row) => /^tick \d+$/.test(row));
    const last = (rows: readonly string[]) => Number(ticks(rows).at(-1)?.slice(5) ?? -1);
    await tty.until(prompt());
    tty.type("continue\r");
    await tty.shows("tick 5");
    tty.type("\x1a");
    const stopped = last(await tty.shows("Stopped"));
    tty.type("\r"); // fg
    await tty.until((rows) => last(rows) > stopped + 20);
    tty.type("\x03");
    await tty.shows("[interrupted]");
    await tty.until(prompt());
    tty.type("quit\r");
    expect(await tty.end()).toBe(0);
  });

  test("where no shell controls jobs Ctrl-Z leaves the line as it can be edited", async () => {
    const tty = at("debug endless.ts");
    await tty.until(prompt());
    tty.type("\x1a");
    tty.type("print 1 + 1\r");
    await tty.until((rows) => rows.includes("2"));
    await tty.until(prompt());
    tty.type("ste");
    await tty.until(prompt("ste"));
    tty.type("\t");
    await tty.until(prompt("step"));
    tty.type("\x03\x04");
    expect(await tty.end()).toBe(0);
  });

  test("completes, remembers, clears a line at Ctrl-C, and ends at Ctrl-D", async () => {
    const tty = at("debug --virtual relay.ts");
    await tty.until(prompt());
    tty.type("ste\t");
    await tty.until(prompt("step"));
    tty.type("2\r");
    await tty.shows("step 2 (0 ms)");
    await tty.until(prompt());
    tty.type("\x1b[A");
    await tty.until(prompt("step 2"));
    tty.type("\x03");
    await tty.shows("(genix) step 2^C");
    await tty.until(prompt());
    tty.type("\x04");
    expect(await tty.end()).toBe(0);
  });

  test("what was typed is kept for its user alone, and no more of it than can be asked for", async () => {
    const file = join(shop.folder, "history");
    const old = Array.from({ length: 1200 }, (_, i) => `print ${i}\n`).join("");
    for (const before of ["", old]) {
      rmSync(file, { force: true });
      if (before !== "") writeFileSync(file, before);
      const tty = at("debug --virtual relay.ts", { env: { GENIX_HISTORY: file } });
      await tty.until(prompt());
      tty.type("quit\r");
      expect(await tty.end()).toBe(0);
      const kept = readFileSync(file, "utf8");
      expect(kept).toBe(
        before === "" ? "quit\n" : `${old.slice(old.indexOf("print 200\n"))}quit\n`,
      );
      if (before === "") expect(statSync(file).mode & 0o777).toBe(0o600);
    }
  });

  test("Ctrl-C stops a program that runs, and not the debugger", async () => {
    const tty = at("debug --virtual endless.ts");
    await tty.until(prompt());
    tty.type("continue\r");
    await tty.shows("(genix) continue");
    tty.type("\x03");
    await tty.shows(/step \d+ .*interrupted/);
    await tty.until(prompt());
    tty.type("back\r");
    await tty.shows(/step \d+ \(0 ms\) task 2 "main" yieldCpu\(\)[^[]*\n(.*\n)*\(genix\)\s*$/);
    tty.type("quit\r");
    expect(await tty.end()).toBe(0);
  });

  test("what is typed while a command runs is at the next prompt, and goes on behind it", async () => {
    const tty = at("debug --virtual relay.ts");
    await tty.until(prompt());
    tty.type("run-to 10\rcontinue\rba");
    const screen = await tty.until(prompt("ba"));
    for (const line of ["(genix) continue", "lap 1", "lap 2"]) expect(screen).toContain(line);
    tty.type("ck\r");
    await tty.shows(/^\(genix\) back\nstep \d+/m);
  });

  test("what is typed meanwhile does not wipe out a line that the program has begun", async () => {
    shop.write(
      "slowly.mjs",
      `import { existsSync } from "node:fs";
import { sleep, stdout, write } from "genix";
export default function* main() {
  yield* write(stdout, "one ");
  while (!existsSync("go")) yield* sleep(10);
  yield* write(stdout, "two\\n");
}
`,
    );
    const tty = at("debug slowly.mjs");
    await tty.until(prompt());
    tty.type("continue\r");
    await tty.shows(/^one$/m);
    tty.type("quit");
    await tty.shows(/^one quit$/m);
    shop.write("go", "");
    await tty.shows(/^one two$/m);
    await tty.until(prompt("quit"));
    tty.type("\r");
    expect(await tty.end()).toBe(0);
  });

  test("panes stay at the top, side by side, while the conversation scrolls below", async () => {
    const tty = at("debug --virtual relay.ts", { columns: 120, rows: 30 });
    await tty.until(prompt());
    tty.type("layout all\r");
    await tty.shows("── last steps ─");
    tty.type("break on baton\rcontinue\r");
    const screen = await tty.until((rows) => /^> +6 /m.test(rows.join("\n")) && prompt()(rows));
    expect(screen[0]).toMatch(/^── relay\.ts ─+ tasks ─+$/);
    const marked = screen.slice(0, 20).find((row) => row.startsWith(">"));
    expect(marked).toMatch(/^> +6 {4}const lap = yield\* baton\.receive\(\); +│/);
    expect(screen.some((row) => /│ \* +3 +ann +blocked/.test(row))).toBe(true);
    expect(screen.some((row) => /│ .*baton +task 3 "ann"/.test(row))).toBe(true);
    tty.type("help\rps\r");
    const listed = (rows: readonly string[]) => /task.*\n.*init/i.test(rows.slice(20).join("\n"));
    const after = await tty.until((rows) => listed(rows) && prompt()(rows)); // The panes are drawn.
    expect(after.slice(0, 20)).toEqual(screen.slice(0, 20));
    tty.type("task 2\r");
    await tty.until((rows) => rows.some((row) => /│ \* +2 +main/.test(row)));
  });

  test("a line that is too long for a pane is cut at its edge, also one of letters of two columns", async () => {
    const line = `  yield* sleep(1); // ${"日本語の仕事".repeat(8)}END`;
    shop.write(
      "long.ts",
      `import { sleep, type Program } from "genix";
export default function* main(): Program<void> {
${line}
}
`,
    );
    const tty = at("debug --virtual long.ts");
    await tty.until(prompt());
    tty.type("layout source\rstep 2\r");
    const rows = await tty.until((rows) => rows.join("").includes("日本") && prompt()(rows));
    const [row = "", shown = ""] = /^> +3 {4}(.*)$/m.exec(rows.slice(0, 12).join("\n")) ?? [];
    expect(line.trimStart().startsWith(shown.trimStart())).toBe(true);
    expect(shown.length).toBeGreaterThan(40);
    expect(row).toContain("sleep(1)");
  });

  test("panes stand below each other where it is narrow, follow the size, and Ctrl-L spares them", async () => {
    const tty = at("debug --virtual relay.ts", { columns: 80, rows: 24 });
    await tty.until(prompt());
    tty.type("layout source tasks\rstep\r");
    const titles = (rows: readonly string[]): string[] =>
      rows.filter((row) => row.startsWith("── "));
    const screen = await tty.until((rows) => titles(rows).length === 2 && prompt()(rows));
    expect(titles(screen)[1]).toMatch(/^── tasks ─+$/);
    tty.type("back\x0c");
    const cleared = await tty.until((rows) => rows[16] === "(genix) back");
    expect(cleared.slice(17).join("")).toBe("");
    expect(titles(cleared)).toEqual(titles(screen));
    tty.resize(110, 30);
    await tty.until((rows) => /^── .* tasks ─+$/.test(rows[0] ?? "") && rows[0]?.length === 110);
    tty.resize(60, 10); // No room.
    await tty.until((rows) => titles(rows).length === 0 && prompt("back")(rows));
    tty.resize(80, 24);
    await tty.until((rows) => titles(rows).length === 2);
  });

  test.each(["layout off\r", "quit\r"])("the whole screen scrolls again after %j", async (end) => {
    const rows = 24;
    const tty = at("debug --virtual relay.ts", { rows }, "; seq 100");
    await tty.until(prompt());
    tty.type("layout all\rstep\r");
    await tty.until((screen) => screen.join("\n").includes("last steps") && prompt()(screen));
    tty.type(end);
    if (!end.startsWith("q")) {
      await tty.until((screen) => !screen.join("\n").includes("last steps") && prompt()(screen));
      tty.type("quit\r");
    }
    await tty.end();
    expect(tty.screen.slice(0, rows - 1)).toEqual(
      Array.from({ length: rows - 1 }, (_, i) => String(100 - rows + 2 + i)),
    );
  });
});

atTerminal("genix top at a terminal", () => {
  test("what is too long for the screen is cut at its edge, also behind letters of two columns", async () => {
    shop.write(
      "wide.ts",
      `import { sleep, spawn, wait, type Program } from "genix";
function* job(): Program<void> {
  yield* sleep(123_456_789);
}
export default function* main(): Program<void> {
  for (const name of ["narrow", "日本語の仕事"]) yield* spawn(job(), { name });
  yield* wait();
}
`,
    );
    const tty = at("top wide.ts", { columns: 90 });
    const rows = await tty.shows(/日本語の仕事 .*sleep/);
    const calls = rows.flatMap((row) => /sleep.*$/.exec(row) ?? []);
    expect(calls).toEqual([expect.stringMatching(/^sleep\(1.*…$/), calls[0]]);
    tty.type("q");
    expect(await tty.end()).toBe(0);
  });

  test("draws on a screen of its own, obeys keys, and gives the terminal back", async () => {
    const tty = at("top endless.ts");
    await tty.shows(/ 2 {2}main +ready/);
    expect(tty.alternate).toBe(true);
    tty.type("/init\r");
    await tty.until(
      (rows) => / 1 {2}init/.test(rows.join("\n")) && !rows.join("\n").includes(" 2  main"),
    );
    tty.type("?");
    await tty.shows("longest step");
    tty.resize(60, 12);
    await tty.shows("init");
    tty.type(" ");
    tty.resize(20, 5);
    await tty.until(
      (rows) => / 1 {2}init/.test(rows[1] ?? "") && rows[4]?.startsWith("q quit") === true,
    );
    tty.type("q");
    expect(await tty.end()).toBe(0);
    expect(tty.alternate).toBe(false);
  });

  test.each(["Ctrl-Z", "kill -TSTP"])(
    "%s hands the terminal to the shell, fg hands it back",
    async (how) => {
      // With job control, as in the shell of a person.
      const top = `"${process.execPath}" "${shop.bin}" top endless.ts`;
      const shell = `set -m; ${top}; echo "it is ours"; read line; fg`;
      const tty = new Tty(shell, { cwd: shop.folder });
      ttys.push(tty);
      const screen = await tty.shows(/ 2 {2}main +ready/);
      const [, program = ""] = /process (\d+)/.exec(screen[0] ?? "") ?? [];
      const parent = execFileSync("ps", ["-o", "ppid=", "-p", program], { encoding: "utf8" });
      if (how === "Ctrl-Z") tty.type("\x1a");
      else process.kill(Number(parent), "SIGTSTP");
      await tty.shows("it is ours");
      expect(tty.alternate).toBe(false);
      tty.type("\r");
      await tty.shows(/ 2 {2}main +ready/);
      expect(tty.alternate).toBe(true);
      tty.type("q");
      expect(await tty.end()).toBe(0);
      expect(tty.alternate).toBe(false);
    },
  );
});

// `genix debug` as a process, by scripts: what they print is the same at every run.

import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, Workshop } from "./genix";

const shop = new Workshop();
afterAll(() => shop.remove());

shop.write(
  "bank.ts",
  `import { sleep, spawn, stdout, wait, write, type Program } from "genix";

const account = { balance: 100 };

function* deposit(amount: number): Program<void> {
  const before = account.balance;
  yield* sleep(amount);
  account.balance = before + amount;
  yield* write(stdout, "paid in " + amount + "\\n");
}

export default function* main(argv: string[]): Program<void> {
  const people = [];
  for (const name of ["bob", "cid"]) {
    people.push(yield* spawn(deposit(name.length + people.length), { name }));
  }
  for (const pid of people) yield* wait(pid);
  if (argv[0] === "leave") process.exit(7);
  if (account.balance !== 107) throw new Error("lost update: " + account.balance);
}
`,
);

test("a lost update is found by going back from the crash to who changed the balance last", async () => {
  shop.write(
    "find.txt",
    `# forwards
break crash
continue
where
back
where

# and back
task main
assert account.balance === 104
who account.balance
reverse-next
print before + amount
info breakpoints
save run.jsonl
`,
  );
  const found = await shop.run(["debug", "--virtual", "-x", "find.txt", "-ex", "ps", "bank.ts"]);
  expect(found.stdout).toMatchInlineSnapshot(`
   "(genix) # forwards
   (genix) break crash
   breakpoint 1: crash
   (genix) continue
   paid in 3
   paid in 4
   step 13 (4 ms) task 2 "main" = { kind: "exited", pid: 4, name: "cid", value: undefined }, crashed: Error: lost update: 104, at bank.ts:19 [breakpoint 1: crash]
   > 19    if (account.balance !== 107) throw new Error("lost update: " + account.balance);
   (genix) where
   task 2 "main" crashed: Error: lost update: 104, in step 13, at bank.ts:19
       at main (bank.ts:19:38)
       in task 2 "main"
       in task 1 "init"
   (genix) back
   step 12 (4 ms) task 4 "cid" = 10, exited, from bank.ts:9
   > 9    yield* write(stdout, "paid in " + amount + "\\n");
   (genix) where
   task 4 "cid" exited, in step 12, from bank.ts:9
   (genix) # and back
   (genix) task main
   task 2 "main" ready
   (genix) assert account.balance === 104
   (genix) who account.balance
   step 11 (4 ms) task 4 "cid" write(1, "paid in 4\\n"), at bank.ts:9 [103 -> 104]
   > 9    yield* write(stdout, "paid in " + amount + "\\n");
   (genix) reverse-next
   step 6 (0 ms) task 4 "cid" sleep(4), blocked: a deadline at 4 ms, at bank.ts:7
   > 7    yield* sleep(amount);
   (genix) print before + amount
   104
   (genix) info breakpoints
   N  IS  HITS  WHAT
   1  on  1     crash
   (genix) save run.jsonl
   saved run.jsonl
   (genix) ps
     PID  TASK     STATE    STEPS  IN
       1  init     blocked  2      wait(): a child to exit
       2    main   ready    2
       3      bob  blocked  1      sleep(3): a deadline at 3 ms
   *   4      cid  blocked  1      sleep(4): a deadline at 4 ms
   "
  `);
  expect(found).toMatchObject({ code: 0, stderr: "" });
  // The recording is the same run; to its end, and back.
  const script = [
    "-ex",
    "break bank.ts:9",
    "-ex",
    "c",
    "-ex",
    "where",
    "-ex",
    "step 99",
    "-ex",
    "rc",
  ];
  const again = await shop.run(["debug", "--recording", "run.jsonl", ...script]);
  expect(again.stdout).toMatchInlineSnapshot(`
   "the recording is not whole: it has no end: whoever wrote it was stopped
   (genix) break bank.ts:9
   breakpoint 1: bank.ts:9
   (genix) c
   paid in 3
   step 8 (3 ms) task 3 "bob" write(1, "paid in 3\\n"), at bank.ts:9 [breakpoint 1: bank.ts:9]
   > 9    yield* write(stdout, "paid in " + amount + "\\n");
   (genix) where
   task 3 "bob" ready
   > #0  deposit (bank.ts:9)
   (genix) step 99
   paid in 4
   step 11 (4 ms) task 4 "cid" write(1, "paid in 4\\n"), at bank.ts:9 [breakpoint 1: bank.ts:9]
   > 9    yield* write(stdout, "paid in " + amount + "\\n");
   (genix) rc
   step 8 (3 ms) task 3 "bob" write(1, "paid in 3\\n"), at bank.ts:9 [breakpoint 1: bank.ts:9]
   > 9    yield* write(stdout, "paid in " + amount + "\\n");
   "
  `);
});

test("what a module declares is seen whoever is selected: who changed it, and after a crash, too", async () => {
  shop.write("stock.ts", "export let sold = 0;\nexport const sell = () => void sold++;\n");
  shop.write(
    "race.ts",
    `import { sleep, spawn, wait, type Program } from "genix";
import { sell, sold } from "./stock";

const tally = { sum: 0 };

function* worker(pause: number): Program<void> {
  for (let i = 0; i < 2; i++) {
    const before = tally.sum;
    yield* sleep(pause);
    tally.sum = before + 1;
    sell();
  }
}

export default function* main(): Program<void> {
  const pids = [yield* spawn(worker(2), { name: "ann" }), yield* spawn(worker(3), { name: "ben" })];
  for (const pid of pids) yield* wait(pid);
  yield* sleep(1);
  if (tally.sum !== 4) throw new Error("lost: " + tally.sum);
}
`,
  );
  const commands = `continue
print [tally.sum, sold]
print before
who tally.sum
who tally.sum
who tally.sum
who sold
goto 7
task ann
watch tally.sum
watch before
continue
continue
continue
`;
  const { stdout } = await shop.run(["debug", "--virtual", "race.ts"], { input: commands });
  const shown = stdout.split("\n").filter((line) => !/^> |^\(genix\)/.test(line));
  expect(shown.slice(1)).toMatchInlineSnapshot(`
   [
     "[2, 4]",
     "before: ReferenceError: before is not defined; the task has ended, and only its module's variables are left",
     "step 10 (4 ms) task 3 "ann" exited, from race.ts:9 [1 -> 2]",
     "step 8 (2 ms) task 3 "ann" sleep(2), blocked: a deadline at 4 ms, at race.ts:9 [0 -> 1]",
     "tally.sum has not changed since it is there",
     "step 8 (2 ms) task 3 "ann" sleep(2), blocked: a deadline at 4 ms, at race.ts:9 [0 -> 1]",
     "step 7 (0 ms) task 2 "main" = 4, wait(3), blocked: a child to exit, at race.ts:17",
     "task 3 "ann" blocked: sleep(2): a deadline at 2 ms",
     "breakpoint 1: watch tally.sum (now 0)",
     "breakpoint 2: watch before (now 0)",
     "step 8 (2 ms) task 3 "ann" sleep(2), blocked: a deadline at 4 ms, at race.ts:9 [breakpoint 1: watch tally.sum, 0 -> 1]",
     "step 10 (4 ms) task 3 "ann" exited, from race.ts:9 [breakpoint 1: watch tally.sum, 1 -> 2]",
     "step 14 (7 ms) task 2 "main" crashed: Error: lost: 2, at race.ts:19 [a crash that nobody waits for]",
     "",
   ]
  `);
});

test("where no frame of the program's is selected, names are those of its module", async () => {
  shop.write(
    "module.ts",
    `import { sleep, type Program } from "genix";
let total = 1;
export default function* main(): Program<void> {
  total += 1;
  yield* sleep(10);
}
`,
  );
  const commands = ["print total", "watch total", "c", "task init", "print total * 10"];
  const atTheEnd = ["delete", "c", "print total * 100", "print 1 + 1", "print nope"];
  const { stdout } = await shop.run(["debug", "--virtual", "module.ts"], {
    input: [...commands, ...atTheEnd].join("\n"),
  });
  const shown = stdout.split("\n").filter((line) => !/^\(genix\)|^> |^step 7/.test(line));
  expect(shown).toEqual([
    "1",
    "breakpoint 1: watch total (now 1)",
    expect.stringMatching(/^step 2 .*\[breakpoint 1: watch total, 1 -> 2\]$/),
    'task 1 "init" ready',
    "20",
    "deleted: 1 breakpoint",
    expect.stringContaining("the program has ended"),
    "200",
    "2",
    "nope: ReferenceError: nope is not defined; the task has ended, and only its module's variables are left",
    "",
  ]);
});

test("options after the program are the program's, and said to be if the debugger has such", async () => {
  shop.write("echo.mjs", "export default function* main(argv) { console.log(argv.join()); }\n");
  const { stdout, stderr } = await shop.run([
    "debug",
    "--seed",
    "1",
    "-ex",
    "c",
    "--virtual",
    "echo.mjs",
    "--fast",
    "-ex",
    "ps",
    "--ex=3",
  ]);
  expect(stdout).toMatch(/^\(genix\) c\n--fast,-ex,ps,--ex=3\n/);
  expect(stderr).toBe(
    "genix: -ex is after the program, so it is the program's; the debugger's own go before it\n",
  );
  const quiet = await shop.run(["debug", "-ex", "c", "--virtual", "echo.mjs", "--fast"]);
  expect(quiet).toMatchObject({ code: 0, stderr: "" });
});

test("a script ends at the first command that fails, with its line, and code 1", async () => {
  shop.write("fails.txt", "step 4\n\nassert account.balance === 7\nps\n");
  const { code, stdout, stderr } = await shop.run([
    "debug",
    "--virtual",
    "-x",
    "fails.txt",
    "bank.ts",
  ]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: "genix: fails.txt:3: it is not true that account.balance === 7\n",
  });
  expect(stdout).not.toContain("(genix) ps");
});

test("of a program that ends its process the past remains, and it can be run anew", async () => {
  const commands =
    "c\nstep\np account\nback\np account.balance\n" +
    "break nope.ts:1\nbreak 3\nstpe\nrestart\nstep\nq\nps\n";
  const { code, stdout } = await shop.run(["debug", "--virtual", "bank.ts", "leave"], {
    input: commands,
  });
  expect(code).toBe(0);
  expect(stdout).toMatchInlineSnapshot(`
   "(genix) c
   paid in 3
   paid in 4
   step 12 (4 ms) task 4 "cid" = 10, exited, from bank.ts:9 [the program called process.exit(7) in step 13, of task 2 "main"]
   > 9    yield* write(stdout, "paid in " + amount + "\\n");
   there is no more; back, goto and reverse-continue go back, restart begins again
   (genix) step
   there is no more; back, goto and reverse-continue go back, restart begins again
   (genix) p account
   { balance: 104 }
   (genix) back
   step 11 (4 ms) task 4 "cid" write(1, "paid in 4\\n"), at bank.ts:9
   > 9    yield* write(stdout, "paid in " + amount + "\\n");
   (genix) p account.balance
   104
   (genix) break nope.ts:1
   there is no file nope.ts
   (genix) break 3
   breakpoint 1: bank.ts:7 (no yield begins in line 3; moved)
   (genix) stpe
   there is no command stpe; did you mean step?
   (genix) restart
   step 0 (0 ms) nothing has run yet
   (genix) step
   step 1 (0 ms) task 1 "init" spawn([program], { name: "main" }), at genix/tasks/init.ts:29
   (genix) q
   "
  `);
});

test("the session in docs/debugging.md goes as printed there", async () => {
  const read = (file: string): string => readFileSync(join(root, file), "utf8");
  shop.write("hello.ts", /<!-- run: hello.ts -->\n```ts\n([^]*?)```/.exec(read("README.md"))![1]!);
  const [, printed = ""] = /step begins[^\n]*\n([^]*?)```/.exec(read("docs/debugging.md")) ?? [];
  const commands = [...printed.matchAll(/^\(genix\) (.*)$/gm)].flatMap(([, one]) => ["-ex", one!]);
  const { stdout } = await shop.run(["debug", "--virtual", ...commands, "hello.ts"]);
  expect(stdout).toBe(printed);
  expect(read("README.md")).toContain(printed.split("\n").slice(0, 5).join("\n"));
});

test.each([
  [[], "name a program to debug, or --recording FILE"],
  [["--recording", "x", "bank.ts"], "name a program or --recording, not both"],
  [["--shuffle", "bank.ts"], "--shuffle works on the virtual machine only; add --virtual"],
  [["--recording", "bank.ts"], "cannot play bank.ts: it is no recording"],
  [["-x", "nope.txt", "bank.ts"], "nope.txt, with commands, cannot be read"],
  [["--input", "nope.txt", "bank.ts"], "nope.txt, with input, cannot be read"],
])("genix debug %j is told what is wrong", async (args, message) => {
  const { code, stderr } = await shop.run(["debug", ...args]);
  expect(stderr).toContain(`genix: ${message}`);
  expect(code).toBe(2);
});

test("of what throws while it is loaded the place is told, as genix run tells it", async () => {
  shop.write("broken.mjs", "const none = undefined;\nnone.size;\n");
  const { stderr, code } = await shop.run(["debug", "-ex", "step", "broken.mjs"]);
  expect(await shop.run(["run", "broken.mjs"])).toMatchObject({ stderr, code });
  expect(stderr).toContain("undefined (reading 'size')\n    at ");
  expect(stderr).toMatch(/broken\.mjs:2:6\)?\n$/);
});

shop.write(
  "box.mjs",
  `import { receive, spawn, stdout, wait, write, yieldCpu } from "genix";
function* speak(word) {
  for (let i = 0; i < 3; i++) yield* yieldCpu();
  yield* write(stdout, word + " ");
}
function* hear() {
  yield* write(stdout, "heard " + (yield* receive()) + "\\n");
}
export default function* main() {
  for (const word of ["a", "b", "c"]) yield* spawn(speak(word), { name: word });
  yield* wait(yield* spawn(hear(), { name: "box" }));
}
`,
);

const byHand = async (...commands: readonly string[]): Promise<string> => {
  const all = [...commands, "continue", "save hand.jsonl"].flatMap((one) => ["-ex", one]);
  const { stdout } = await shop.run(["debug", "--virtual", ...all, "box.mjs"]);
  return stdout;
};

test("a run with a message by hand is replayed as it was", async () => {
  expect(await byHand("break receive", "continue", "tell box 7")).toContain("heard 7\n");
  expect(await shop.run(["replay", "hand.jsonl"])).toMatchObject({
    code: 0,
    stdout: "a b heard 7\nc ",
    stderr: "",
  });
});

test("a message by hand that no recording could hold is refused with the reason", async () => {
  const { code, stderr } = await shop.run([
    "debug",
    "--virtual",
    "-ex",
    "step 4",
    "-ex",
    "tell main function () {}",
    "box.mjs",
  ]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: "genix: -ex: [function ] cannot be a message by hand: only data can be recorded\n",
  });
});

test("who is chosen last runs next, and then it goes on in order", async () => {
  const choices = ["choose main", "choose c"];
  const printed = await byHand("step 9", "ready", ...choices, "step", "step");
  expect(printed).toContain('ready: task 4 "b", task 5 "c", task 2 "main", task 3 "a"\n');
  expect(printed).toMatch(/^step 10 .*task 5 "c"/m);
  expect(printed).toMatch(/^step 11 .*task 4 "b"/m);
});

test("a replay that differs by a crash is told to differ, and not as a crash of the recorded run", async () => {
  const source = (body: string) =>
    `import { sleep } from "genix";\nexport default function* main() {\n  ${body}\n}\n`;
  shop.write("edited.mjs", source("yield* sleep(1);"));
  await shop.run(["run", "--virtual", "--record", "edited.jsonl", "edited.mjs"]);
  shop.write("edited.mjs", source(`throw new Error("new");`));
  const { stdout } = await shop.run(["debug", "--recording", "edited.jsonl", "-ex", "continue"]);
  expect(stdout).toContain("[the replay took another way than its recording]");
});

test("of a program that the host has ended the past remains, and nothing of the host's in it", async () => {
  shop.write(
    "rejects.mjs",
    `import { sleep } from "genix";

export default function* main() {
  setImmediate(() => process.exit(3));
  void Promise.reject(new Error("nobody listens"));
  yield* sleep(100_000);
}
`,
  );
  const commands = ["continue", "where main", "goto 2", "where", "continue", "where main"];
  const { code, stdout } = await shop.run([
    "debug",
    ...commands.flatMap((command) => ["-ex", command]),
    "rejects.mjs",
  ]);
  expect(code).toBe(0);
  const ended =
    /an error that nobody caught ended the program's process after step \d+: Error: nob/;
  expect(stdout.split("\n").filter((line) => ended.test(line))).toHaveLength(2);
  expect(stdout.match(/#0 {2}main \(rejects\.mjs:6\)/g)).toHaveLength(3);
});

test.each([
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("%s ends it, and nothing is left of what it has recorded", async (signal, code) => {
  shop.write(
    "waits.mjs",
    `import { sleep } from "genix";
export default function* main() {
  console.log("ready");
  yield* sleep(1_000_000);
}
`,
  );
  const TMPDIR = join(shop.folder, signal);
  mkdirSync(TMPDIR);
  const running = shop.start(["debug", "-ex", "continue", "waits.mjs"], { env: { TMPDIR } });
  await running.printed("ready");
  expect(readdirSync(TMPDIR)).toContainEqual(expect.stringContaining("genix-debug-"));
  running.child.kill(signal);
  expect(await running.ended).toMatchObject({ code, stderr: "" });
  expect(readdirSync(TMPDIR)).toEqual([]);
});

test("a task that has ended is known by its name, in quotes or not", async () => {
  shop.write(
    "brief.mjs",
    `import { sleep, spawn, wait } from "genix";
function* work() {
  yield* sleep(1);
}
export default function* main() {
  yield* wait(yield* spawn(work(), { name: "ann" }));
  yield* sleep(1);
}
`,
  );
  const commands = ["goto 6", "continue", "history ann", 'history "ann"', "history task ann"];
  const { stdout } = await shop.run([
    "debug",
    "--virtual",
    ...commands.flatMap((one) => ["-ex", one]),
    "brief.mjs",
  ]);
  expect(stdout.split("\n").filter((line) => /exited$/.test(line.trim()))).toHaveLength(3);
});

test("a program that takes stacks apart in its own way hides where tasks end, and ends no session", async () => {
  shop.write(
    "sites.ts",
    `import { sleep, spawn, wait, type Program } from "genix";
Error.prepareStackTrace = (_error, sites) => sites;
function* worker(): Program<void> {
  yield* sleep(1);
  throw new Error("broken");
}
export default function* main(): Program<void> {
  yield* wait(yield* spawn(worker(), { name: "worker" }));
}
`,
  );
  const commands = ["continue", "where 3", "back", "continue"].flatMap((one) => ["-ex", one]);
  const { stdout, code } = await shop.run(["debug", "--virtual", ...commands, "sites.ts"]);
  expect(code).toBe(0);
  expect(stdout).toContain("crashed: Error: broken");
  expect(stdout.match(/the program has returned undefined/g)).toHaveLength(2);
});

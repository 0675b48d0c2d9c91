// What it costs to record, to replay and to debug, each beside the same without.

const { spawnSync } = require("node:child_process");
const { readFileSync, statSync } = require("node:fs");
const { join } = require("node:path");
const { launch } = require("../../dist/cli/launch");
const { recorded } = require("../debug/recorded");
const { debugging } = require("../debug/session");
const { inFolder } = require("../debug/folder");
const { timedRounds } = require("../rounds");
const { echoRate } = require("./echo");
const { manage, switching, typed } = require("../peers/genix");

const TASKS = 100;
const program = join(__dirname, "..", "debug", "turns.js");
const genix = join(__dirname, "..", "..", "dist", "cli", "bin.js");

/** Nanoseconds per context switch, and what the recording of one takes. */
exports.switchingRecorded = (subject) =>
  inFolder(async (folder) => {
    const file = join(folder, "run.jsonl");
    let steps = 0;
    const record = async (turns) => {
      const run = await recorded(() => manage(typed, TASKS, turns), file);
      steps = run.steps;
      return run.value;
    };
    const run = subject === "genix" ? record : (turns) => switching(TASKS, turns);
    const value = await timedRounds(
      (turns) => run(turns),
      TASKS,
      (turns) => TASKS * turns,
    );
    return steps === 0 ? { value } : { value, bytes: [statSync(file).size / steps] };
  });

/** Requests per second of an echo server, and what the recording of one takes. */
exports.echoRecorded = (subject) =>
  inFolder(async (folder) => {
    if (subject !== "genix") return [await echoRate("server-genix.js")];
    const file = join(folder, "run.jsonl");
    const value = [await echoRate("server-recorded.js", [file])];
    const text = readFileSync(file, "latin1");
    return { value, bytes: [text.length / (text.split('"write":').length - 1)] };
  });

/** Milliseconds to go back in a run of 100,000 steps: at once, step by step, to a breakpoint. */
exports.goingBack = () =>
  debugging("turns.js", ["997"], async (session) => {
    await session.run({});
    expectSteps(session.at.step, 100_007);
    const first = await timed(() => stepBack(session));
    const more = await timed(async () => {
      for (let i = 0; i < 10; i++) await stepBack(session);
    });
    await session.addBreakpoint({ on: "call", call: "getpid" });
    const middle = await timed(() => session.runBack({}));
    if (session.at.reason.kind !== "breakpoint") throw new Error("the breakpoint was not found");
    return { first: [first], more: [more / 10], middle: [middle] };
  });

async function stepBack(session) {
  const step = session.at.step - 1;
  await session.goTo(step);
  expectSteps(session.at.step, step);
}

function expectSteps(step, wanted) {
  if (step !== wanted) throw new Error(`it is at step ${step}, not ${wanted}`);
}

/** Milliseconds for the stacks of `tasks` parked tasks, as `where all` prints them. */
exports.lookingAtAll = (_subject, { tasks }) =>
  debugging("parked.js", [String(tasks)], async (session) => {
    const { sections, Shell } = require("../../dist/debugger");
    const { shellHost } = require("../../dist/cli/debug/host");
    let lines = 0;
    const print = (text) => (lines += text.split("\n").length);
    const shell = new Shell(
      session,
      shellHost({ print, tty: false }, "", () => {}),
      sections,
    );
    await session.run({ step: 3 * tasks });
    await shell.execute("limit 0");
    const took = await timed(() => shell.execute("where all"));
    if (lines < 3 * tasks) throw new Error(`it printed ${lines} lines`);
    return [took];
  });

/**
 * Steps per second of a run to the end, with a breakpoint `on` the one call in the middle, which is
 * let pass.
 */
exports.continuing = async (subject, { turns, on }) => {
  const argv = [String(turns)];
  if (subject !== "genix") return [await runRate(argv)];
  return debugging("turns.js", argv, async (session) => {
    if (on !== undefined) await session.addBreakpoint(points[on], undefined, 1);
    const took = await timed(() => session.run({}));
    if (session.at.reason.kind !== "end") throw new Error(`it stopped at ${session.at.step}`);
    return [(session.at.step * 1000) / took];
  });
};

const points = {
  call: { on: "call", call: "getpid" },
  line: { on: "line", file: program, line: lineOf("yield* getpid()") },
};

function lineOf(text) {
  return (
    1 +
    readFileSync(program, "utf8")
      .split("\n")
      .findIndex((line) => line.includes(text))
  );
}

/** The same as `genix run` does it, once the program is loaded. */
async function runRate(argv) {
  const { system } = await launch(program, argv, {});
  const took = await timed(() => system.machine.run());
  return (system.kernel.steps * 1000) / took;
}

/** Steps per second of the command, from its start to its end. */
exports.replaying = (subject, { turns }) =>
  inFolder((folder) => {
    const file = join(folder, "run.jsonl");
    const argv = [program, String(turns)];
    const steps = turns * TASKS;
    if (subject !== "genix") {
      const value = [commandRate(["run", ...argv], steps)];
      return { value, recording: value };
    }
    const recording = commandRate(["run", "--record", file, ...argv], steps);
    return { value: [commandRate(["replay", "--quiet", file], steps)], recording: [recording] };
  });

function commandRate(args, steps) {
  const began = performance.now();
  // On a busy host the watchdog has something to say.
  const { status, stderr } = spawnSync(process.execPath, [genix, ...args]);
  if (status !== 0) throw new Error(`genix ${args.join(" ")} ended with ${status}: ${stderr}`);
  return (steps * 1000) / (performance.now() - began);
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

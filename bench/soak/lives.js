// Lives: tasks that end in every way there is, each waited for by its parent.

const { kill, sleep, spawn, wait, yieldCpu } = require("../..");

const BATCH = 100;

/** `total` tasks live and die; `pause` is called between two batches, when all are gone. */
exports.lives = function* (total, { pick, pause, must }) {
  for (let done = 0; done < total; done += BATCH) {
    const pids = [];
    for (let i = 0; i < BATCH; i++) pids.push(yield* spawn(life(pick(5), pick(20))));
    const killed = new Map();
    for (let i = 0; i < BATCH / 5; i++) {
      const [pid, signal] = [pids[pick(BATCH)], pick(2) === 0 ? "TERM" : "KILL"];
      killed.set(pid, (killed.get(pid) ?? []).concat(signal));
      yield* kill(pid, signal, "soak");
    }
    for (const pid of pids) check(yield* wait(pid), killed.get(pid) ?? [], must);
    pause(done + BATCH);
  }
};

function check(status, sent, must) {
  const { kind } = status;
  if (kind === "killed") must(sent.includes(status.signal), `task ${status.pid} was never killed`);
  else if (kind === "exited") must(status.value === "done", `a task exited with ${status.value}`);
  else must(status.error === oops, `a task crashed with ${String(status.error)}`);
}

const oops = new Error("on purpose");

function* life(way, delay) {
  if (way === 0) return "done";
  try {
    if (way === 1) yield* yieldCpu();
    else if (way === 2) yield* sleep(delay);
    else if (way === 3) yield* wait(yield* spawn(life(delay % 3, delay), { bound: true }));
    else throw oops;
  } finally {
    // A clean-up that blocks.
    yield* sleep(delay);
  }
  return "done";
}

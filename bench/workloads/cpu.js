// The workloads that are timed in rounds: switching, spawning, trapping below calls. Each peer
// does the same, counted.

const { timedRounds } = require("../rounds");

const TASKS = 100;

/** Nanoseconds per context switch, in a ring of 100 tasks. */
exports.switching = (peer) => switches(peer.switching);

/** The same with the peer's bare `yield`, where it has one. */
exports.bareSwitching = (peer) => switches(peer.bareSwitching);

async function switches(run) {
  await checkTurns(run);
  return timedRounds(
    (turns) => run(TASKS, turns),
    TASKS,
    (turns) => TASKS * turns,
  );
}

/**
 * Do they really take turns? At the start and the end some run while others are being made or are
 * gone.
 */
async function checkTurns(run) {
  const seen = [];
  await run(3, 9, seen);
  const steady = seen.slice(9, 18).join("");
  if (seen.length !== 27 || !/^(.)(.)(.)(\1\2\3){2}$/.test(steady))
    throw new Error(`three tasks take turns as ${steady}`);
}

/**
 * Nanoseconds per task that is spawned, gives up the CPU once, ends and is waited for; 100 live at
 * a time.
 */
exports.spawning = (peer) =>
  timedRounds(
    (batches) => peer.spawning(batches, TASKS),
    TASKS,
    (batches) => (batches * TASKS * (TASKS - 1)) / 2,
  );

/** Nanoseconds per trap of one task below `depth` calls. */
exports.trapping = (peer, { depth }) =>
  timedRounds(
    (thousands) => peer.depth(depth, 1000 * thousands),
    1000,
    (thousands) => 1000 * thousands,
  );

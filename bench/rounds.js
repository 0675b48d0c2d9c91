// Timing: how long a piece of work takes per unit, in rounds. No gc() here: a forced collection
// just before a timed round makes the next ones 2-5 times slower.

const { smoke } = require("./smoke");

const ROUND = smoke() ? 1 : 60; // milliseconds
const WARM_UPS = smoke() ? 0 : 2;
const ROUNDS = smoke() ? 1 : 9;

/**
 * Time `work(size)`, which does `size * units` units and returns how many `expected(size)` says it
 * must. Returns
 * nanoseconds per unit, one figure a round. The search for a size that fills a round also warms the
 * code up.
 */
async function timedRounds(work, units, expected) {
  const once = async (size) => {
    const began = performance.now();
    const result = await work(size);
    const took = performance.now() - began;
    if (result !== expected(size))
      throw new Error(`did ${result} where ${expected(size)} was asked for`);
    return took;
  };
  let size = 1;
  for (let took = await once(size); took < ROUND; took = await once(size)) {
    size = Math.ceil(size * Math.min(8, Math.max(1.2, (1.1 * ROUND) / took)));
  }
  const samples = [];
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    const took = await once(size);
    if (round >= 0) samples.push((took * 1e6) / (size * units));
  }
  return samples;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

module.exports = { timedRounds, median };

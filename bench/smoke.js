// A smoke test of the benchmark: everything in it is run once, and small. It is asked for through
// the environment, which the processes of the measurements inherit.

exports.SMOKE = "GENIX_BENCH_SMOKE";

exports.smoke = () => process.env[exports.SMOKE] !== undefined;

/** A workload's options, with no number in them above 1,000 in a smoke test. */
exports.sized = (options) => {
  if (!exports.smoke()) return options;
  const small = (value) => (typeof value === "number" ? Math.min(value, 1000) : value);
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, small(value)]));
};

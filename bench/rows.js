// What is measured, for whom, and the bars. A row is one measurement; it prints a line for each of
// its figures.

/** The peers in the order of the columns. */
const peers = [
  { name: "genix", title: "genix", module: "./peers/genix.js" },
  { name: "hand", title: "by hand", module: "./peers/hand.js" },
  { name: "native", title: "async/await", module: "./peers/native.js" },
  { name: "co", title: "co", module: "./peers/co.js" },
  { name: "redux-saga", title: "redux-saga", module: "./peers/redux-saga.js" },
  { name: "effection", title: "effection", module: "./peers/effection.js" },
  { name: "effect", title: "effect", module: "./peers/effect.mjs" },
];

/** A bar on genix's figure beside a peer's. */
const beside = (peer, title, { most, least }) => ({
  of: (figures) => figures.genix / figures[peer],
  most,
  least,
  unit: `x ${title}`,
});

const rows = [
  {
    name: "switch-typed",
    workload: "switching",
    lines: [
      { title: "context switch, yield* call", bar: beside("native", "async", { most: 1.2 }) },
    ],
  },
  {
    name: "switch-bare",
    workload: "bareSwitching",
    lines: [{ title: "context switch, yield call", bar: beside("native", "async", { most: 0.9 }) }],
  },
  {
    name: "spawn",
    workload: "spawning",
    lines: [{ title: "spawn + wait, per task", bar: beside("native", "async", { most: 3 }) }],
  },
  ...[1, 10, 100, 1000].map((depth) => ({
    name: `depth-${depth}`,
    workload: "trapping",
    options: { depth },
    lines: [{ title: `trap below ${depth} call${depth > 1 ? "s" : ""}`, bar: flat(depth) }],
  })),
  {
    name: "parked",
    workload: "parking",
    options: { tasks: 1_000_000 },
    // What takes longer or much more memory is measured with fewer tasks; per task it comes to the
    // same.
    fewer: { "redux-saga": { tasks: 100_000 }, effection: { tasks: 10_000 } },
    nodeOptions: ["--expose-gc", "--max-old-space-size=8192"],
    repeats: 1,
    lines: [{ title: "memory, per parked task", unit: "bytes", bar: bytes(600) }],
  },
  {
    name: "timers",
    workload: "timers",
    options: { tasks: 100_000 },
    fewer: { effection: { tasks: 10_000 } },
    repeats: 1,
    lines: [
      { title: "timers, CPU time per timer", unit: "us", key: "cpu" },
      { title: "timers, worst lateness", unit: "ms", key: "late" },
    ],
  },
  {
    name: "echo",
    workload: "echo",
    only: ["genix", "hand", "native"],
    lines: [
      { title: "echo over TCP", unit: "req/s", bar: beside("hand", "by hand", { least: 0.85 }) },
    ],
  },
];

/** Traps cost the same at every depth: the bar of the deepest row. */
function flat(depth) {
  if (depth !== 1000) return undefined;
  return {
    of: (figures, all) => figures.genix / all["depth-1"]?.genix,
    most: 1.2,
    unit: "x depth 1",
  };
}

function bytes(most) {
  return { of: (figures) => figures.genix, most, unit: " bytes" };
}

module.exports = { peers, rows };

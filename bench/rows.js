// What is measured, for whom, and the bars. A row is one measurement; it prints a line for each of
// its figures.

/** The peers in the order of the columns, and their files in peers/, and some in together/. */
const peers = [
  { name: "genix", title: "genix", module: "genix.js" },
  { name: "hand", title: "by hand", module: "hand.js" },
  { name: "native", title: "async/await", module: "native.js" },
  { name: "co", title: "co", module: "co.js" },
  { name: "redux-saga", title: "redux-saga", module: "redux-saga.js" },
  { name: "effection", title: "effection", module: "effection.js" },
  { name: "effect", title: "effect", module: "effect.mjs" },
];

/** A bar on genix's figure beside a peer's. */
const beside = (peer, title, { most, least }) => ({
  of: (figures) => figures.genix / figures[peer],
  most,
  least,
  unit: `x ${title}`,
});

const RENDEZVOUS = ["genix", "native"];
const BUFFERED = ["genix", "native", "redux-saga", "effection", "effect"];

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
  ...[0, 16].map((capacity) => ({
    name: `ping-pong-${capacity}`,
    from: "together",
    workload: "pingPong",
    options: { capacity },
    only: capacity === 0 ? RENDEZVOUS : BUFFERED,
    lines: [{ title: capacity === 0 ? "rendezvous round trip" : "buffered round trip" }],
  })),
  {
    name: "mutex",
    from: "together",
    workload: "contend",
    options: { tasks: 10 },
    only: ["genix", "native", "effect"],
    lines: [{ title: "mutex hand-over, 10 tasks" }],
  },
  {
    name: "select",
    from: "together",
    workload: "selecting",
    options: { width: 10 },
    only: BUFFERED,
    lines: [{ title: "select over 10 channels" }],
  },
  {
    name: "group",
    from: "together",
    workload: "gathering",
    options: { children: 10_000 },
    only: BUFFERED,
    // It keeps its children in a list that it searches at every end.
    fewer: { effection: { children: 1000 } },
    lines: [{ title: "group of 10,000, per child" }],
  },
  {
    name: "kill",
    from: "together",
    workload: "killing",
    options: { tasks: 100_000 },
    only: BUFFERED,
    fewer: { effection: { tasks: 10_000 } },
    lines: [{ title: "100,000 killed, per task" }],
  },
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

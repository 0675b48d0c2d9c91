// What is measured of the debugger: with it, and without.

const peers = [
  { name: "genix", title: "with" },
  { name: "plain", title: "without" },
];

/** A bar on the figure with the debugger beside that without. */
const most = (times) => ({
  of: ({ genix, plain }) => genix / plain,
  most: times,
  unit: "x without",
});

/** A bar on how many times as long `genix run` takes when it records. */
const command = (times) => ({
  of: ({ genix, plain }) => plain / genix,
  most: times,
  unit: "x without",
});

const within = (milliseconds) => ({
  of: ({ genix }) => genix,
  most: milliseconds,
  unit: " ms",
});

const rows = [
  {
    name: "record-switch",
    workload: "switchingRecorded",
    lines: [
      { title: "context switch, recorded", bar: most(2) },
      { title: "its recording, per step", unit: "bytes", key: "bytes" },
    ],
  },
  {
    name: "record-echo",
    workload: "echoRecorded",
    repeats: 1,
    lines: [
      { title: "echo over TCP, recorded", unit: "req/s" },
      { title: "its recording, per request", unit: "bytes", key: "bytes" },
    ],
  },
  {
    name: "replay",
    workload: "replaying",
    options: { turns: 10_000 },
    lines: [
      { title: "genix run --record", unit: "steps/s", key: "recording", bar: command(2) },
      { title: "genix replay --quiet", unit: "steps/s" },
    ],
  },
  {
    name: "back",
    workload: "goingBack",
    only: ["genix"],
    lines: [
      { title: "step back from 100,000", unit: "ms", key: "first", bar: within(1000) },
      { title: "each of ten more", unit: "ms", key: "more", bar: within(1000) },
      { title: "back to a breakpoint half way", unit: "ms", key: "middle" },
    ],
  },
  {
    name: "where",
    workload: "lookingAtAll",
    options: { tasks: 10_000 },
    repeats: 1,
    only: ["genix"],
    lines: [{ title: "where all, 10,000 tasks", unit: "ms" }],
  },
  ...[
    { name: "continue", title: "no breakpoint", options: { turns: 5000 } },
    { name: "continue-call", title: "on a call", options: { turns: 5000, on: "call" } },
    { name: "continue-line", title: "on a line", options: { turns: 1000, on: "line" } },
  ].map(({ name, title, options }) => ({
    ...{ name, options, workload: "continuing", repeats: 1 },
    lines: [{ title: `continue, ${title}`, unit: "steps/s" }],
  })),
];

module.exports = { peers, rows };

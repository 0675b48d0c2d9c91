// `npm run bench`: measures every row for every peer and prints the table, a line as soon as it is
// known.

const { fork } = require("node:child_process");
const { once } = require("node:events");
const { availableParallelism, cpus } = require("node:os");
const { join } = require("node:path");
const { median } = require("./rounds");
const { SMOKE, smoke } = require("./smoke");
const { setUp } = require("./setup");
const { header, line } = require("./table");
const { tables } = require("./tables");

const names = tables.flatMap(({ rows }) => rows.map(({ name }) => name));

const HELP = `Usage: npm run bench [-- [--smoke] [ROW]]

Measures genix beside its peers and prints one table. Takes about 5 minutes on 2 cores; keep the machine idle meanwhile.
With ROW, measures only the rows whose names begin so. With --smoke, does each row's work once, small and
for those peers only that are no packages of their own: its figures mean nothing, but that it works does.

Rows: ${names.join(", ")}
How it measures, and how to read the table: bench/README.md`;

/**
 * The peers of the bars are measured in this many processes, in turn with each other; the others in
 * one.
 */
const REPEATS = 3;
const REPEATED = ["genix", "hand", "native", "plain"];

async function main(args) {
  if (args.includes("--help") || args.includes("-h")) return console.log(HELP);
  const chosenRows = args.filter((arg) => arg !== "--smoke");
  const [wanted = ""] = chosenRows;
  if (!names.some((name) => name.startsWith(wanted)) || chosenRows.length > 1) {
    console.error(`There is no row ${chosenRows.join(" ")}; there are ${names.join(", ")}`);
    process.exit(2);
  }
  if (chosenRows.length < args.length) process.env[SMOKE] = "1";
  setUp({ packages: !smoke() });
  const [{ model }] = cpus();
  console.log(`Node ${process.versions.node}, ${availableParallelism()} x ${model}`);
  if (smoke()) console.log("A smoke test: the figures mean nothing.");
  for (const table of tables) {
    const chosen = table.rows.filter(({ name }) => name.startsWith(wanted));
    if (chosen.length > 0) console.log(`\n${header(table)}`);
    const all = {};
    for (const row of chosen) await report(table, row, all);
  }
}

/**
 * Measure `row` and print its lines. `all` has the figures of the rows before, and gets this one's.
 */
async function report(table, row, all) {
  const samples = await measureAll(table, row);
  for (const spec of row.lines) {
    const figures = {};
    for (const [peer, runs] of Object.entries(samples)) {
      if (runs[0][spec.key ?? "value"] === undefined) continue;
      // A process now and then is slow as a whole: the median of its rounds counts as one figure.
      figures[peer] = median(runs.map((run) => median(run[spec.key ?? "value"])));
    }
    all[row.name] ??= figures;
    const verdict = smoke() ? undefined : judge(spec.bar, figures, all);
    console.log(line(table, spec, figures, verdict));
  }
}

/** How often a peer may begin a measurement. */
const ATTEMPTS = 5;

async function measureAll({ peers }, row) {
  const samples = {};
  const turns = smoke() ? 1 : (row.repeats ?? REPEATS);
  for (let turn = 0; turn < turns; turn++) {
    for (const { name } of peers) {
      if (row.only !== undefined && !row.only.includes(name)) continue;
      if ((turn > 0 || smoke()) && !REPEATED.includes(name)) continue;
      samples[name] ??= [];
      samples[name].push(await measureAgain(row, name));
    }
  }
  return samples;
}

/** A peer that hangs, as Effect's race over ten queues does one time in four, is asked again. */
async function measureAgain(row, name) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await measure(row, name);
    } catch (error) {
      if (name === "genix" || attempt === ATTEMPTS) throw error;
      console.error(`${error.message}; once more`);
    }
  }
}

async function measure(row, peer) {
  const options = {
    execArgv: row.nodeOptions ?? [],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  };
  const child = fork(join(__dirname, "child.js"), [row.name, peer], options);
  const exited = once(child, "exit");
  // Not at its exit: what it sent last may come after that, but not after the channel is closed.
  const silent = once(child, "disconnect").then(async () => {
    const [code] = await exited;
    throw new Error(`${row.name} of ${peer} ended with ${code} and no figures`);
  });
  silent.catch(() => {});
  const [samples] = await Promise.race([once(child, "message"), silent]);
  await exited;
  return samples;
}

/** Has the bar been met? Undefined where there is none. */
function judge(bar, figures, all) {
  if (bar === undefined) return undefined;
  const { most, least, unit } = bar;
  const value = bar.of(figures, all);
  const passed = most === undefined ? value >= least : value <= most;
  return { passed, value, limit: most ?? least, sign: most === undefined ? ">=" : "<=", unit };
}

void main(process.argv.slice(2));

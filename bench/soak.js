// `npm run soak`: a system lives through a million tasks and a million messages, with random kills,
// and must be as empty and as small afterwards as it was before. Ends with 1, and says what is
// wrong, when it is not.

const { spawnSync } = require("node:child_process");
const { median } = require("./rounds");

const HELP = `Usage: npm run soak [-- MILLIONS [SEED]]

MILLIONS of tasks and of messages: default 1, which takes a few minutes. SEED of the random kills: default 1.`;

const SAMPLES = 40;
/** Of the samples, those of the warm-up. */
const WARM_UP = 20;
/** How much the heap may grow after that. */
const GROWTH = 0.01;

function main(args) {
  const [millions = "1", seed = "1"] = args;
  if (args.includes("--help") || args.includes("-h")) return console.log(HELP);
  if (!(Number(millions) > 0 && Number.isInteger(Number(seed))) || args.length > 2) {
    console.error(HELP);
    process.exit(2);
  }
  if (globalThis.gc === undefined) return again(args);
  try {
    soak(Math.ceil(Number(millions) * 1000) * 1000, Number(seed));
    console.log("soak: all is well");
  } catch (error) {
    console.error(`soak: ${error.message}; seed ${seed}`);
    process.exitCode = 1;
  }
}

/** In a process that can collect its garbage. */
function again(args) {
  require("./setup").build();
  const { status } = spawnSync(process.execPath, ["--expose-gc", require.main.filename, ...args], {
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
}

function must(holds, message) {
  if (!holds) throw new Error(message);
}

function soak(total, seed) {
  const { System } = require("../dist/boot");
  const { VirtualMachine } = require("../dist/machine");
  const machine = new VirtualMachine({ seed, maxSteps: Infinity });
  const { kernel } = machine;
  const pick = (n) => Math.floor(machine.random() * n);
  const system = new System(machine, function* program() {
    for (const part of ["lives", "messages"]) {
      const meter = new Meter(part, total, kernel);
      yield* require(`./soak/${part}`)[part](total, { pick, must, pause: meter.pause });
      meter.judge();
    }
  });
  machine.run();
  void system.value;
  must(kernel.tasks.size === 1, `${kernel.tasks.size - 1} tasks are left besides init`);
  checkTables(kernel, 0, 0);
}

/** Watches the heap, and that nothing is left between two rounds. */
class Meter {
  #samples = [];
  #part;
  #total;
  #kernel;

  constructor(part, total, kernel) {
    this.#part = part;
    this.#total = total;
    this.#kernel = kernel;
  }

  pause = (done) => {
    const kernel = this.#kernel;
    // Init waits for the program, which runs.
    const others = [...kernel.tasks].filter(({ pid }) => pid > 2);
    must(others.length === 0, `${others.length} tasks are left, the first is ${others[0]}`);
    checkTables(kernel, 1, 3);
    if (done * SAMPLES < (this.#samples.length + 1) * this.#total) return;
    this.#samples.push(heap());
    const kilobytes = Math.round(this.#samples.at(-1) / 1024).toLocaleString("en");
    console.log(`${this.#part}: ${done.toLocaleString("en")} done, heap ${kilobytes} KB`);
  };

  judge() {
    const warm = this.#samples.slice(WARM_UP);
    const third = Math.floor(warm.length / 3);
    const [first, last] = [median(warm.slice(0, third)), median(warm.slice(-third))];
    const growth = last / first - 1;
    console.log(`${this.#part}: the heap has grown by ${(100 * growth).toFixed(2)} %`);
    must(growth < GROWTH, `the heap grows: from ${first} to ${last} bytes in ${this.#part}`);
  }
}

/** Is every table of the kernel empty, but for `parents` who wait and `descriptors`? */
function checkTables(kernel, parents, descriptors) {
  const { sleepers, outside, sigwaiters, selectors, stopped } = kernel;
  for (const queue of [sleepers, outside, sigwaiters, selectors, stopped])
    must(queue.length === 0, `${queue.length} tasks are left on the queue "${queue.label}"`);
  must(kernel.parents.length === parents, `${kernel.parents.length} parents wait`);
  must(kernel.timers.length === 0, `${kernel.timers.length} timers are left`);
  const open = kernel.descriptors.size;
  must(open === descriptors, `${open - descriptors} descriptors are left`);
  const ready = [...kernel.ready].filter((task) => task.alive);
  must(ready.length === 0, `${ready.length} tasks are left in the ready queue`);
}

function heap() {
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

main(process.argv.slice(2));

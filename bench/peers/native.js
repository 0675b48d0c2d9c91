// The language's own async functions: what every ratio is taken to.

exports.switching = async (tasks, turns, seen) => {
  const workers = [];
  for (let i = 0; i < tasks; i++) workers.push(worker(i, turns, seen));
  let taken = 0;
  for (const done of workers) taken += await done;
  return taken;
};

exports.bareSwitching = exports.switching;

async function worker(id, turns, seen) {
  let taken = 0;
  for (; taken < turns; taken++) {
    await undefined;
    if (seen !== undefined) seen.push(id);
  }
  return taken;
}

exports.spawning = async (batches, size) => {
  let sum = 0;
  for (let batch = 0; batch < batches; batch++) {
    const children = [];
    for (let i = 0; i < size; i++) children.push(child(i));
    for (const result of children) sum += await result;
  }
  return sum;
};

async function child(value) {
  await undefined;
  return value;
}

exports.parking = async (tasks, measure) => {
  let open = () => {};
  const gate = new Promise((resolve) => (open = resolve));
  let through = 0;
  async function visitor() {
    await gate;
    through += 1;
  }
  for (let i = 1; i < tasks; i++) void visitor();
  const last = visitor();
  measure();
  open();
  await last;
  return through;
};

exports.depth = descend;

async function descend(depth, turns) {
  if (depth > 1) return await descend(depth - 1, turns);
  let taken = 0;
  for (; taken < turns; taken++) await undefined;
  return taken;
}

exports.timers = async (count, delay, fired) => {
  const sleepers = [];
  for (let i = 0; i < count; i++) sleepers.push(sleeper(i, delay, fired));
  for (const done of sleepers) await done;
};

async function sleeper(i, delay, fired) {
  await new Promise((resolve) => setTimeout(resolve, delay(i)));
  fired(i);
}

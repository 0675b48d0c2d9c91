// co 4: generators that yield promises, driven by promises.

const co = require("co");

const turn = Promise.resolve();

exports.switching = (tasks, turns, seen) =>
  co(function* () {
    const workers = [];
    for (let i = 0; i < tasks; i++) workers.push(co(worker(i, turns, seen)));
    let taken = 0;
    for (const done of workers) taken += yield done;
    return taken;
  });

exports.bareSwitching = exports.switching;

function* worker(id, turns, seen) {
  let taken = 0;
  for (; taken < turns; taken++) {
    yield turn;
    if (seen !== undefined) seen.push(id);
  }
  return taken;
}

exports.spawning = (batches, size) =>
  co(function* () {
    let sum = 0;
    for (let batch = 0; batch < batches; batch++) {
      const children = [];
      for (let i = 0; i < size; i++) children.push(co(child(i)));
      for (const result of children) sum += yield result;
    }
    return sum;
  });

function* child(value) {
  yield turn;
  return value;
}

exports.parking = (tasks, measure) =>
  co(function* () {
    let open = () => {};
    const gate = new Promise((resolve) => (open = resolve));
    let through = 0;
    function* visitor() {
      yield gate;
      through += 1;
    }
    for (let i = 1; i < tasks; i++) co(visitor());
    const last = co(visitor());
    measure();
    open();
    yield last;
    return through;
  });

exports.depth = (depth, turns) => co(descend(depth, turns));

function* descend(depth, turns) {
  if (depth > 1) return yield descend(depth - 1, turns);
  let taken = 0;
  for (; taken < turns; taken++) yield turn;
  return taken;
}

exports.timers = (count, delay, fired) =>
  co(function* () {
    const sleepers = [];
    for (let i = 0; i < count; i++) sleepers.push(co(sleeper(i, delay, fired)));
    for (const done of sleepers) yield done;
  });

function* sleeper(i, delay, fired) {
  yield new Promise((resolve) => setTimeout(resolve, delay(i)));
  fired(i);
}

// redux-saga 1, without a store: its sagas are generators that yield effects or promises.

const { channel, END, runSaga } = require("redux-saga");
const { call, delay: wait, fork, join, spawn, take } = require("redux-saga/effects");

const turn = Promise.resolve();
const run = (saga, ...args) => runSaga({}, saga, ...args).toPromise();

exports.switching = (tasks, turns, seen) =>
  run(function* () {
    const workers = [];
    for (let i = 0; i < tasks; i++) workers.push(yield fork(worker, i, turns, seen));
    let taken = 0;
    for (const task of workers) taken += yield join(task);
    return taken;
  });

exports.bareSwitching = exports.switching;

// A promise as it is: an effect, call(tick), takes longer.
function* worker(id, turns, seen) {
  let taken = 0;
  for (; taken < turns; taken++) {
    yield turn;
    if (seen !== undefined) seen.push(id);
  }
  return taken;
}

exports.spawning = (batches, size) =>
  run(function* () {
    let sum = 0;
    for (let batch = 0; batch < batches; batch++) {
      const children = [];
      for (let i = 0; i < size; i++) children.push(yield fork(child, i));
      for (const task of children) sum += yield join(task);
    }
    return sum;
  });

function* child(value) {
  yield turn;
  return value;
}

// Detached (spawn): of attached forks it keeps a list, which it searches from the front at every
// end.
exports.parking = (tasks, measure) =>
  run(function* () {
    const gate = channel();
    let through = 0;
    function* visitor() {
      yield take(gate);
      through += 1;
    }
    for (let i = 0; i < tasks; i++) yield spawn(visitor);
    measure();
    for (let i = 0; i < tasks; i++) gate.put("open");
    gate.put(END);
    return through;
  });

exports.depth = (depth, turns) => run(descend, depth, turns);

function* descend(depth, turns) {
  if (depth > 1) return yield call(descend, depth - 1, turns);
  let taken = 0;
  for (; taken < turns; taken++) yield turn;
  return taken;
}

exports.timers = (count, delay, fired) =>
  run(function* () {
    const sleepers = [];
    for (let i = 0; i < count; i++) sleepers.push(yield spawn(sleeper, i, delay, fired));
    for (const task of sleepers) yield join(task);
  });

function* sleeper(i, delay, fired) {
  yield wait(delay(i));
  fired(i);
}

// What one would write by hand, without a scheduler's services: generators resumed in turn,
// setTimeout with a callback. This is the limit: no names, no results kept, no errors caught,
// nobody can be stopped or waited for.

/** Resume all of them in turn until they have ended. */
function runRing(ring) {
  while (ring.length > 0) {
    let left = 0;
    for (const task of ring) {
      if (!task.next().done) ring[left++] = task;
    }
    ring.length = left;
  }
}

exports.switching = (tasks, turns, seen) => {
  const total = { taken: 0 };
  runRing(Array.from({ length: tasks }, (_, id) => worker(id, turns, total, seen)));
  return total.taken;
};

exports.bareSwitching = exports.switching;

function* worker(id, turns, total, seen) {
  let taken = 0;
  for (; taken < turns; taken++) {
    yield;
    if (seen !== undefined) seen.push(id);
  }
  total.taken += taken;
}

exports.spawning = (batches, size) => {
  const total = { sum: 0 };
  for (let batch = 0; batch < batches; batch++) {
    const children = [];
    for (let i = 0; i < size; i++) children.push(child(i, total));
    runRing(children);
  }
  return total.sum;
};

function* child(value, total) {
  yield;
  total.sum += value;
}

exports.parking = (tasks, measure) => {
  let through = 0;
  function* visitor() {
    yield;
    through += 1;
  }
  const gate = [];
  for (let i = 0; i < tasks; i++) {
    const task = visitor();
    task.next();
    gate.push(task);
  }
  measure();
  runRing(gate);
  return through;
};

/** Calls are native delegation here: the engine walks down all of them at every resumption. */
exports.depth = (depth, turns) => {
  const task = descend(depth, turns);
  for (;;) {
    const { done, value } = task.next();
    if (done) return value;
  }
};

function* descend(depth, turns) {
  if (depth > 1) return yield* descend(depth - 1, turns);
  let taken = 0;
  for (; taken < turns; taken++) yield;
  return taken;
}

exports.timers = (count, delay, fired) =>
  new Promise((resolve) => {
    let left = count;
    const ring = (i) => {
      fired(i);
      if (--left === 0) resolve();
    };
    for (let i = 0; i < count; i++) setTimeout(ring, delay(i), i);
  });

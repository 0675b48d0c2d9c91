// The same in Effection: its queues never fill; what it calls a channel is a broadcast.

const { action, all, createQueue, race, run, sleep, spawn, suspend } = require("effection");

const turn = () =>
  action((resolve) => {
    resolve();
    return () => {};
  });

exports.pingPong = (turns) =>
  run(function* () {
    const [there, back] = [createQueue(), createQueue()];
    const echo = yield* spawn(() => echoer(there, back, turns));
    let last = 0;
    for (let i = 0; i < turns; i++) {
      there.add(last);
      last = (yield* back.next()).value;
    }
    yield* echo;
    return last;
  });

function* echoer(there, back, turns) {
  for (let i = 0; i < turns; i++) back.add((yield* there.next()).value + 1);
}

exports.selecting = (width, turns) =>
  run(function* () {
    const queues = Array.from({ length: width }, () => createQueue());
    let taken = 0;
    const sent = yield* spawn(function* () {
      for (let i = 0; i < turns; i++) {
        queues[i % width].add(i);
        while (taken <= i) yield* turn();
      }
    });
    let sum = 0;
    for (; taken < turns; taken++) sum += (yield* race(queues.map((queue) => queue.next()))).value;
    yield* sent;
    return sum;
  });

exports.gathering = (children) =>
  run(function* () {
    const operations = [];
    for (let i = 0; i < children; i++) operations.push(child(i));
    let sum = 0;
    for (const value of yield* all(operations)) sum += value;
    return sum;
  });

function* child(value) {
  yield* turn();
  return value;
}

exports.killing = (tasks, began, ended) =>
  run(function* () {
    let cleaned = 0;
    function* victim() {
      try {
        yield* suspend();
      } finally {
        cleaned += 1;
      }
    }
    const victims = [];
    for (let i = 0; i < tasks; i++) victims.push(yield* spawn(victim));
    yield* sleep(0);
    began();
    for (const task of victims) yield* task.halt();
    ended();
    return cleaned;
  });

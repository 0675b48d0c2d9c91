// The same in redux-saga: its channels are buffered, and its `put` does not wait for room.

const { buffers, channel, runSaga } = require("redux-saga");
const { all, call, cancel, fork, join, put, race, spawn, take } = require("redux-saga/effects");

const turn = Promise.resolve();
const never = new Promise(() => {});
const run = (saga, ...args) => runSaga({}, saga, ...args).toPromise();

exports.pingPong = (turns, capacity) =>
  run(function* () {
    const [there, back] = [channel(buffers.fixed(capacity)), channel(buffers.fixed(capacity))];
    const echo = yield fork(echoer, there, back, turns);
    let last = 0;
    for (let i = 0; i < turns; i++) {
      yield put(there, last);
      last = (yield take(back)).value;
    }
    yield join(echo);
    return last;
  });

// A channel takes objects alone.
function* echoer(there, back, turns) {
  for (let i = 0; i < turns; i++) yield put(back, { value: (yield take(there)) + 1 });
}

exports.selecting = (width, turns) =>
  run(function* () {
    const channels = Array.from({ length: width }, () => channel(buffers.fixed(1)));
    const sent = yield fork(sender, channels, turns);
    let sum = 0;
    for (let i = 0; i < turns; i++) {
      const cases = {};
      for (let at = 0; at < width; at++) cases[at] = take(channels[at]);
      for (const { value } of Object.values(yield race(cases))) sum += value;
    }
    yield join(sent);
    return sum;
  });

// It yields after every message, so that there is always room.
function* sender(channels, turns) {
  for (let i = 0; i < turns; i++) {
    yield put(channels[i % channels.length], { value: i });
    yield turn;
  }
}

exports.gathering = (children) =>
  run(function* () {
    const calls = [];
    for (let i = 0; i < children; i++) calls.push(call(child, i));
    let sum = 0;
    for (const value of yield all(calls)) sum += value;
    return sum;
  });

function* child(value) {
  yield turn;
  return value;
}

exports.killing = (tasks, began, ended) =>
  run(function* () {
    let cleaned = 0;
    function* victim() {
      try {
        yield never;
      } finally {
        cleaned += 1;
      }
    }
    const victims = [];
    for (let i = 0; i < tasks; i++) victims.push(yield spawn(victim));
    began();
    yield cancel(victims);
    ended();
    return cleaned;
  });

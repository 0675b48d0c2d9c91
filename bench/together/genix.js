// Tasks that work together, in genix: channels, locks, select, groups, and their end.

const { all, boot, Channel, killGroup, Mutex, select } = require("../..");
const { park, spawn, wait, waitQueue, yieldCpu } = require("../..");

/** `turns` round trips between two tasks over two channels. Resolves to the last number. */
exports.pingPong = (turns, capacity) =>
  boot(function* () {
    const [there, back] = [new Channel(capacity), new Channel(capacity)];
    const echo = yield* spawn(echoer(there, back, turns));
    let last = 0;
    for (let i = 0; i < turns; i++) {
      yield* there.send(last);
      last = yield* back.receive();
    }
    yield* wait(echo);
    return last;
  });

function* echoer(there, back, turns) {
  for (let i = 0; i < turns; i++) yield* back.send((yield* there.receive()) + 1);
}

/** `tasks` tasks take one lock `turns` times each and give up the CPU while they have it. */
exports.contend = (tasks, turns) =>
  boot(function* () {
    const mutex = new Mutex();
    const account = { total: 0 };
    const pids = [];
    for (let i = 0; i < tasks; i++) pids.push(yield* spawn(teller(mutex, account, turns)));
    for (const pid of pids) yield* wait(pid);
    return account.total;
  });

function* teller(mutex, account, turns) {
  for (let i = 0; i < turns; i++) {
    yield* mutex.lock();
    const { total } = account;
    yield* yieldCpu();
    account.total = total + 1;
    yield* mutex.unlock();
  }
}

/** One task takes from whichever of `width` channels has a message. Resolves to their sum. */
exports.selecting = (width, turns) =>
  boot(function* () {
    const channels = Array.from({ length: width }, () => new Channel());
    yield* spawn(sender(channels, turns));
    let sum = 0;
    for (let i = 0; i < turns; i++) {
      const cases = {};
      for (let at = 0; at < width; at++) cases[at] = channels[at].receive();
      sum += (yield* select(cases)).value;
    }
    return sum;
  });

// It begins a turn later, so that from then on the other one always waits when it sends.
function* sender(channels, turns) {
  yield* yieldCpu();
  for (let i = 0; i < turns; i++) yield* channels[i % channels.length].send(i);
}

/** `children` children in one group, each gives up the CPU once. Resolves to their sum. */
exports.gathering = (children) =>
  boot(function* () {
    const programs = [];
    for (let i = 0; i < children; i++) programs.push(child(i));
    let sum = 0;
    for (const value of yield* all(programs)) sum += value;
    return sum;
  });

function* child(value) {
  yield* yieldCpu();
  return value;
}

/**
 * `tasks` tasks wait, and are told to stop; each cleans up. `began` and `ended` take the time.
 * Resolves to how many clean-ups ran.
 */
exports.killing = (tasks, began, ended) =>
  boot(function* () {
    const never = waitQueue("never");
    let cleaned = 0;
    function* victim() {
      try {
        yield* park(never);
      } finally {
        cleaned += 1;
      }
    }
    const leader = yield* spawn(
      function* () {
        for (let i = 0; i < tasks; i++) yield* spawn(victim());
        yield* park(never);
      },
      { group: true },
    );
    while (never.length <= tasks) yield* yieldCpu();
    began();
    yield* killGroup(leader);
    yield* wait(leader);
    while (cleaned < tasks) yield* yieldCpu();
    ended();
    return cleaned;
  });

// Messages: producers and consumers who are killed at random. A message that was sent is received
// once; one whose send failed is not received at all.

const { Channel, END, kill, Mutex, select, sleep, spawn } = require("../..");
const { SystemError, timeout, TimeoutError, wait, yieldCpu } = require("../..");

const ROUND = 1000;
const WORKERS = 4;
/** What has become of a message. Of one whose sender got KILL only its receiver knows. */
const [TRIED, SENT, FAILED, RECEIVED] = [1, 2, 4, 8];

/** Send `total` messages through many channels; `pause` is called when a channel is done with. */
exports.messages = function* (total, tools) {
  const fate = new Uint8Array(total);
  const seen = { received: 0, killed: 0, "timed out": 0, selected: 0, recovered: 0 };
  for (let from = 0; from < total; from += ROUND) {
    const capacity = [0, 1, 16, Infinity][tools.pick(4)];
    const round = { ...tools, fate, seen, next: from, end: from + ROUND, inside: 0 };
    round.jobs = new Channel(capacity);
    round.stop = new Channel();
    round.mutex = new Mutex();
    yield* exchange(round);
    yield* settle(round, from);
    tools.pause(from + ROUND);
  }
  const counts = Object.entries(seen);
  console.log(`messages: ${counts.map(([what, count]) => `${count} ${what}`).join(", ")}`);
  for (const [what, count] of counts) tools.must(count > 0, `nothing was ${what}`);
};

/** Start workers, kill some, and start others for them, until all messages are through. */
function* exchange(round) {
  const { jobs, pick } = round;
  const [producers, consumers] = [new Set(), new Set()];
  while (round.next < round.end || producers.size > 0) {
    while (producers.size < WORKERS && round.next < round.end)
      producers.add(yield* spawn(producer(round)));
    while (consumers.size < WORKERS) consumers.add(yield* spawn(consumer(round)));
    // While somebody is ready no time passes on this machine, and no time limit is over.
    if (pick(4) === 0) yield* sleep(pick(4));
    else for (let i = pick(40); i > 0; i--) yield* yieldCpu();
    yield* strike(pick(2) === 0 ? producers : consumers, round);
    if (round.next >= round.end) yield* reap(producers, consumers, round);
  }
  yield* jobs.close();
  while (jobs.length > 0) {
    for (const pid of consumers) judge(yield* wait(pid), round);
    consumers.clear();
    consumers.add(yield* spawn(consumer(round)));
  }
  for (const pid of consumers) judge(yield* wait(pid), round);
}

/** Kill one of `workers` at random. */
function* strike(workers, round) {
  const pid = [...workers][round.pick(workers.size)];
  if (pid === undefined) return;
  workers.delete(pid);
  yield* kill(pid, round.pick(2) === 0 ? "TERM" : "KILL", "soak");
  judge(yield* wait(pid), round);
}

/** All has been tried: wait for the last producers while there are consumers. */
function* reap(producers, consumers, round) {
  for (const pid of producers) {
    while (consumers.size < WORKERS) consumers.add(yield* spawn(consumer(round)));
    judge(yield* wait(pid), round);
  }
  producers.clear();
}

function judge(status, { must, seen }) {
  if (status.kind === "killed") seen.killed += 1;
  if (status.kind === "crashed") must(false, `a worker crashed with ${String(status.error)}`);
}

function* producer(round) {
  const { fate, jobs, pick } = round;
  while (round.next < round.end) {
    const id = round.next++;
    fate[id] |= TRIED;
    try {
      if (pick(4) === 0) yield* timeout(pick(3), jobs.send(id));
      else yield* jobs.send(id);
      fate[id] |= SENT;
    } catch (error) {
      fate[id] |= FAILED;
      if (!(error instanceof TimeoutError)) throw error;
      round.seen["timed out"] += 1;
    }
    if (pick(8) === 0) yield* sleep(1);
  }
}

function* consumer(round) {
  const { jobs, pick, stop } = round;
  for (;;) {
    let id;
    if (pick(2) === 0) {
      id = yield* jobs.receive();
    } else {
      const cases = { job: jobs.receive(), stop: stop.receive(), late: sleep(pick(3)) };
      const { which, value } = yield* select(cases);
      if (which !== "job") continue;
      round.seen.selected += 1;
      id = value;
    }
    if (id === END) return;
    note(round, id);
    if (pick(4) === 0) yield* guarded(round);
    if (pick(8) === 0) yield* sleep(pick(4));
  }
}

function note({ fate, seen, must }, id) {
  must((fate[id] & TRIED) !== 0, `message ${id} was never sent`);
  must((fate[id] & RECEIVED) === 0, `message ${id} was received twice`);
  fate[id] |= RECEIVED;
  seen.received += 1;
}

/** Work under a lock, whose holder may be killed. */
function* guarded(round) {
  if (!(yield* take(round))) return;
  try {
    round.inside += 1;
    round.must(round.inside === 1, `${round.inside} tasks hold one lock`);
    yield* yieldCpu();
  } finally {
    round.inside -= 1;
    yield* round.mutex.unlock();
  }
}

/** Take the lock, also from one who died with it; false if somebody else was quicker to do so. */
function* take(round) {
  try {
    yield* round.mutex.lock();
    return true;
  } catch (error) {
    if (!(error instanceof SystemError && error.errno === "EOWNERDEAD")) throw error;
  }
  try {
    yield* round.mutex.recover();
    // Its holder cannot have left it in order.
    round.inside = 0;
    round.seen.recovered += 1;
    return true;
  } catch (error) {
    if (!(error instanceof SystemError && error.errno === "EINVAL")) throw error;
    return false;
  }
}

/** Was each message of this round received as often as it should be, and is nobody left? */
function* settle({ fate, jobs, stop, mutex, must, end }, from) {
  for (let id = from; id < end; id++) {
    const [sent, failed, got] = [SENT, FAILED, RECEIVED].map((bit) => (fate[id] & bit) !== 0);
    must(!sent || got, `message ${id} was sent and never received`);
    must(!failed || !got, `message ${id} was received, though its send failed`);
  }
  for (const queue of [jobs.receivers, jobs.senders, stop.receivers, stop.senders])
    must(queue.length === 0, `${queue.length} tasks are left on the queue "${queue.label}"`);
  must(jobs.length === 0, `${jobs.length} messages are left in a channel`);
  must(!mutex.locked, "a lock is held by nobody who lives");
}

// One program that waits in every way there is, interrupted after each of its steps, in each of its
// tasks, in every way: nothing is lost, doubled or left behind.

import { kill as post, type Kernel } from "../../kernel";
import {
  accept,
  Channel,
  close,
  connect,
  END,
  kill,
  listen,
  Lock,
  lock,
  pipe,
  readWait,
  recover,
  select,
  sigmask,
  sigwait,
  sleep,
  spawn,
  SystemError,
  unlock,
  wait,
  write,
} from "../../syscalls";
import type { LockMode, Program, Signal } from "../../syscalls";
import { shield, timeout } from "../../tasks";
import { run } from "../helpers/run";

const PRODUCER = 3;

/** What the tasks of one run share, and what came of it. */
class World {
  readonly jobs = new Channel<number>(0, { name: "jobs" });
  readonly results = new Channel<number>(1, { name: "results" });
  readonly book = new Lock("book");
  readonly sent: number[] = [];
  readonly received: number[] = [];

  *main(): Program<void> {
    const port = yield* listen(8000);
    const [reader, writer] = yield* pipe();
    yield* spawn(this.producer(), { name: "producer" });
    for (const name of ["worker 1", "worker 2"]) yield* spawn(this.worker(), { name });
    yield* spawn(this.collector(), { name: "collector" });
    const signalled = yield* spawn(signalee(), { name: "signalee" });
    yield* spawn(watcher(reader), { name: "watcher" });
    yield* spawn(server(port), { name: "server", give: [port] });
    yield* spawn(client(), { name: "client" });
    yield* sleep(3);
    yield* kill(signalled, "USR1");
    yield* write(writer, "x");
    for (let i = 0; i < 8; i++) yield* timeout(50, wait(), { fallback: undefined });
  }

  *producer(): Program<void> {
    for (let i = 0; i < 4; i++) {
      const { which, value } = yield* select({ job: this.jobs.send(i), late: sleep(20) });
      if (which === "job" && value) this.sent.push(i);
    }
    yield* this.jobs.close();
  }

  *worker(): Program<void> {
    for (;;) {
      const job = yield* this.jobs.receive();
      if (job === END) return;
      this.received.push(job);
      yield* this.holding(job % 2 === 0 ? "shared" : "exclusive", function* () {
        yield* sleep(1);
      });
      yield* shield(select({ result: this.results.send(job), late: sleep(60) }));
    }
  }

  *holding(mode: LockMode, body: () => Program<void>): Program<void> {
    try {
      yield* lock(this.book, mode);
    } catch (error) {
      if (!(error instanceof SystemError && error.errno === "EOWNERDEAD")) throw error;
      if (this.book.abandonedBy === null) return;
      yield* recover(this.book);
    }
    try {
      yield* body();
    } finally {
      yield* unlock(this.book);
    }
  }

  *collector(): Program<void> {
    for (let i = 0; i < 8; i++) {
      const turn = lock(this.book, "shared");
      const { which } = yield* select({ result: this.results.receive(), turn, late: sleep(30) });
      if (which !== "turn") continue;
      yield* sleep(1);
      yield* unlock(this.book);
    }
  }
}

function* signalee(): Program<void> {
  yield* sigmask(["USR1"]);
  yield* select({ signal: sigwait(["USR1"]), late: sleep(40) });
}

function* watcher(reader: number): Program<void> {
  yield* timeout(40, readWait(reader), { fallback: undefined });
}

function* server(port: number): Program<void> {
  const { which, value } = yield* select({ come: accept(port), late: sleep(40) });
  if (which === "come") yield* close(value);
}

function* client(): Program<void> {
  yield* sleep(2);
  try {
    const { which, value } = yield* select({ line: connect(8000), late: sleep(9) });
    if (which === "line") yield* close(value);
  } catch (error) {
    if (!(error instanceof SystemError && error.errno === "ECONNREFUSED")) throw error;
  }
}

/** Runs the program; after `at` steps does `what` to its task `pid`. Returns how many it took. */
function interrupted(at: number, pid: number, what: (kernel: Kernel) => void): number {
  const world = new World();
  let steps = 0;
  const { kernel, stderr } = run(() => world.main(), {
    maxSteps: 10_000,
    prepare: (kernel) => {
      const step = kernel.step.bind(kernel);
      kernel.step = () => {
        if (steps++ === at && kernel.tasks.find(pid)?.alive === true) what(kernel);
        return step();
      };
    },
  });
  // Who is killed may leave others waiting for ever, or with a descriptor that is closed; no more.
  expect(stderr).not.toMatch(/ crashed\n {2}(?!SystemError: (EPIPE|EBADF))/);
  const seen = [...world.received, ...leftIn(world.jobs)];
  for (let job = 0; job < 4; job++) {
    const times = seen.filter((other) => other === job).length;
    // KILL may keep the producer from knowing that its job was taken.
    const known = world.sent.includes(job);
    if (known || pid !== PRODUCER) expect([job, times]).toEqual([job, known ? 1 : 0]);
    else expect(times).toBeLessThanOrEqual(1);
  }
  const { book, jobs, results } = world;
  expect([book, jobs.senders, jobs.receivers, results.senders].map((q) => q.length)).toEqual([
    0, 0, 0, 0,
  ]);
  expect(book.holders.size).toBe(0);
  expect([...kernel.tasks].length).toBe(1);
  expect(kernel.descriptors.size + kernel.timers.length + kernel.outside.length).toBe(0);
  return steps;
}

function leftIn(channel: Channel<number>): number[] {
  const left: number[] = [];
  while (channel.length > 0) left.push(channel.buffer.shift() as number);
  return left;
}

const signal =
  (pid: number, ...names: Signal[]) =>
  (kernel: Kernel) => {
    for (const name of names) {
      const task = kernel.tasks.find(pid);
      if (task !== undefined) post(kernel, task, name, null, "by the test");
    }
  };

const ways: [string, (pid: number) => (kernel: Kernel) => void][] = [
  ["TERM", (pid) => signal(pid, "TERM")],
  ["KILL", (pid) => signal(pid, "KILL")],
  ["STOP, ALRM and CONT", (pid) => signal(pid, "STOP", "ALRM", "CONT")],
];

test.each(ways)(
  "%s after every step, in every task, loses, doubles and leaves nothing",
  (_n, way) => {
    const steps = interrupted(-1, 0, () => {});
    expect(steps).toBeGreaterThan(80);
    for (let at = 0; at < steps; at++) {
      for (let pid = 2; pid <= 10; pid++) {
        try {
          interrupted(at, pid, way(pid));
        } catch (error) {
          throw new Error(`step ${at}, task ${pid}: ${(error as Error).message}`, { cause: error });
        }
      }
    }
  },
);

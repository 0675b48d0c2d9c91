import { Channel, getpid, kill, now, read, sleep, spawn, sleepUntil } from "../../syscalls";
import { wait, yieldCpu } from "../../syscalls";
import { install, type Kernel } from "../../kernel";
import type { Program } from "../../syscalls";
import { run, type Log } from "../helpers/run";

function* count(log: Log, name: string, rounds: number): Program<void> {
  for (let i = 0; i < rounds; i++) {
    log(name + i);
    yield* yieldCpu();
  }
}

// trio test_basic_interleave
test("two tasks that give up the CPU alternate exactly", () => {
  const { log } = run(function* (log) {
    for (const name of ["a", "b"]) {
      yield* spawn(function* () {
        yield* sleep(1);
        yield* count(log, name, 3);
      });
    }
  });
  expect(log.join(" ")).toBe("a0 b0 a1 b1 a2 b2");
});

test("every system call is a scheduling point, and the ready queue is first come, first served", () => {
  const { log } = run(function* (log) {
    yield* spawn(function* () {
      for (let i = 0; i < 3; i++) log(`child ${yield* getpid()}`);
    });
    for (let i = 0; i < 3; i++) log(`parent ${yield* getpid()}`);
  });
  expect(log).toEqual(["child 3", "parent 2", "child 3", "parent 2", "child 3", "parent 2"]);
});

test("a child runs before its parent goes on", () => {
  const { log } = run(function* (log) {
    yield* spawn(function* () {
      log("child");
      yield* yieldCpu();
    });
    log("parent");
  });
  expect(log).toEqual(["child", "parent"]);
});

test("the ready queue grows and keeps its order over ten thousand tasks", () => {
  const { log } = run(function* (log) {
    for (let i = 0; i < 300; i++) yield* spawn(count(log, `${i}.`, 2));
  });
  const first = log.filter((line) => line.endsWith(".0"));
  expect(first).toEqual(Array.from({ length: 300 }, (_, i) => `${i}.0`));
});

test("sleepers wake in deadline order, and time passes only while everyone waits", () => {
  const { log, clock } = run(function* (log) {
    for (const ms of [30, 10, 20, 10]) {
      yield* spawn(function* () {
        yield* sleep(ms);
        log(ms, yield* now());
      });
    }
  });
  expect(log).toEqual(["10 10", "10 10", "20 20", "30 30"]);
  expect(clock).toBe(30);
});

// trio test_mock_clock_autojump
test("three hours of sleeps pass at once, exactly ordered", () => {
  const { log, clock } = run(
    function* (log) {
      for (let hour = 1; hour <= 3; hour++) {
        yield* spawn(function* () {
          for (let i = 0; i < 60; i++) yield* sleep(60_000 * hour - 1 + 1);
          log(`${hour} at ${(yield* now()) / 3_600_000}`);
        });
      }
    },
    { maxSteps: Infinity },
  );
  expect(log).toEqual(["1 at 1", "2 at 2", "3 at 3"]);
  expect(clock).toBe(3 * 3_600_000);
});

// curio test_sleep_0_starvation
test("a task that sleeps 0 in a loop starves nobody", () => {
  const { log } = run(
    function* (log) {
      const spinner = yield* spawn(function* () {
        for (;;) yield* sleep(0);
      });
      yield* count(log, "main", 3);
      yield* sleep(5);
      yield* kill(spinner);
      log((yield* wait(spinner)).kind);
    },
    { prepare: advanceOnIdle },
  );
  expect(log).toEqual(["main0", "main1", "main2", "killed"]);
});

// curio test_ping_pong_starvation
test("two tasks that wake each other for ever starve nobody", () => {
  const { log } = run(function* (log) {
    const [ping, pong] = [new Channel<number>(), new Channel<number>()];
    function* player(from: Channel<number>, to: Channel<number>): Program<void> {
      for (;;) {
        yield* from.receive();
        yield* to.send(1);
      }
    }
    yield* spawn(player(ping, pong), { daemon: true });
    yield* spawn(player(pong, ping), { daemon: true });
    yield* ping.send(1);
    yield* count(log, "main", 3);
  });
  expect(log).toEqual(["main0", "main1", "main2"]);
});

/** Sleeping 0 never lets the virtual clock move, so let each tick cost a millisecond, as on a host. */
function advanceOnIdle(kernel: Kernel): void {
  const tick = kernel.tick.bind(kernel);
  const machine = kernel.machine as { now: () => number };
  const real = machine.now.bind(machine);
  let extra = 0;
  machine.now = () => real() + extra;
  kernel.tick = () => {
    extra += 1;
    tick(machine.now());
  };
}

test("a deadline in the past is reached at the next tick", () => {
  const { log, clock } = run(function* (log) {
    yield* sleep(50);
    yield* sleepUntil(10);
    log(yield* now());
  });
  expect(log).toEqual(["50"]);
  expect(clock).toBe(50);
});

// trio test_scheduler_determinism
test("a thousand runs of a shuffled program with one seed give one transcript", () => {
  const transcript = (seed: number) =>
    run(
      function* (log) {
        for (const name of "abcd") yield* spawn(count(log, name, 4));
      },
      { seed, shuffle: true },
    ).log.join(" ");
  const first = transcript(7);
  for (let i = 0; i < 1000; i++) expect(transcript(7)).toBe(first);
  const others = new Set([1, 2, 3, 4, 5, 6].map(transcript));
  expect(others.size).toBeGreaterThan(3);
});

test("a task cannot step the kernel it runs on", () => {
  const { status } = run(
    function* () {
      yield* yieldCpu();
      kernel?.step();
    },
    { prepare: (it) => void (kernel = it) },
  );
  expect(status).toMatchObject({ kind: "crashed" });
  expect(String((status as { error: unknown }).error)).toContain('step() called by task 2 "main"');
});
let kernel: Kernel | undefined;

// trio run_sync_soon starvation
test("a flood of outside interrupts cannot starve the tasks, nor the tasks the interrupts", () => {
  const ticker = {
    name: "ticker",
    external: true,
    ticks: 0,
    interrupt: () => {},
    read: () => (ticker.ticks > 0 ? new Uint8Array(ticker.ticks--) : undefined),
    readable: () => ticker.ticks > 0,
    writable: () => false,
    close: () => {},
  };
  let fd = -1;
  const { log } = run(
    function* (log) {
      const pids = [
        yield* spawn(function* () {
          for (let i = 0; i < 3; i++) log("heard", (yield* read(fd)).length > 0);
        }),
        yield* spawn(count(log, "a", 3)),
      ];
      for (const pid of pids) yield* wait(pid);
    },
    {
      prepare: (kernel) => {
        fd = install(kernel, ticker, kernel.tasks.init!);
        const step = kernel.step.bind(kernel);
        kernel.step = () => {
          for (let i = 0; i < 100; i++) {
            ticker.ticks += 1;
            ticker.interrupt();
          }
          return step();
        };
      },
    },
  );
  expect(log).toEqual(["heard true", "a0", "heard true", "a1", "heard true", "a2"]);
});

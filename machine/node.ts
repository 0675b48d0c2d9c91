// The Node machine: runs the kernel on the host's event loop. The host's callbacks are interrupts;
// after each the kernel runs until nobody is ready, or its slice is over. Idle, it is in the poll.

import { open, unlink } from "node:fs";
import { performance } from "node:perf_hooks";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";
import { Kernel, type Address, type Answer, type Cancel, type Device } from "../kernel";
import type { Launch, Listen, Machine, OpenFlags } from "../kernel";
import { allEnded } from "./ending";
import { onHostIdle } from "./host-idle";
import { heed, settle } from "./host-promise";
import { toSystemError } from "./node-errors";
import { FileDevice } from "./node-file";
import { launchGuest } from "./node-guest";
import { connectTo, listenAt } from "./node-net";
import { StandardDevice } from "./node-stream";
import type { MachineWrapper, Host } from "./host";
import { Operator } from "./operator";
import { seeded } from "./random";

const clock = performance.now.bind(performance);

/** How long the tasks may run before the host gets a turn, in milliseconds. */
const SLICE = 5;
/** At most so many steps between two looks at the clock: one look costs about as much as a step. */
const STEPS_A_LOOK = 64;
/** Steps that take longer together are slow, in milliseconds. */
const SLOW = 0.5;
/** The longest delay the host's timers know. */
const LONGEST_DELAY = 2 ** 31 - 1;

export interface NodeOptions {
  /** Of the random numbers. Default: a new one each run. */
  readonly seed?: number;
  /** Keep account of each task's CPU time, at two clock reads a step. Default false. */
  readonly accounting?: boolean;
  /**
   * A module that exports `loadModule(file)`, with which threads and processes load their modules.
   * Default: the host's own way.
   */
  readonly loader?: string;
  /** Comes between the kernel and the machine. */
  readonly wrap?: MachineWrapper;
}

export class NodeMachine implements Host, Machine {
  readonly kernel: Kernel;
  readonly random: () => number;
  readonly #began = clock();
  // A program may put fakes in the place of the host's clock and timers. These are the host's.
  readonly now = (): number => clock() - this.#began;
  readonly clock = this.now;
  /** Called when nothing can happen any more; after that the tasks are told to stop. */
  onDeadlock: () => void = () => {};
  readonly #operator: Operator;
  readonly #loader: string | undefined;
  #running = false;
  #scheduled = false;
  #timer: NodeJS.Timeout | null = null;
  #armedFor = Infinity;
  #halted: () => void = () => {};
  #panicked: (error: unknown) => void = () => {};
  /** Something was interrupted: run those who are ready now, or tell who steps it by hand. */
  #heard: () => void = () => {
    if (!this.#running && !this.#scheduled) this.#slice();
  };

  constructor(options: NodeOptions = {}) {
    this.kernel = new Kernel(options.wrap?.(this) ?? this);
    this.#operator = new Operator(this.kernel);
    this.#loader = options.loader;
    this.random = seeded(options.seed ?? Math.floor(Math.random() * 2 ** 32));
    if (options.accounting === true) this.kernel.cpuClock = this.now;
  }

  // The three standard devices, made when a program first runs and not before.

  get stdin(): Device {
    return new StandardDevice("stdin", process.stdin, null, this.#news);
  }

  get stdout(): Device {
    return new StandardDevice("stdout", null, process.stdout, this.#news);
  }

  get stderr(): Device {
    return new StandardDevice("stderr", null, process.stderr, this.#news);
  }

  /** Run until init has ended. Rejects only if the kernel itself fails. */
  run(): Promise<void> {
    const release = onHostIdle(() => this.#deadlock());
    return new Promise<void>((resolve, reject) => {
      this.#halted = resolve;
      this.#panicked = reject;
      this.#scheduled = true;
      setImmediate(this.#turn);
    }).finally(async () => {
      clearTimeout(this.#timer ?? undefined);
      await allEnded();
      release();
    });
  }

  /** Tell all tasks to stop: TERM the first time, KILL the second. `reason` says why. */
  shutDown(reason: string): void {
    this.#operator.shutDown(reason);
    this.#news();
  }

  readonly #news = (): void => this.#heard();

  readonly #turn = (): void => {
    this.#scheduled = false;
    this.#slice();
  };

  /** Run ready tasks for at most a slice, then leave it to the host. */
  #slice(): void {
    if (this.#running) return;
    this.#running = true;
    try {
      this.#runTasks();
      this.#running = false;
      this.#leave();
    } catch (error) {
      this.#panicked(error);
    }
  }

  #runTasks(): void {
    const { kernel } = this;
    let time = this.now();
    const end = time + SLICE;
    // Few steps at first and after slow ones, so that one late look does not cost 64 slow steps.
    // Four, because to serve a request takes three: read, write, read.
    let batch = 4;
    while (time < end) {
      if (kernel.timers.next <= time) kernel.tick(time);
      for (let steps = 0; steps < batch; steps++) {
        if (!kernel.step()) return;
      }
      const before = time;
      time = this.now();
      batch = time - before > SLOW ? Math.ceil(batch / 4) : Math.min(2 * batch, STEPS_A_LOOK);
    }
  }

  /** What has the host to do for us before the next slice? */
  #leave(): void {
    const { kernel } = this;
    if (this.halted) {
      this.#halted();
    } else if (kernel.ready.length > 0) {
      this.#scheduled = true;
      setImmediate(this.#turn);
    } else if (kernel.stuck) {
      this.#deadlock();
    } else {
      this.#arm(kernel.timers.next);
    }
  }

  #arm(deadline: number): void {
    if (deadline === this.#armedFor) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#armedFor = deadline;
    this.#timer = null;
    if (deadline === Infinity) return;
    const delay = Math.min(Math.max(1, Math.ceil(deadline - this.now())), LONGEST_DELAY);
    this.#timer = setTimeout(() => {
      this.#armedFor = Infinity;
      this.#timer = null;
      this.#news();
    }, delay);
  }

  get halted(): boolean {
    return this.kernel.tasks.init?.alive !== true;
  }

  step(): boolean {
    const { kernel } = this;
    this.#heard = () => {};
    const time = this.now();
    if (kernel.timers.next <= time) kernel.tick(time);
    return kernel.step();
  }

  wait(): Promise<void> {
    const { kernel } = this;
    if (kernel.ready.length === 0 && kernel.stuck) this.#deadlock();
    if (kernel.ready.length > 0 || this.halted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#heard = resolve;
      this.#arm(kernel.timers.next);
    });
  }

  #deadlock(): void {
    this.onDeadlock();
    this.shutDown("deadlock");
  }

  report(message: string): void {
    process.stderr.write(`genix: ${message}\n`);
  }

  open(path: string, flags: OpenFlags, answer: Answer<Device>): Cancel {
    open(path, flags, (error, handle) => {
      if (error !== null) {
        answer.fail(toSystemError(error));
      } else {
        const report = (message: string): void => this.report(message);
        answer.done(new FileDevice(path, handle, flags, this.#news, report));
      }
      this.#news();
    });
    return () => {};
  }

  unlink(path: string, answer: Answer<void>): Cancel {
    unlink(path, (error) => {
      if (error === null) answer.done();
      else answer.fail(toSystemError(error));
      this.#news();
    });
    return () => {};
  }

  connect(address: Address, answer: Answer<Device>): Cancel {
    return connectTo(address, answer, this.#news);
  }

  listen(address: Address, answer: Answer<Device>): Cancel {
    return listenAt(address, answer, this.#news);
  }

  launch(what: Launch, answer: Answer<Device>): Cancel {
    return launchGuest(what, answer, this.#news, this.#loader);
  }

  settle(source: unknown, answer: Answer<unknown>): Cancel {
    return settle(source, answer, this.#news);
  }

  heed(listen: Listen, answer: Answer<unknown>): Cancel {
    return heed(listen, answer, this.#news);
  }
}

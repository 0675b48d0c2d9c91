// The virtual machine: time jumps to the next deadline, files and sockets are in memory, nothing is
// random but by seed. The reference machine: what a program does here it does on every run, and
// everywhere else if it is right. Needs no host but ECMAScript, so it also runs in a browser.

import { Kernel, SystemError } from "../kernel";
import type {
  Address,
  Answer,
  Cancel,
  Device,
  Launch,
  Listen,
  Machine,
  OpenFlags,
} from "../kernel";
import { heed, settle } from "./host-promise";
import { virtualGuest, type Loader } from "./guest-virtual";
import type { MachineWrapper, Host } from "./host";
import { MemoryFile, openFile, type MemoryFiles } from "./memory-file";
import { Operator } from "./operator";
import { seeded } from "./random";
import { Terminal } from "./terminal";
import { nameOf, VirtualListener } from "./virtual-listener";

/** After so many steps the host has a turn, though tasks are ready. */
const STEPS_A_TURN = 1024;

export interface VirtualOptions {
  /** Of the random numbers. Default 1. */
  readonly seed?: number;
  /**
   * Let the seed also choose which ready task runs next. Default false: first come, first served.
   */
  readonly shuffle?: boolean;
  /** What stdin holds. Default: nothing, at its end. */
  readonly stdin?: string;
  /** Files that exist at the start, by path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /**
   * Loads the modules of `threaded` and `processed`, which run in this thread here: `require`.
   * Default: none, and they fail with ENOSYS.
   */
  readonly load?: Loader;
  /** Stop with an error after so many steps. Default: never. */
  readonly maxSteps?: number;
  /** Comes between the kernel and the machine. */
  readonly wrap?: MachineWrapper<VirtualMachine>;
}

const ignore = (): void => {};

type Later = (callback: (value: unknown) => void) => unknown;
/** Where there are such things; the host's own, even if a test puts others in their place later. */
const host: { readonly setImmediate?: Later; readonly setTimeout?: Later } = globalThis;
/** Calls back when every promise that is settled has been heard. */
const hostTurn: Later = host.setImmediate ?? host.setTimeout ?? ((callback) => callback(null));

function turn(): Promise<unknown> {
  return new Promise((resolve) => hostTurn(resolve));
}

export class VirtualMachine implements Host, Machine {
  readonly kernel: Kernel;
  readonly random: () => number;
  readonly stdout = new Terminal("stdout");
  readonly stderr = new Terminal("stderr");
  readonly files: MemoryFiles = new Map();
  readonly #options: VirtualOptions;
  /** Called when nothing can happen any more; after that the tasks are told to stop. */
  onDeadlock: () => void = () => {};
  /** Called after every step. */
  onStep: () => void = ignore;
  readonly #operator: Operator;
  readonly #listeners = new Map<string, VirtualListener>();
  #clock = 0;
  #steps = 0;
  #nextPort = 49152;
  /** Resolves the wait for a host promise, while run() waits for one. */
  #hostAnswered: () => void = ignore;

  constructor(options: VirtualOptions = {}) {
    this.#options = options;
    this.kernel = new Kernel(options.wrap?.(this) ?? this);
    this.#operator = new Operator(this.kernel);
    this.random = seeded(options.seed ?? 1);
    if (options.shuffle === true) this.kernel.choose = (n) => Math.floor(this.random() * n);
    for (const [path, content] of Object.entries(options.files ?? {})) {
      this.files.set(path, new MemoryFile(content));
    }
  }

  get stdin(): Device {
    return new Terminal("stdin", this.#options.stdin ?? "");
  }

  now(): number {
    return this.#clock;
  }

  clock(): number {
    return this.#clock;
  }

  /**
   * Run until init has ended. Throws if a task waits for a promise of the host's: those need
   * `runAsync`.
   */
  run(): void {
    while (!this.halted) {
      if (this.step() || this.#pass()) continue;
      throw new Error("a task waits for a host promise; run this program with simulateAsync()");
    }
  }

  /**
   * Run until init has ended, waiting for promises of the host's where tasks do. No time passes
   * before the host has had a turn to settle them.
   */
  async runAsync(): Promise<void> {
    for (let steps = 1; !this.halted; steps++) {
      if (!this.step()) await this.wait();
      // Tasks that are always ready may do so until what a promise sets.
      else if (steps % STEPS_A_TURN === 0) await turn();
    }
  }

  get halted(): boolean {
    return this.kernel.tasks.init?.alive !== true;
  }

  step(): boolean {
    if (!this.kernel.step()) return false;
    this.#count();
    return true;
  }

  async wait(): Promise<void> {
    await turn();
    if (this.kernel.ready.length > 0 || this.#pass()) return;
    await new Promise<void>((resolve) => (this.#hostAnswered = resolve));
  }

  /** For whoever knows the host: no promise that a task waits for will ever be settled. */
  readonly hostIsIdle = (): void => {
    this.#deadlock();
    this.#hostAnswered();
  };

  /** Nobody is ready: let time pass, or tell of a deadlock. False when only the host can help. */
  #pass(): boolean {
    const { kernel } = this;
    if (kernel.timers.length > 0) this.jump(kernel.timers.next);
    else if (kernel.stuck) this.#deadlock();
    else return false;
    return true;
  }

  #count(): void {
    this.#steps += 1;
    const { maxSteps = Infinity } = this.#options;
    if (this.#steps > maxSteps) throw new Error(`the program ran for more than ${maxSteps} steps`);
    this.onStep();
  }

  /** Let it be as late as `to`, in milliseconds: the timer interrupt. */
  jump(to: number): void {
    this.#clock = Math.max(this.#clock, to);
    this.kernel.tick(this.#clock);
  }

  /** Tell all tasks to stop: TERM the first time, KILL the second. `reason` says why. */
  shutDown(reason: string): void {
    this.#operator.shutDown(reason);
    this.#hostAnswered();
  }

  #deadlock(): void {
    this.onDeadlock();
    this.#operator.shutDown("deadlock");
  }

  report(message: string): void {
    this.stderr.print(`genix: ${message}\n`);
  }

  open(path: string, flags: OpenFlags, answer: Answer<Device>): Cancel {
    answer.done(openFile(this.files, path, flags));
    return ignore;
  }

  unlink(path: string, answer: Answer<void>): Cancel {
    if (!this.files.delete(path)) throw new SystemError("ENOENT", `there is no file ${path}`);
    answer.done();
    return ignore;
  }

  listen(address: Address, answer: Answer<Device>): Cancel {
    const place = "port" in address && address.port === 0 ? { port: this.#nextPort++ } : address;
    const key = nameOf(place);
    if (this.#listeners.has(key)) throw new SystemError("EADDRINUSE", `${key} is in use`);
    const listener = new VirtualListener(place, () => this.#listeners.delete(key));
    this.#listeners.set(key, listener);
    answer.done(listener);
    return ignore;
  }

  connect(address: Address, answer: Answer<Device>): Cancel {
    const key = nameOf(address);
    const listener = this.#listeners.get(key);
    if (listener === undefined) {
      const errno = "path" in address ? "ENOENT" : "ECONNREFUSED";
      throw new SystemError(errno, `nobody listens at ${key}`);
    }
    answer.done(listener.meet());
    return ignore;
  }

  launch(what: Launch, answer: Answer<Device>): Cancel {
    const { load } = this.#options;
    if (load === undefined) {
      const fix = `give it a loader of modules: simulate(main, { load: require })`;
      throw new SystemError("ENOSYS", `the virtual machine has no other ${what.kind}; ${fix}`);
    }
    const report = (message: string): void => this.report(message);
    answer.done(virtualGuest(`virtual ${what.kind}`, what.module, load, report));
    return ignore;
  }

  settle(source: unknown, answer: Answer<unknown>): Cancel {
    return settle(source, answer, () => this.#hostAnswered());
  }

  heed(listen: Listen, answer: Answer<unknown>): Cancel {
    return heed(listen, answer, () => this.#hostAnswered());
  }
}

// The recorder stands between a kernel and its machine, and writes down everything that comes to
// the kernel from outside, with the step at which it came; and what each step did, to hold a replay
// against. What is decided inside (pipes, channels, the whole of a virtual machine) is not written:
// it happens again.

import { Times, type NotedTime } from "./times";
import { Tracer } from "./trace";
import { Turns } from "./turns";
import { encode } from "./values";
import { begin, errorOutcome, valueOutcome } from "./outcomes";
import { describeDevice, RecordedDevice } from "./recorded-device";
import type { Address, Answer, Cancel, Device, Kernel, Launch, Listen } from "../../kernel";
import type { Machine, OpenFlags, Pid, Probe, Signal, Task } from "../../kernel";
import type { Input, Line, MadeDevice, Outcome } from "./format";

/** `fromOutside`: the line is of what came between two steps. */
type Write = (line: string, fromOutside: boolean) => void;

type Unstamped<T> = T extends unknown ? Omit<T, "at"> : never;

export class Recorder implements Machine, Probe {
  readonly #machine: Machine;
  readonly #virtual: boolean;
  readonly #write: Write;
  #kernel: Kernel | null = null;
  #tracer: Tracer | null = null;
  #devices = 0;
  #questions = 0;
  /** Null: the machine's own time is decided again. */
  readonly #times: Times | null;
  /** After so many steps somebody was passed over who could not run any more. */
  #skipped = -1;
  /** Does something run now that a replay does not? */
  beyond = false;

  /** `virtual`: only what the host adds to `machine` comes from outside. */
  constructor(machine: Machine, virtual: boolean, write: Write) {
    this.#machine = machine;
    this.#virtual = virtual;
    this.#write = write;
    const note = (noted: NotedTime): void => this.#line({ at: this.#kernel?.steps ?? 0, ...noted });
    this.#times = virtual ? null : new Times(() => machine.clock(), note);
  }

  /** The system is there, and has made no step yet. `timed`: note how long its steps take, too. */
  begin(host: { readonly kernel: Kernel; onDeadlock: () => void }, timed: boolean = false): void {
    const { kernel, onDeadlock } = host;
    this.#kernel = kernel;
    host.onDeadlock = () => {
      this.note({ deadlock: true });
      onDeadlock();
    };
    this.#tracer = new Tracer(kernel, {
      define: (code, entry) => this.#line({ code, ...entry }),
      look: () => this.#times?.look(),
      steps: (from, codes) => this.#write(`{"from":${from},"trace":[${codes}]}\n`, false),
    });
    this.#times?.look();
    kernel.attach(this);
    kernel.attach(this.#tracer);
    kernel.attach(new Turns(() => this.#line({ at: kernel.steps, turn: true })));
    if (timed && this.#times !== null) kernel.attach(this.#times);
  }

  /** Hand over what is not written yet. */
  flush(): void {
    this.#tracer?.flush();
  }

  /** Whether what comes now comes in the course of a step. */
  get inside(): { readonly inside?: true } {
    return this.#inStep() ? { inside: true } : {};
  }

  #inStep(): boolean {
    return this.#kernel?.current !== null;
  }

  /** There will be no more steps; the exit code of the process is `exit`. */
  end(exit?: number): void {
    const end = this.#tracer?.end() ?? 0;
    this.#line({ end, ...(exit !== undefined && { exit }) });
  }

  /** The process ends with `exit`, though its tasks have not ended. */
  leave(exit: number): void {
    const end = this.#tracer?.end() ?? 0;
    const inStep = end < (this.#kernel?.steps ?? 0);
    this.#line({ end, exit, left: inStep ? "in a step" : "between steps" });
  }

  #line(line: Line, fromOutside = false): void {
    this.#write(`${JSON.stringify(line)}\n`, fromOutside);
  }

  note(input: Unstamped<Input>): void {
    const at = this.#kernel?.steps ?? 0;
    // Looking for somebody to run, and finding none, has changed the ready queue.
    if (this.#skipped === at && !this.#inStep()) this.#line({ at, idle: true });
    this.#skipped = -1;
    // A reply has no time of its own: it is asked for in a step.
    const fromOutside = !this.#inStep();
    if (fromOutside) this.#times?.look();
    this.#line({ at, ...input }, fromOutside);
  }

  skip(): void {
    this.#skipped = this.#kernel?.steps ?? 0;
  }

  tick(now: number): void {
    this.note({ tick: now });
  }

  signal(task: Task, signal: Signal, _sender: Task | null, reason: string): void {
    if (this.#inStep() || (signal === "CONT" && !task.stopped)) return;
    this.note({ signal, to: task.pid, reason });
  }

  /** A message that was put into a mailbox by hand. Throws an Unrecordable. */
  tell(pid: Pid, value: unknown): void {
    this.note({ tell: pid, value: encode(value) });
  }

  get stdin(): Device {
    return this.wrap(this.#machine.stdin);
  }

  get stdout(): Device {
    return this.wrap(this.#machine.stdout);
  }

  get stderr(): Device {
    return this.wrap(this.#machine.stderr);
  }

  now(): number {
    const now = this.#machine.now();
    if (!this.#virtual) this.note({ now });
    return now;
  }

  clock(): number {
    return this.#machine.clock();
  }

  random(): number {
    const random = this.#machine.random();
    if (!this.#virtual) this.note({ random });
    return random;
  }

  open(path: string, flags: OpenFlags, answer: Answer<Device>): Cancel {
    const watched = this.#device(answer);
    return begin(watched, () => this.#machine.open(path, flags, watched));
  }

  unlink(path: string, answer: Answer<void>): Cancel {
    const watched = this.#virtual ? answer : this.watch(answer, () => ({ done: true }));
    return begin(watched, () => this.#machine.unlink(path, watched));
  }

  connect(address: Address, answer: Answer<Device>): Cancel {
    const watched = this.#device(answer);
    return begin(watched, () => this.#machine.connect(address, watched));
  }

  listen(address: Address, answer: Answer<Device>): Cancel {
    const watched = this.#device(answer);
    return begin(watched, () => this.#machine.listen(address, watched));
  }

  launch(what: Launch, answer: Answer<Device>): Cancel {
    const watched = this.#device(answer);
    return begin(watched, () => this.#machine.launch(what, watched));
  }

  settle(source: unknown, answer: Answer<unknown>): Cancel {
    const watched = this.watch(answer, valueOutcome);
    // A replay does not call a function that is to make a promise.
    this.beyond = true;
    const cancel = begin(watched, () => this.#machine.settle(source, watched));
    this.beyond = false;
    return cancel;
  }

  heed(listen: Listen, answer: Answer<unknown>): Cancel {
    const watched = this.watch(answer, valueOutcome);
    // What happens in a step happens again in a replay.
    const told = (done: (value: unknown) => void, value: unknown): void =>
      this.#inStep() ? answer.done(value) : done(value);
    return this.#machine.heed((done) => listen((value) => told(done, value)), watched);
  }

  report(message: string): void {
    this.#machine.report(message);
  }

  /** `device` as the kernel sees it, under the next number. */
  wrap(device: Device): Device {
    return new RecordedDevice(device, this.#devices++, this);
  }

  /** A device that the machine made: what the recording says of it, and as the kernel sees it. */
  made(device: Device): { readonly made: MadeDevice; readonly device: Device } {
    return { made: describeDevice(device, this.#devices), device: this.wrap(device) };
  }

  #device(answer: Answer<Device>): Answer<Device> {
    if (this.#virtual) return answer;
    let wrapped: Device | null = null;
    const unwrapping: Answer<Device> = {
      get waiting() {
        return answer.waiting;
      },
      done: (device) => answer.done(wrapped ?? device),
      fail: (error) => answer.fail(error),
    };
    return this.watch(unwrapping, (made) => {
      const { device, ...outcome } = this.made(made);
      wrapped = device;
      return outcome;
    });
  }

  /** `answer`, written down when it comes. */
  watch<T>(answer: Answer<T>, outcome: (value: T) => Outcome): Answer<T> {
    const number = ++this.#questions;
    const note = (made: () => Outcome): void => {
      if (!answer.waiting) return;
      this.note({ answer: number, ...this.inside, ...made() });
    };
    return {
      get waiting() {
        return answer.waiting;
      },
      done: (value) => {
        note(() => outcome(value));
        answer.done(value);
      },
      fail: (error) => {
        note(() => errorOutcome(error));
        answer.fail(error);
      },
    };
  }
}

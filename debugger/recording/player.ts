// The player runs a recorded program again, step by step, with no network, no clock and no chance.
// It delivers what came from outside at the step at which it came, and has every question of the
// kernel's answered from the recording. Where the program takes another way than it did, it stops
// and says so.

import { Kernel, kill, show } from "../../kernel";
import { chooseNext } from "./choose";
import { decode } from "./values";
import {
  describeInput,
  describeStill,
  isArrival,
  isReply,
  lost,
  type ReplyKind,
  type ReplyOf,
} from "./describe";
import { HostReplies } from "./host-replies";
import { PlayedDevice } from "./played-device";
import { PlayedMachine, type Decider } from "./played-machine";
import type { Answer, Cancel, Device } from "../../kernel";
import type { Machine, Probe, SystemCall, Task } from "../../kernel";
import type { Arrival, Input, MadeDevice, Outcome } from "./format";
import type { Recording } from "./reader";
import { TraceCheck, type Difference, type Divergence } from "./trace-check";

export interface PlayerOptions {
  /** Where the program's output goes, and the system's reports. */
  readonly output: (bytes: Uint8Array | string, stream: "stdout" | "stderr") => void;
  /** Put a message into a mailbox. */
  readonly tell?: (pid: number, value: unknown) => void;
}

export class Player implements Probe {
  readonly recording: Recording;
  readonly #machine = new PlayedMachine(this);
  /** Its own, or that of the virtual machine whose place it takes. */
  kernel = new Kernel(this.#machine);
  onDeadlock: () => void = () => {};
  divergence: Divergence | null = null;
  /** Why it cannot go on before its end, if that is not a divergence. */
  stuckOn: string | null = null;
  readonly #options: PlayerOptions;
  readonly #traceCheck: TraceCheck;
  readonly host = new HostReplies(this);
  readonly #devices: PlayedDevice[] = [];
  readonly #questions = new Map<number, Answer<never>>();
  #asked = 0;
  #next = 0;

  constructor(recording: Recording, options: PlayerOptions) {
    this.recording = recording;
    this.#traceCheck = new TraceCheck(recording, (difference) => this.differ(difference));
    this.#options = options;
  }

  /** As the wrap of the virtual machine that the recording was made on. */
  over(decider: Decider): Machine {
    this.#machine.decider = decider;
    return this.#machine;
  }

  /** The system is there. `host` is the virtual machine, if there is one. */
  begin(host: { readonly kernel: Kernel; onDeadlock: () => void } = this): void {
    this.kernel = host.kernel;
    if (host !== this) this.onDeadlock = () => host.onDeadlock();
    this.kernel.attach(this);
  }

  /** Is everything played that there is? */
  get ended(): boolean {
    return this.kernel.steps >= this.recording.steps;
  }

  get halted(): boolean {
    return this.ended || this.divergence !== null || this.stuckOn !== null;
  }

  /** False also where the host had a turn: let it have one, and step again. */
  step(): boolean {
    if (this.halted || this.#comeBetween() || this.halted) return false;
    if (this.kernel.step()) return true;
    this.#standStill();
    return false;
  }

  /** Nobody runs, and somebody did: there is no step to compare. */
  #standStill(): void {
    const step = this.kernel.steps + 1;
    const replayed = describeStill(this.kernel, this.#machine.clock());
    this.differ({ step, recorded: this.#traceCheck.recorded(step), replayed });
  }

  /** All is played, and the process ended in the course of one more step: begin that. */
  beginLast(): void {
    while (this.#comeBetween());
    if (this.divergence === null) this.kernel.step();
  }

  /** Nothing comes that is not in the recording. */
  async wait(): Promise<void> {}

  /** A recording cannot be told to stop. */
  shutDown(): void {}

  // What the program does, held against what it did.

  trap(task: Task, call: SystemCall<unknown>): void {
    this.#traceCheck.sawCall(this.kernel.steps, task, call);
  }

  exit(task: Task, { kind }: { readonly kind: string }): void {
    if (task === this.kernel.current) this.#traceCheck.sawEnd(this.kernel.steps, task, kind);
    this.#traceCheck.forget(task);
  }

  /** The replay took another way than the recording: in this step, if no other is named. */
  differ(difference: Difference | Divergence): void {
    this.divergence ??= { step: this.kernel.steps, ...difference };
  }

  // What comes by itself.

  /** Deliver what came after the steps that have been made, up to a turn of the host's. */
  #comeBetween(): boolean {
    this.#deliver(({ at }) => at <= this.kernel.steps);
    const head = this.recording.inputs[this.#next];
    if (head === undefined || head.at > this.kernel.steps) return false;
    if ("turn" in head) this.#next += 1;
    else this.differ({ recorded: describeInput(head), replayed: "the step did not ask for it" });
    return "turn" in head;
  }

  /** What came by itself at this point of the step comes now. */
  catchUp(): void {
    this.#deliver((arrival) => "inside" in arrival && arrival.at === this.kernel.steps);
  }

  /** Deliver the next arrivals, as long as they are `due`. */
  #deliver(due: (arrival: Arrival) => boolean): void {
    const { inputs } = this.recording;
    for (let head = inputs[this.#next]; head !== undefined; head = inputs[this.#next]) {
      if (!isArrival(head) || "turn" in head || !due(head)) return;
      this.#next += 1;
      try {
        this.#apply(head);
      } catch (error) {
        const replayed = error instanceof Error ? error.message : show(error);
        this.differ({ recorded: describeInput(head), replayed });
      }
    }
  }

  /** Throws when it cannot have come: of such a task, device or question nobody knows. */
  #apply(arrival: Arrival): void {
    const { kernel } = this;
    if ("idle" in arrival) {
      if (kernel.step()) throw new Error("a task was");
    } else if ("time" in arrival) this.#machine.passed(arrival.time);
    else if ("tick" in arrival) this.#machine.tick(arrival.tick);
    else if ("interrupt" in arrival) this.#deviceOf(arrival.interrupt).interrupt();
    else if ("answer" in arrival) this.#answer(arrival.answer, arrival);
    else if ("signal" in arrival) {
      const task = kernel.tasks.find(arrival.to);
      if (task === undefined) throw new Error(`there is no task ${arrival.to}`);
      kill(kernel, task, arrival.signal, null, arrival.reason);
    } else if ("choose" in arrival) chooseNext(kernel, arrival.choose);
    else if ("tell" in arrival) this.#options.tell?.(arrival.tell, decode(arrival.value));
    else this.onDeadlock();
  }

  #deviceOf(number: number): Device {
    const device = this.#devices[number];
    if (device === undefined) throw new Error("there is no such device");
    return device;
  }

  #answer(number: number, outcome: Outcome): void {
    const pending = this.#questions.get(number);
    if (pending === undefined) throw new Error("it was not asked");
    this.#questions.delete(number);
    if ("lost" in outcome) this.stuckOn = lost(outcome.lost);
    else if ("error" in outcome) pending.fail(decode(outcome.error));
    else pending.done(this.#valueOf(outcome) as never);
  }

  #valueOf(outcome: Exclude<Outcome, { error: unknown } | { lost: unknown }>): unknown {
    if ("made" in outcome) return this.device(outcome.made);
    return "value" in outcome ? decode(outcome.value) : undefined;
  }

  // What is asked.

  /**
   * The recorded reply to a question of this kind, put to device `number` if that is given; null,
   * and a divergence, if there is none: this was `asked`.
   */
  reply<K extends ReplyKind>(kind: K, number?: number, asked?: string): ReplyOf<K> | null {
    const { inputs } = this.recording;
    this.#deliver((arrival) => arrival.at === this.kernel.steps);
    const head: Input | undefined = inputs[this.#next];
    if (this.divergence === null && head?.at === this.kernel.steps && isReply(head, kind, number)) {
      this.#next += 1;
      return head;
    }
    const name = number === undefined ? "" : ` of ${this.#devices[number]?.name ?? number}`;
    this.differ({
      recorded: head === undefined ? "nothing more" : describeInput(head),
      replayed: asked ?? `${kind}${name} was asked for`,
    });
    return null;
  }

  output(bytes: Uint8Array, stream: "stdout" | "stderr"): void {
    this.#options.output(bytes, stream);
  }

  /** The next device. */
  device(made: Omit<MadeDevice, "device">, stream: "stdout" | "stderr" | null = null): Device {
    const device = new PlayedDevice(this, this.#devices.length, made, stream);
    this.#devices.push(device);
    return device;
  }

  /** A question whose answer the recording has. */
  ask(answer: Answer<never>): Cancel {
    const number = ++this.#asked;
    this.#questions.set(number, answer);
    this.catchUp();
    return () => void this.#questions.delete(number);
  }

  report(message: string): void {
    this.#options.output(`genix: ${message}\n`, "stderr");
  }
}

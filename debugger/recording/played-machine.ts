// The machine of a recorded run: answers every question from the recording. If that was made on a
// virtual machine, that one decides again what it decided, and the recording has only what the host
// added.

import type { Address, Answer, Cancel, Device } from "../../kernel";
import type { Launch, Listen, Machine, OpenFlags } from "../../kernel";
import { describeStill } from "./describe";
import type { Player } from "./player";

/** A virtual machine: decides everything but the host's part, and lets its time be set. */
export interface Decider extends Machine {
  jump(to: number): void;
}

export class PlayedMachine implements Machine {
  decider: Decider | null = null;
  readonly #player: Player;
  /** On its clock, as far as that is known, in milliseconds. */
  time = 0;

  constructor(player: Player) {
    this.#player = player;
  }

  /** It is `now` at least: a tick tells the time of a look at the clock a moment ago. */
  passed(now: number): void {
    this.time = Math.max(this.time, now);
  }

  /** The timer interrupt. Throws when it cannot be. */
  tick(now: number): void {
    const { kernel } = this.#player;
    this.passed(now);
    if (this.decider === null) return kernel.tick(now);
    // There time goes from one deadline to the next.
    if (kernel.timers.next !== now) throw new Error(describeStill(kernel, this.decider.now()));
    this.decider.jump(now);
  }

  get stdin(): Device {
    const { external } = this.decider?.stdin ?? { external: true };
    return this.#player.device({ name: "stdin", external, can: ["read"] });
  }

  get stdout(): Device {
    return this.#player.device({ name: "stdout", external: true, can: ["write"] }, "stdout");
  }

  get stderr(): Device {
    return this.#player.device({ name: "stderr", external: true, can: ["write"] }, "stderr");
  }

  clock(): number {
    return this.decider?.now() ?? this.time;
  }

  now(): number {
    if (this.decider !== null) return this.decider.now();
    const now = this.#player.reply("now")?.now ?? this.time;
    this.passed(now);
    return now;
  }

  random(): number {
    return this.decider?.random() ?? this.#player.reply("random")?.random ?? 0;
  }

  open(path: string, flags: OpenFlags, answer: Answer<Device>): Cancel {
    return this.decider?.open(path, flags, answer) ?? this.#player.ask(answer);
  }

  unlink(path: string, answer: Answer<void>): Cancel {
    return this.decider?.unlink(path, answer) ?? this.#player.ask(answer);
  }

  connect(address: Address, answer: Answer<Device>): Cancel {
    return this.decider?.connect(address, answer) ?? this.#player.ask(answer);
  }

  listen(address: Address, answer: Answer<Device>): Cancel {
    return this.decider?.listen(address, answer) ?? this.#player.ask(answer);
  }

  launch(what: Launch, answer: Answer<Device>): Cancel {
    return this.decider?.launch(what, answer) ?? this.#player.ask(answer);
  }

  settle(source: unknown, answer: Answer<unknown>): Cancel {
    // A function is not called. A promise is under way; nobody is to hear of it but the recording.
    if (typeof source !== "function") Promise.resolve(source).catch(() => {});
    return this.#player.ask(answer);
  }

  heed(listen: Listen, answer: Answer<unknown>): Cancel {
    const forget = this.#player.ask(answer);
    const stop = listen((value) => {
      // What happens in a step happens again. What came from outside is in the recording.
      if (this.#player.kernel.current !== null) answer.done(value);
    });
    return () => {
      forget();
      stop();
    };
  }

  report(message: string): void {
    this.#player.report(message);
  }
}

// What a recorded program asked and told the host past its machine, as a replay has it:
// `Math.random` came to this, `console.log` was told that.

import { describeHost } from "./describe";
import type { Player } from "./player";
import { bothSides } from "./written";

export class HostReplies {
  readonly #player: Player;
  /** The last value, and how often it comes again. */
  #last: number | string = 0;
  #repeats = 0;

  constructor(player: Player) {
    this.#player = player;
  }

  /** A value of the host's, by name: `Math.random`. It must be `now`, if that is given. */
  value(name: string, now: number | undefined): number {
    const was = Number(this.#next(name));
    if (now !== undefined && now !== was) {
      this.#player.differ({ recorded: `${name} was ${was}`, replayed: `${name} was ${now}` });
    }
    return now ?? was;
  }

  /** The program tells `text` to the host, by `name`: `console.log`. */
  told(name: string, text: string): void {
    const was = String(this.#next(name, text));
    if (was === text) return;
    const { recorded, replayed } = bothSides(was, text);
    this.#player.differ({ recorded: `${name}(${recorded})`, replayed: `${name}(${replayed})` });
  }

  #next(name: string, value?: string): number | string {
    if (this.#repeats === 0) {
      const reply = this.#player.reply("host", undefined, describeHost(name, value));
      if (reply !== null && reply.host !== name) {
        const recorded = describeHost(reply.host, reply.value);
        this.#player.differ({ recorded, replayed: describeHost(name, value) });
      }
      this.#repeats = reply?.times ?? 1;
      this.#last = reply?.value ?? 0;
    }
    this.#repeats -= 1;
    return this.#last;
  }
}

// What a recorded program asked and told the host past its machine, as a replay has it:
// `Math.random` came to this, `console.log` was told that.

import { show } from "../../kernel";
import { describeHost } from "./describe";
import type { Player } from "./player";
import { decode, encode, type Coded } from "./values";
import { bothSides } from "./written";

export class HostReplies {
  readonly #player: Player;
  /** The last value, and how often it comes again. */
  #last: Coded = null;
  #repeats = 0;

  constructor(player: Player) {
    this.#player = player;
  }

  /** What `name`, as `Math.random`, came to. It must be `now`, what it comes to here, if `same`. */
  value(name: string, now: unknown, same: boolean): unknown {
    const was = this.#next(name, now);
    if (same && JSON.stringify(was) !== JSON.stringify(encode(now))) {
      const is = (value: unknown): string => `${name} was ${show(value)}`;
      this.#player.differ({ recorded: is(decode(was)), replayed: is(now) });
    }
    return same ? now : decode(was);
  }

  /** The program tells `text` to the host, by `name`: `console.log`. */
  told(name: string, text: string): void {
    const was = this.#next(name, text);
    if (was === text) return;
    const { recorded, replayed } = bothSides(was as string, text);
    this.#player.differ({ recorded: `${name}(${recorded})`, replayed: `${name}(${replayed})` });
  }

  /** The next value, in the place of `now`. */
  #next(name: string, now: unknown): Coded {
    if (this.#repeats === 0) {
      const reply = this.#player.reply("host", undefined, describeHost(name, now));
      if (reply !== null && reply.host !== name) {
        const recorded = describeHost(reply.host, reply.value);
        this.#player.differ({ recorded, replayed: describeHost(name, now) });
      }
      this.#repeats = reply?.times ?? 1;
      this.#last = reply === null ? encode(now) : reply.value;
    }
    this.#repeats -= 1;
    return this.#last;
  }
}

// The host's turns: its event loop comes round once.

// Not that of the global object, where a program may put its own.
import { setImmediate } from "node:timers";

/** Resolves when the host has done what was left to it to do by now: `then`, `nextTick`. */
export function hostTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/**
 * Call `work` in each turn of the host's until it returns false. As a machine runs tasks: what they
 * leave to `nextTick` comes before what they leave to `then`. After an `await` it would not.
 */
export function inTurns(work: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const turn = (): void => {
      try {
        if (work()) setImmediate(turn);
        else resolve();
      } catch (error) {
        reject(error);
      }
    };
    setImmediate(turn);
  });
}

// What `genix top` looks at, and what it says of it on a screen and without one.

import type { TopClient } from "./client";
import type { TopProgram } from "./program";

export interface Target {
  readonly client: TopClient;
  /** `process 4711` */
  readonly who: string;
  /** If it was started here. */
  readonly program?: TopProgram | undefined;
}

/** After so many milliseconds without an answer it is said that there is none. */
export const SILENCE = 3000;

export function endText(code: number | undefined): string {
  return `The program has ended${code === undefined ? "" : ` with exit code ${code}`}.`;
}

// What a person or a script reads.

import type { PaneView } from "../../debugger";

export const PROMPT = "(genix) ";

export interface Screen {
  /** Is somebody there to see colours? */
  readonly tty: boolean;
  /** Whole lines of the debugger's. */
  print(lines: string): void;
  /** What the program prints, as it comes. */
  output(text: string, stream: "stdout" | "stderr"): void;
  /** Keep these panes in sight. Only where there is a place for that. */
  pin?(panes: readonly PaneView[]): void;
}

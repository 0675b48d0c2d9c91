// What the parts of the adapter may say to the client, and how it counts.

import type { DebugProtocol } from "@vscode/debugprotocol";
import type { Fields } from "./fields";

export interface Client {
  send(event: DebugProtocol.Event): void;
  /** Print a line of genix's own at its console. */
  say(text: string): void;
  /** Once the request that is being served has its answer. */
  after(action: () => void): void;
  /** Lines and columns count from 1 in genix, and in most clients: what is added for this one. */
  readonly lineOffset: number;
  readonly columnOffset: number;
}

/** Requests by name: what serves each. Returns the body of the answer; throws what is wrong. */
export type Commands = Readonly<
  Record<string, (fields: Fields) => object | void | Promise<object | void>>
>;

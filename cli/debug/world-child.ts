// The process of a world: does what the debugger's process asks, see world.ts.

import { Socket } from "node:net";
import "../source-maps";
import { crashText } from "../crash-text";
import { messageOf, Misuse } from "../misuse";
import { prepareReaders } from "../modules";
import type { Inferior } from "./inferior";
import { Execution } from "./execution";
import { Connection, CONNECTION } from "./connection";
import { StackInspector } from "./stack-inspector";
import { holdLifeline } from "./lifeline";
import { openLive } from "./live";
import { openRecorded } from "./recorded";
import { OPENED } from "./protocol";
import type { Answer, Method, Origin, Reply, Request } from "./protocol";

let inferior: Inferior | undefined;
let execution: Execution | undefined;

/** It keeps the process, unless it is told not to. */
const pipe = new Socket({ fd: CONNECTION, readable: true, writable: true });
const connection = new Connection<Answer, Request>(pipe, (request) => {
  if (request.kind === "interrupt") execution?.interrupt();
  else if (request.kind === "open") void answer(OPENED, () => open(request.origin));
  else void answer(request.id, () => ask(request.method, request.args));
});
holdLifeline(() => inferior?.kernel);
prepareReaders();

async function open(origin: Origin): Promise<void> {
  // While it loads, only what the program waits for shall keep the process: so one that waits for
  // what never comes is found out.
  pipe.unref();
  try {
    inferior = await ("recording" in origin ? openRecorded(origin) : openLive(origin));
  } finally {
    pipe.ref();
  }
  execution = new Execution(inferior, new StackInspector(inferior), pipe);
}

function ask(method: Method, args: readonly unknown[]): unknown {
  if (execution === undefined) throw new Error(`${method}() before the world was open`);
  const answers = execution as unknown as Record<Method, (...args: readonly unknown[]) => unknown>;
  return answers[method](...args);
}

async function answer(id: number, work: () => unknown): Promise<void> {
  try {
    send({ id, kind: "value", value: await work() });
  } catch (error) {
    const misuse = error instanceof Misuse;
    const message = id === OPENED && !misuse ? crashText(error) : messageOf(error);
    send({ id, kind: "error", message, misuse });
  }
}

function send(answer: Reply): void {
  connection.send({ ...answer, printed: printed() });
}

function printed(): readonly [number, number] {
  return [process.stdout, process.stderr].map((stream) => {
    return (stream as unknown as { bytesWritten?: number }).bytesWritten ?? 0;
  }) as [number, number];
}

// The process of a world: does what the debugger's process asks over IPC, see world.ts.

import "../source-maps";
import { crashText } from "../crash-text";
import { messageOf, Misuse } from "../misuse";
import { prepareReaders } from "../modules";
import type { Inferior } from "./inferior";
import { Execution } from "./execution";
import { StackInspector } from "./stack-inspector";
import { holdLifeline } from "./lifeline";
import { openLive } from "./live";
import { openRecorded } from "./recorded";
import { OPENED, type Method, type Origin, type Reply, type Request } from "./protocol";

// The program has no part in this: run by itself, it has nobody to send anything to.
const toDebugger = process.send?.bind(process);
delete process.send;
Reflect.deleteProperty(process, "disconnect");

let inferior: Inferior | undefined;
let execution: Execution | undefined;

process.on("message", (request: Request) => {
  if (request.kind === "interrupt") execution?.interrupt();
  else if (request.kind === "open") void answer(OPENED, () => open(request.origin));
  else void answer(request.id, () => ask(request.method, request.args));
});
holdLifeline(() => inferior?.kernel);
prepareReaders();

async function open(origin: Origin): Promise<void> {
  // While it loads, only what the program waits for shall keep the process: so one that waits for
  // what never comes is found out.
  process.channel?.unref();
  try {
    inferior = await ("recording" in origin ? openRecorded(origin) : openLive(origin));
  } finally {
    process.channel?.ref();
  }
  execution = new Execution(inferior, new StackInspector(inferior));
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
  toDebugger?.({ ...answer, printed: printed() });
}

function printed(): readonly [number, number] {
  return [process.stdout, process.stderr].map((stream) => {
    return (stream as unknown as { bytesWritten?: number }).bytesWritten ?? 0;
  }) as [number, number];
}

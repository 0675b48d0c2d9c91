// `genix top` where nobody looks at a screen: one plain table after the other.

import { setTimeout as sleep } from "node:timers/promises";
import { plainTable, type Report, type View } from "../../debugger";
import { complain } from "../misuse";
import { endText, SILENCE, type Target } from "./target";

/**
 * Print `count` tables, or fewer if the program ends before. Returns the exit code: the program's
 * own if it was started here and ended by itself, 1 if there was no answer in the end, else 0.
 */
export async function batch(target: Target, view: View, count: number): Promise<number> {
  const { client, who, program } = target;
  let over = false;
  let unread = false;
  const ended = new Promise<string | undefined>((resolve) => (client.onEnd = resolve));
  const enough = Promise.race([ended, outputFailed().then(() => (unread = true))]);
  void enough.then(() => (over = true));
  let answered = true;
  for (let shown = 0; shown < count && !over; shown++) {
    // What was started just now has had no time to do anything.
    if (shown > 0 || program !== undefined) await pause(view.interval, enough);
    if (over) break;
    const report = await next(target, view, enough);
    answered = report !== undefined || over;
    if (report !== undefined) {
      const text = plainTable(report, view.sort, view.reverse, who);
      process.stdout.write(`${shown > 0 ? "\n" : ""}${text}`);
    } else if (!answered) {
      complain(`no answer from ${who} for ${SILENCE / 1000} s; does a task not yield?`);
    }
  }
  if (over && !unread) return conclusion(target, await ended);
  await stop(target);
  return answered ? 0 : 1;
}

async function stop({ client, program }: Target): Promise<void> {
  client.close();
  program?.kill("SIGTERM");
  await program?.ended;
}

async function conclusion({ who, program }: Target, refusal?: string): Promise<number> {
  const code = await program?.ended;
  if (refusal !== undefined) complain(`${who}: ${refusal}`);
  else process.stdout.write(`${endText(code)}\n`);
  return code ?? (refusal === undefined ? 0 : 1);
}

/** Nobody reads what is printed any more, as after `| head`. */
function outputFailed(): Promise<void> {
  return new Promise((resolve) => process.stdout.once("error", () => resolve()));
}

async function pause(ms: number, ended: Promise<unknown>): Promise<void> {
  const alarm = new AbortController();
  const slept = sleep(ms, undefined, { signal: alarm.signal }).catch(() => {});
  await Promise.race([slept, ended]);
  alarm.abort();
}

/** The next report; undefined if there was no answer for too long, or it has ended. */
async function next(
  { client }: Target,
  view: View,
  ended: Promise<unknown>,
): Promise<Report | undefined> {
  let report: Report | undefined;
  const came = new Promise<void>((resolve) => {
    client.onReport = (answer) => {
      report = answer;
      resolve();
    };
  });
  client.ask(view);
  await pause(SILENCE, Promise.race([came, ended]));
  return report;
}

// Tasks are asked to end, as Ctrl-C and kill do it: they clean up first.

import { INIT } from "../../debugger";
import type { Session } from "../../debugger/world";
import { Refusal } from "./fields";

/** All of them; no breakpoint is to hold them up. */
export async function askAll(session: Session): Promise<void> {
  for (const { id } of [...session.breakpoints]) session.deleteBreakpoint(id);
  const { tasks } = await session.world.look();
  const alive = tasks.filter(({ pid, state }) => pid !== INIT && state !== "zombie");
  await signal(
    session,
    alive.map(({ pid }) => pid),
  );
}

export async function askThese(session: Session, pids: readonly number[]): Promise<void> {
  if (pids.includes(INIT)) throw new Refusal("init ends with the program; end the session instead");
  await signal(session, pids);
}

async function signal({ world }: Session, pids: readonly number[]): Promise<void> {
  for (const pid of pids) await world.signal(pid, "TERM");
}

// Programs in a thread or process of their own, reached through a byte stream.

import type { Answer, Cancel, Device, Launch } from "../kernel";

export function launchGuest(what: Launch, _answer: Answer<Device>, _news: () => void): Cancel {
  throw new Error(`launch ${what.kind}: not yet`);
}

// As much of HTTP/1.0 as a crawler needs: ask for one page, and read it to the end.

import { type Address, type Program } from "../syscalls";
import { lineReader, Socket } from "../tasks";

/** What a site answers that is no page: 404 Not found. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(`${status} ${text}`);
    this.name = "HttpError";
    this.status = status;
  }
}

export interface Page {
  /** Where it has moved to, if it has. */
  readonly location: string | undefined;
  /** What it links to, as it is written there. */
  readonly links: readonly string[];
}

/** Get the page at `path`. Throws an HttpError for any other answer than a page or a move. */
export function* get(site: Address, path: string): Program<Page> {
  const socket = yield* Socket.connect(site);
  try {
    yield* socket.send(`GET ${encodeURI(path)} HTTP/1.0\r\n\r\n`);
    return yield* readPage(socket);
  } finally {
    // In a `finally`, so that a site that does not answer learns that nobody waits any longer.
    yield* socket.close();
  }
}

function* readPage({ fd }: Socket): Program<Page> {
  const lines = lineReader(fd);
  const [, status, ...text] = ((yield* lines.next()) ?? "").split(" ");
  if (Number(status) >= 400) throw new HttpError(Number(status), text.join(" "));
  const links: string[] = [];
  let location: string | undefined;
  for (let line = yield* lines.next(); line !== undefined; line = yield* lines.next()) {
    location ??= /^Location: (.*)/.exec(line)?.[1];
    for (const [, link = ""] of line.matchAll(/<a href="(.*?)">/g)) links.push(link);
  }
  return { location, links };
}

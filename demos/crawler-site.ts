// The web site that the crawler visits, with all that makes a crawler's life hard. It knows
// nothing of the crawler; it speaks HTTP/1.0, which is a line, some headers and the end of the
// connection.

import { sleep, type Program } from "../syscalls";
import { lineReader, type Socket } from "../tasks";

/** How long a page takes, in milliseconds. */
const LATENCY = 20;

/** What links to what. */
const pages: Readonly<Record<string, readonly string[]>> = {
  "/": ["/about", "/news", "/old", "/about"],
  "/about": ["/", "/team", "/missing"],
  "/news": ["/", "/today", "/never", "/flaky"],
  "/team": ["/about", "/team/ann", "/team/ben", "/broken", "/here"],
  "/team/ann": ["/team"],
  "/team/ben": ["/team", "/team/100%25"],
  "/team/100%": ["/team"],
  "/today": ["/news", "/broken"],
  "/flaky": ["/archive"],
  "/archive": ["/", "/news"],
  "/broken": ["/100%"],
};

const moved: Readonly<Record<string, string>> = {
  "/old": "/news",
  "/here": "/there",
  "/there": "/here",
};

/** A site that counts its visitors. */
export class Site {
  /** How many requests there were, and how many at most at a time. */
  requests = 0;
  most = 0;
  #now = 0;
  /** How often the flaky page will fail yet. */
  #failures = 2;

  *answer(connection: Socket): Program<void> {
    this.requests += 1;
    this.most = Math.max(this.most, ++this.#now);
    try {
      yield* this.#serve(connection);
    } finally {
      this.#now -= 1;
    }
  }

  *#serve(connection: Socket): Program<void> {
    const lines = lineReader(connection.fd);
    const [, target = "/"] = ((yield* lines.next()) ?? "").split(" ");
    while ((yield* lines.next()) !== "");
    yield* sleep(LATENCY);
    const path = decodeURIComponent(target);
    // It never answers, and only notices when the other side gives up.
    if (path === "/never") yield* lines.next();
    else yield* connection.send(this.#reply(path));
  }

  #reply(path: string): string {
    const target = moved[path];
    if (target !== undefined) return `HTTP/1.0 301 Moved\r\nLocation: ${target}\r\n\r\n`;
    if (path === "/flaky" && this.#failures-- > 0) return "HTTP/1.0 503 Too busy\r\n\r\n";
    const links = pages[path]?.map((link) => `<a href="${link}">${link}</a>\n`);
    if (links === undefined) return "HTTP/1.0 404 Not found\r\n\r\n";
    return `HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n${links.join("")}`;
  }
}

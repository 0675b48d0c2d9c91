// Part 10. A crawler, that gets to the end of a bad web site.
//
//   genix run demos/105-crawler.ts
//
// Three workers take paths from a channel, get the pages, and put the links they find back into
// it, each path once. Three is the bound: however many links there are, the site never sees more
// than three requests at a time. When no path is open any more the channel is closed, and the
// workers go.
//
// The site does its worst. One page never answers: `timeout`. One is too busy at first: `retry`,
// with pauses at random that grow. Two move to each other for ever. And one has a link that the
// crawler cannot decode. That is a bug in the crawler, found as such things are found: the
// worker crashes. The `finally` in `work` takes note of the page, `supervise` starts the worker
// again, and the other two never know. Look at the report: it says of every page how it was
// found, or why it was not.

import { Channel, spawn, type Address, type Program } from "../syscalls";
import { describeExit, each, retry, RetryError, serve, Socket } from "../tasks";
import { supervise, timeout, TimeoutError, type ChildEnd } from "../tasks";
import { Site } from "./crawler-site";
import { get, HttpError, type Page } from "./http";
import { say, startClock } from "./shared";

export const about = "a supervised crawler: a bound, timeouts, retries, a crash, and a report";

const WORKERS = ["ann", "ben", "cid"];
/** How long a page may take, in milliseconds; and how often it is tried. */
const PATIENCE = 100;
const TRIES = 3;

/** A path that somebody found. */
class Find {
  readonly path: string;
  /** The page it was found on, and those that have moved here, oldest first. */
  readonly from: Find | null;
  readonly via: readonly string[];
  readonly children: Find[] = [];
  fate = "";
  failed = false;

  constructor(path: string, from: Find | null, via: readonly string[]) {
    this.path = path;
    this.from = from;
    this.via = via;
    from?.children.push(this);
  }
}

/** What there is to do, and what is known. */
class Crawl {
  readonly todo = new Channel<Find>(Infinity, { name: "paths" });
  readonly finds = new Map<string, Find>();
  duplicates = 0;
  #open = 0;

  *add(path: string, from: Find | null = null, via: readonly string[] = []): Program<void> {
    if (this.finds.has(path)) return void (this.duplicates += 1);
    const find = new Find(path, from, via);
    this.finds.set(path, find);
    this.#open += 1;
    yield* this.todo.send(find);
  }

  /** Whoever is done with the last one locks up. */
  *done(): Program<void> {
    this.#open -= 1;
    if (this.#open === 0) yield* this.todo.close();
  }
}

function* worker(name: string, crawl: Crawl, site: Address): Program<void> {
  yield* each(crawl.todo, function* work(find) {
    try {
      find.fate = yield* visit(name, crawl, site, find);
    } catch (error) {
      find.failed = true;
      find.fate = `crashed its worker: ${String(error)}`;
      if (!(error instanceof RetryError || error instanceof HttpError)) throw error;
      find.fate = error.message;
    } finally {
      yield* crawl.done();
    }
  });
}

function* visit(name: string, crawl: Crawl, site: Address, find: Find): Program<string> {
  const { path } = find;
  function* attempt(n: number): Program<Page> {
    yield* say(`${name} ${n === 1 ? "gets" : "tries again"} ${path}`);
    return yield* timeout(PATIENCE, get(site, path));
  }
  const { links, location } = yield* retry(attempt, { times: TRIES, delay: 50, when: isTemporary });
  if (location !== undefined) return yield* follow(crawl, find, location);
  for (const link of links) yield* crawl.add(decodeURIComponent(link), find);
  return links.length === 1 ? "1 link" : `${links.length} links`;
}

/** Is it worth another try? */
function isTemporary(error: unknown): boolean {
  return error instanceof TimeoutError || (error instanceof HttpError && error.status >= 500);
}

function* follow(crawl: Crawl, find: Find, location: string): Program<string> {
  const via = [...find.via, find.path];
  if (via.includes(location)) throw new HttpError(301, `moves in a circle: ${via.join(", ")}`);
  yield* crawl.add(location, find, via);
  return `moved to ${location}`;
}

function tree(find: Find, depth = 0): string[] {
  const line = `${"  ".repeat(depth)}${find.path}`.padEnd(24) + find.fate;
  return [
    find.failed ? [] : [line],
    ...find.children.map((child) => tree(child, depth + 1)),
  ].flat();
}

function report(crawl: Crawl, site: Site): void {
  const finds = [...crawl.finds.values()];
  const [root] = finds;
  if (root !== undefined) console.log(`\nThe site:\n${tree(root).join("\n")}`);
  console.log("\nWhat failed:");
  for (const { path, from, fate } of finds.filter(({ failed }) => failed)) {
    console.log(`${path}`.padEnd(16) + `linked from ${from?.path}`.padEnd(24) + fate);
  }
  const { requests, most } = site;
  console.log(`\n${requests} requests, at most ${most} at a time; ${crawl.duplicates} duplicates`);
}

export default function* main(): Program<void> {
  const site = new Site();
  const listener = yield* Socket.listen(0);
  const address = yield* listener.address();
  const web = serve(listener, (connection) => site.answer(connection));
  yield* spawn(web, { name: "site", daemon: true, give: [listener.fd] });

  const crawl = new Crawl();
  yield* startClock();
  yield* crawl.add("/");
  const specs = WORKERS.map((name) => {
    return { name, start: () => worker(name, crawl, address), restart: "transient" } as const;
  });
  yield* supervise(specs, { intensity: 3, onEnd });
  report(crawl, site);
}

function onEnd({ child, status, restart }: ChildEnd): void {
  if (status.kind !== "crashed") return;
  console.log(`         ${describeExit(status)}${restart ? `; ${child} is started again` : ""}`);
}

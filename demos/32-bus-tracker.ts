// Part 3. The bus tracker: a stream of XML in, a few lines out, in constant memory.
//
//   <bus> … <id>7574</id> <route>22</route> <direction>North Bound</direction> … </bus>
//
// A task reads the file in chunks. Behind it everything is coroutines: parser -> buses -> on route
// 22 -> going north -> printer. Look at `bus`: `yield*` delegates to it what is sent, so a grammar
// is written as functions that call each other, though the parser calls us and not we the parser.
//
//   genix run demos/32-bus-tracker.ts FILE...
//
// Without a file it reads a sample that it makes itself. Each line is id,route,"direction",
// latitude,longitude. A bus that lacks one of them is left out, and named on stderr.

import { close, open, stderr, write, type Fd, type Program } from "../syscalls";
import { coroutine, filter, type Receiver, type Target } from "../tasks";
import { sampleBuses } from "./data/buses";
import { pour } from "./data/pour";
import { readXml, type XmlEvent } from "./xml";

export const about =
  "a stream of XML through state machines: northbound buses of route 22 ([FILE...])";

/** The texts of a bus by the names of their elements, in whatever order they came. */
type Bus = ReadonlyMap<string, string>;

const fields = ["id", "route", "direction", "latitude", "longitude"] as const;

const buses = coroutine(function* buses(target: Target<Bus>): Receiver<XmlEvent> {
  for (;;) {
    const event = yield;
    if (event.kind === "start" && event.name === "bus") target.send(yield* bus());
  }
});

/** The rest of a <bus>: its elements, up to its own end. */
function* bus(): Generator<void, Bus, XmlEvent> {
  const found = new Map<string, string>();
  for (;;) {
    const event = yield;
    if (event.kind === "end") return found;
    if (event.kind === "start") found.set(event.name, yield* text());
  }
}

/** The rest of an element: its own text. What is nested in it is passed over. */
function* text(): Generator<void, string, XmlEvent> {
  let found = "";
  for (let depth = 1; depth > 0;) {
    const event = yield;
    if (event.kind === "start") depth += 1;
    else if (event.kind === "end") depth -= 1;
    else if (depth === 1) found += event.text;
  }
  return found.replace(/\s+/g, " ").trim();
}

const printer = coroutine(function* printer(incomplete: string[]): Receiver<Bus> {
  for (;;) {
    const bus = yield;
    const missing = fields.filter((name) => (bus.get(name) ?? "") === "");
    if (missing.length > 0)
      incomplete.push(`bus ${bus.get("id") || "?"}: no ${missing.join(", ")}`);
    else console.log(fields.map((name) => cell(name, bus.get(name) ?? "")).join(","));
  }
});

function cell(name: string, value: string): string {
  const quoted = name === "direction" || /[",]/.test(value);
  return quoted ? `"${value.replaceAll('"', '""')}"` : value;
}

function* track(fd: Fd, name: string): Program<void> {
  const incomplete: string[] = [];
  const north = filter<Bus>((bus) => bus.get("direction") === "North Bound", printer(incomplete));
  const route22 = filter<Bus>((bus) => bus.get("route") === "22", north);
  yield* readXml(fd, name, buses(route22));
  for (const line of incomplete) yield* write(stderr, `${name}: ${line}; left out\n`);
}

export default function* main(argv: string[] = []): Program<void> {
  if (argv.length === 0) yield* track(yield* pour(sampleBuses()), "the sample");
  for (const file of argv) {
    const fd = yield* open(file);
    yield* track(fd, file);
    yield* close(fd);
  }
}

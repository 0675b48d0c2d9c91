// Part 3. Events, and state machines that are just code.
//
// A parser that reads a stream cannot return a document; it calls you at every tag. What you make
// of that depends on where you are, and a callback does not know where it is. A coroutine does: its
// place in its body is the state.
//
// Look at `titles`: "wait for a <title>, collect what is in it up to its end". Nothing else says in
// which state it is. The document comes seven characters at a time, and nobody notices.

import type { Program } from "../syscalls";
import { broadcast, coroutine, type Receiver, type Target } from "../tasks";
import { XmlSource, type XmlEvent } from "./xml";

export const about = "XML events pushed into coroutines: the place in the code is the state";

const library = `<library>
  <book lang="en"><title>Life &amp; Fate</title><year>1980</year></book>
  <!-- <title>this is none</title> -->
  <book><year>1913</year><title>A la <i>recherche</i> du temps</title></book>
</library>`;

const show = coroutine(function* show(): Receiver<XmlEvent> {
  for (let depth = 0; ;) {
    const event = yield;
    if (event.kind === "end") depth -= 1;
    const indent = "  ".repeat(depth);
    if (event.kind === "start") depth += 1;
    if (event.kind !== "text") console.log(`${indent}${event.kind} ${event.name}`);
    else if (event.text.trim() !== "") console.log(`${indent}text "${event.text}"`);
  }
});

const titles = coroutine(function* titles(target: Target<string>): Receiver<XmlEvent> {
  for (;;) {
    let event = yield;
    if (event.kind !== "start" || event.name !== "title") continue;
    let title = "";
    do {
      event = yield;
      if (event.kind === "text") title += event.text;
    } while (event.kind !== "end" || event.name !== "title");
    target.send(title);
  }
});

const list = coroutine(function* list(): Receiver<string> {
  const all: string[] = [];
  try {
    for (;;) all.push(yield);
  } finally {
    console.log(`titles: ${all.join(", ")}`);
  }
});

export default function* main(): Program<void> {
  const target = broadcast([show(), titles(list())], (_target, error) => {
    throw error;
  });
  const source = new XmlSource("library.xml", target);
  for (let at = 0; at < library.length; at += 7) source.push(library.slice(at, at + 7));
  source.end();
  target.close();
}

// A story as one HTML page that opens from disk: its frame, its style, its data and its script in
// one file, which asks nothing of any network and says so to the browser. Pure: who has the sources
// and the script hands them in.

import { pack } from "./data";
import { fileName, harmless } from "../pictures/text";
import { style } from "./style";
import type { Story } from "../story";

/** What runs in the page: its text, and the base64 of that text's SHA-256. */
export interface PageScript {
  readonly text: string;
  readonly hash: string;
}

/**
 * The page of `story`. `sources` holds the files that its places are in, by the paths the story
 * names them with; a file that is missing is said to be.
 */
export function htmlPage(
  story: Story,
  sources: Readonly<Record<string, string>>,
  script: PageScript,
): string {
  const name = harmless(fileName(story.program));
  const args = harmless(story.args.join(" "));
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${policy(script.hash)}">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<title>${escaped(`${name} · genix`)}</title>`,
    `<style>${style}</style></head><body>`,
    frame.replace("<!-- title -->", () => title(name, args)),
    `<script type="application/json" id="data">${asData({ story: pack(story), sources })}</script>`,
    `<script>${script.text}</script>`,
    "</body></html>\n",
  ].join("\n");
}

/** Nothing may be loaded from anywhere, nothing sent, and no script run but the page's own. */
function policy(hash: string): string {
  const own = `script-src 'sha256-${hash}'; style-src 'unsafe-inline'`;
  return `default-src 'none'; ${own}; base-uri 'none'; form-action 'none'`;
}

function title(name: string, args: string): string {
  const rest = args === "" ? "" : ` <span class="args">${escaped(args)}</span>`;
  return escaped(name) + rest;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** JSON that no parser of HTML takes for anything else: `</script>` and `<!--` cannot be in it. */
function asData(value: unknown): string {
  return JSON.stringify(value).replace(/</g, "\\u003c");
}

const icon = (path: string, name = ""): string =>
  `<svg class="${name}" viewBox="0 0 16 16" aria-hidden="true"><path d="${path}"/></svg>`;

const button = (id: string, label: string, keys: string, inside: string): string =>
  `<button id="${id}" aria-label="${label}" title="${label} (${keys})">${inside}</button>`;

const frame = `
<div id="page">
<header><span class="brand">genix</span><h1><!-- title --></h1><span class="space"></span>
<span id="filtered" role="status"></span>
<input id="filter" class="quiet" type="search" placeholder="Filter: name or pid"
  aria-label="Show only these tasks: names or pids" spellcheck="false" autocomplete="off">
<button id="scheme" class="quiet" title="Light or dark">Light / dark</button></header>
<section class="panel" aria-label="Timeline"><div id="timeline" class="scroll">
<div id="spacer"></div><canvas id="canvas" role="img"></canvas></div></section>
<div class="controls" role="group" aria-label="Steps">
<div class="group">
${button("first", "First", "Home", icon("M3 3h2v10H3zM13 3v10L6 8z"))}
${button("back", "Step back", "←", icon("M11 3v10L4 8z"))}
${button("play", "Play", "Space", icon("M5 3v10l8-5z", "play") + icon("M4 3h3v10H4zM9 3h3v10H9z", "pause"))}
${button("on", "Step on", "→", icon("M5 3v10l7-5z"))}
${button("last", "Last", "End", icon("M11 3h2v10h-2zM3 3v10l7-5z"))}
</div>
<input id="slider" type="range" min="0" value="0" aria-label="Step">
<div class="at"><span id="step"></span><span id="of"></span><span id="time"></span></div>
<select id="speed" class="quiet" aria-label="Speed of play">
<option value="2">2 steps a second</option><option value="8" selected>8 steps a second</option>
<option value="30">30 steps a second</option></select>
<div class="group">
<button id="over-steps" class="text" aria-pressed="true" title="Every step as wide">Steps</button>
<button id="over-time" class="text" aria-pressed="false" title="By the clock">Time</button>
${button("farther", "Zoom out", "-", icon("M3 7h10v2H3z"))}
${button("closer", "Zoom in", "+", icon("M7 3h2v4h4v2H9v4H7V9H3V7h4z"))}
${button("fit", "See all", "0", icon("M2 2h5v2H4v3H2zM14 14H9v-2h3V9h2z"))}
</div></div>
<main>
<div class="column left">
<section class="panel stack" aria-label="Tasks"><h2>Tasks <span id="alive" class="count"></span>
<span class="space"></span><label><input id="reaped" type="checkbox"> also reaped</label></h2>
<div id="tree" class="scroll" role="tree" tabindex="0" aria-label="Process tree"></div></section>
<section class="panel stack" aria-label="Queues">
<h2>Ready, in order <span id="ready-count" class="count"></span></h2>
<div class="scroll queues"><div id="ready" class="chips"></div>
<h3>Waiting, longest first</h3><div id="queues"></div></div></section>
</div>
<section class="panel stack" aria-label="Source"><h2><span id="source-who"></span>
<span id="source-place"></span><span class="space"></span>
<button id="release" class="quiet" title="Escape" hidden>go with the steps</button></h2>
<div id="code" class="scroll" tabindex="0" role="region"></div></section>
<div class="column right">
<section class="panel stack" aria-label="This step"><h2>What happened</h2>
<div id="event" class="scroll"></div></section>
<section class="panel stack" aria-label="All steps"><h2>Steps</h2>
<div id="log" class="scroll" role="list" tabindex="0" aria-label="Steps"></div></section>
</div>
</main>
<div id="said" class="unseen" aria-live="polite"></div><div id="colour" class="unseen"></div>
</div>`;

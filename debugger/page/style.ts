// The style sheet of the page. Both schemes are in the same lines, by `light-dark()`.

export const style = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f6f6f3, #15171b);
  --panel: light-dark(#ffffff, #1c1f25);
  --ink: light-dark(#22262b, #e4e6ea);
  --muted: light-dark(#6a7079, #949ba7);
  --line: light-dark(#e5e5df, #2c3038);
  --wash: light-dark(#f2f6fd, #222a38);
  --accent: light-dark(#d9480f, #ff9f5a);
  --run: light-dark(#2f6fd6, #6aa2f7);
  --ready: light-dark(#a9c8f5, #34538a);
  --blocked: light-dark(#d8d4c8, #4a4b50);
  --stopped: light-dark(#b197fc, #8f78d8);
  --exited: light-dark(#8f959d, #7d8490);
  --crashed: light-dark(#d92d20, #ff7b72);
  --killed: light-dark(#c2255c, #f783ac);
  --now: light-dark(#fff0e0, #3a2a1c);
  --keyword: light-dark(#8a3ea8, #d6a0f0);
  --string: light-dark(#2b7a3d, #92cf9b);
  --number: light-dark(#9a5b00, #e6b673);
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
* { box-sizing: border-box; }
html, body { height: 100%; margin: 0; }
body { background: var(--paper); color: var(--ink); font: 14px/1.45 var(--sans); }
button, input, select { font: inherit; color: inherit; }
button { cursor: pointer; }
:focus-visible { outline: 2px solid var(--run); outline-offset: 1px; }
[hidden] { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
#page { height: 100%; display: grid; grid-template-rows: auto auto auto minmax(0, 1fr);
  gap: 10px; padding: 12px 16px 14px; }
header { display: flex; align-items: center; gap: 12px; min-width: 0; }
h1 { font-size: 16px; font-weight: 650; margin: 0; white-space: nowrap; overflow: hidden;
  text-overflow: ellipsis; }
h1 .args { font-weight: 400; color: var(--muted); }
.brand { color: var(--muted); font-weight: 600; letter-spacing: 0.02em; }
.brand::after { content: "·"; margin-left: 12px; }
.space { flex: 1; }
.panel { background: var(--panel); border: 1px solid var(--line); border-radius: 10px;
  min-height: 0; min-width: 0; overflow: hidden; }
h2 { font-size: 12px; font-weight: 600; color: var(--muted); margin: 0; display: flex; gap: 8px;
  align-items: center; min-height: 34px; padding: 4px 12px; }
h2 .count { font-weight: 400; }
h2 label { font-weight: 400; display: flex; align-items: center; gap: 5px; cursor: pointer; }
.quiet { border: 1px solid var(--line); background: var(--panel); border-radius: 7px;
  padding: 3px 10px; min-height: 30px; }
.quiet:hover { background: var(--wash); }
.quiet[aria-pressed="true"] { background: var(--wash); border-color: var(--run); }
#filter { width: 190px; cursor: text; }
#filtered { color: var(--muted); min-width: 3em; }

#timeline { position: relative; overflow: auto; max-height: 32vh; height: var(--rows, 120px);
  overscroll-behavior: contain; }
#spacer { position: absolute; top: 0; left: 0; width: 1px; }
#canvas { position: sticky; top: 0; left: 0; display: block; cursor: crosshair; touch-action: pan-y; }

.controls { display: flex; align-items: center; gap: 6px 10px; flex-wrap: wrap; }
.group { display: flex; gap: 4px; }
.group button { min-width: 32px; height: 32px; border: 0; background: none; border-radius: 7px;
  display: grid; place-items: center; padding: 0 6px; }
.group button:hover { background: var(--line); }
.group .text { border: 1px solid transparent; color: var(--muted); }
.group .text[aria-pressed="true"] { background: var(--panel); color: var(--ink);
  border-color: var(--line); }
svg { width: 16px; height: 16px; fill: currentColor; }
#play { background: var(--run); color: var(--panel); min-width: 38px; }
#play:hover { background: var(--run); filter: brightness(1.1); }
#play .pause, #play.playing .play { display: none; }
#play.playing .pause { display: block; }
#slider { flex: 1 1 240px; min-width: 120px; accent-color: var(--accent); height: 28px; margin: 0; }
.at { font-variant-numeric: tabular-nums; white-space: nowrap; }
#step { font-weight: 650; }
#of, #time { color: var(--muted); }
#time { margin-left: 8px; }

main { display: grid; gap: 10px; min-height: 0;
  grid-template-columns: minmax(280px, 27fr) minmax(320px, 43fr) minmax(280px, 30fr); }
.column { display: grid; gap: 10px; min-height: 0; min-width: 0; }
.left { grid-template-rows: minmax(120px, 3fr) minmax(100px, 2fr); }
.right { grid-template-rows: minmax(140px, auto) minmax(120px, 1fr); }
.stack { display: grid; grid-template-rows: auto minmax(0, 1fr); }
.scroll { overflow: auto; overscroll-behavior: contain; }
.rows { position: relative; }
.rows > * { position: absolute; left: 0; right: 0; }
.nothing { color: var(--muted); padding: 2px 0; }

.task { height: 26px; display: flex; align-items: center; gap: 7px; padding-right: 10px;
  cursor: pointer; white-space: nowrap; border-left: 3px solid transparent; }
.task:hover, .step:hover { background: var(--paper); }
.task.ran { border-left-color: var(--accent); }
.task[aria-selected="true"] { background: var(--wash); }
.dot { width: 9px; height: 9px; border-radius: 50%; flex: none; background: var(--blocked); }
.task.ready .dot { background: var(--ready); }
.task.ran.ready .dot { background: var(--run); }
.task.stopped .dot { background: var(--stopped); }
.task.exited .dot { background: none; border: 2px solid var(--exited); }
.task.crashed .dot { background: var(--crashed); }
.task.killed .dot { background: var(--killed); }
.task.reaped { opacity: 0.55; }
.pid { color: var(--muted); font-variant-numeric: tabular-nums; font-size: 12px; }
.task .name { font-weight: 550; flex: none; max-width: 45%; overflow: hidden;
  text-overflow: ellipsis; }
.task .state { color: var(--muted); font-size: 12px; flex: none; }
.task.crashed .state { color: var(--crashed); }
.task.killed .state { color: var(--killed); }
.task .why { color: var(--muted); font: 12px var(--mono); overflow: hidden;
  text-overflow: ellipsis; }
.queues { padding: 0 12px 10px; }
.queues h3 { font-size: 12px; font-weight: 600; color: var(--muted); margin: 8px 0 4px; }
.queues h3:first-child { margin-top: 0; }
.chips { display: flex; flex-wrap: wrap; gap: 4px; }
.chip { border: 1px solid var(--line); background: var(--paper); border-radius: 6px;
  padding: 0 7px; height: 23px; line-height: 20px; font-size: 13px; white-space: nowrap;
  max-width: 100%; overflow: hidden; text-overflow: ellipsis; }
.chip:hover { border-color: var(--run); }
.chip.faint { opacity: 0.5; }
#ready .chip:first-of-type { border-color: var(--run); }
.queue { padding: 4px 0; }
.queue-name { font: 12px var(--mono); margin-bottom: 3px; overflow-wrap: anywhere; }

#code { font: 12.5px/20px var(--mono); padding: 4px 0 12px; tab-size: 2; position: relative; }
.line { display: flex; min-height: 20px; white-space: pre; width: max-content; min-width: 100%; }
.line .margin { flex: none; width: 48px; padding-right: 14px; text-align: right; color: var(--muted);
  opacity: 0.7; user-select: none; position: sticky; left: 0; background: var(--panel); }
.line.occupied .margin { opacity: 1; box-shadow: inset 3px 0 var(--ready); }
.line.now, .line.now .margin { background: var(--now); }
.line.now .margin { box-shadow: inset 3px 0 var(--accent); color: var(--accent); opacity: 1;
  font-weight: 700; }
.line .here { color: var(--muted); font: 12px/20px var(--sans); padding: 0 12px 0 28px; }
.comment { color: var(--muted); font-style: italic; }
.keyword { color: var(--keyword); }
.string { color: var(--string); }
.numeral { color: var(--number); }
#code .nothing { padding: 8px 16px; font-family: var(--sans); }
#source-place { font: 12px var(--mono); overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
#source-who { color: var(--ink); }
#release { min-height: 24px; padding: 0 8px; font-size: 12px; font-weight: 400; color: var(--ink); }

#event { padding: 0 12px 10px; max-height: 34vh; }
.lead { margin: 0 0 6px; font-weight: 550; }
.story { list-style: none; margin: 0; padding: 0 0 0 10px; border-left: 2px solid var(--line);
  display: grid; gap: 5px; }
.story li { overflow-wrap: anywhere; }
.story .verb { color: var(--muted); }
.story code { font: 12.5px var(--mono); }
.story li .chip + code { margin-left: 6px; }
.story .crashed, .story .crashed .verb { color: var(--crashed); }
.story .killed, .story .killed .verb, .story .signal .verb { color: var(--killed); }
.step { height: 22px; display: flex; gap: 8px; align-items: center; padding: 0 12px;
  white-space: nowrap; cursor: pointer; font-size: 13px; }
.step .number { color: var(--muted); font-size: 12px; font-variant-numeric: tabular-nums;
  min-width: 3.2em; text-align: right; }
.step .name { flex: none; width: 7.5em; overflow: hidden; text-overflow: ellipsis; }
.step .text { font: 12px var(--mono); overflow: hidden; text-overflow: ellipsis; }
.step.blocked .text { color: var(--muted); }
.step.crashed .text { color: var(--crashed); }
.step.killed .text { color: var(--killed); }
.step.mine .name { font-weight: 650; }
.step.now { background: var(--now); box-shadow: inset 3px 0 var(--accent); }

@media (max-width: 900px) {
  #page { height: auto; display: block; }
  #page > * { margin-bottom: 10px; }
  header { flex-wrap: wrap; }
  main { display: block; }
  .column, .panel.stack { margin-bottom: 10px; }
  .column { display: block; }
  .scroll { max-height: 46vh; }
  #tree, #log { height: 34vh; }
  .controls { position: sticky; top: 0; background: var(--paper); z-index: 1; padding: 6px 0; }
}
@media (max-height: 560px) and (min-width: 901px) {
  #page { height: auto; min-height: 100%; }
  main { height: 420px; }
}
@media print { .controls, #filter, #scheme { display: none; } }
`;

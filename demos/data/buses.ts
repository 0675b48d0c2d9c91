// A sample of what a city's bus tracker says, the same every time: many routes and directions,
// elements in changing order, with the liberties that XML allows.

const routes = ["22", "36", "22", "151", "8"];
const directions = ["North Bound", "South Bound", "East Bound", "North Bound", "West Bound"];

/** An XML document with `count` buses. */
export function sampleBuses(count = 40): string {
  const chance = sequence(22);
  const buses = Array.from({ length: count }, (_, i) => bus(i, chance));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<buses>\n${buses.join("")}</buses>\n`;
}

function bus(i: number, chance: () => number): string {
  const pick = <T>(items: readonly T[]): T => items[Math.floor(chance() * items.length)] as T;
  const direction = pick(directions);
  const elements = [
    `<id>${1000 + 37 * i}</id>`,
    `<route>${pick(routes)}</route>`,
    `<direction>${pick([direction, direction.replace(" ", "&#32;"), `<![CDATA[${direction}]]>`])}</direction>`,
    `<latitude>${(41.7 + 0.3 * chance()).toFixed(5)}</latitude>`,
    `<longitude unit="degree">\n      ${(-87.8 + 0.2 * chance()).toFixed(5)}\n    </longitude>`,
    "<operator>Forest Glen &amp; Sons</operator>",
    "<!-- <route>22</route> is what it is not -->",
    "<color/>",
  ];
  const turn = Math.floor(chance() * elements.length);
  const turned = [...elements.slice(turn), ...elements.slice(0, turn)];
  return `  <bus>\n${turned.map((element) => `    ${element}\n`).join("")}  </bus>\n`;
}

/** Numbers in [0, 1), the same for the same seed. */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

// SVG as text: elements, escaping, and what all pictures share. A picture is one file that needs no
// other, and looks the same on a light and on a dark page.

import { columnsOf, oneLine } from "./text";

/** What an element may be given; undefined is left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Not allowed in XML, however written: control characters, lone surrogates, two non-characters. */
const FORBIDDEN = /[^\P{Cc}\t\n\r]|[\ufffe\uffff]|\p{Surrogate}/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" },
};

/** `text` as it may stand in an element or an attribute. */
export function escape(text: string): string {
  return text.replace(FORBIDDEN, "\ufffd").replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

/** An element; its children are SVG already. */
export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const words = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escape(format(value ?? ""))}"`)
    .join("");
  return children.length === 0
    ? `<${name}${words}/>`
    : `<${name}${words}>${children.join("")}</${name}>`;
}

/** A line of text. */
export function text(x: number, y: number, words: string, attributes: Attributes = {}): string {
  return element("text", { x, y, ...attributes }, escape(words));
}

/** What is shown while the mouse is over the element that has it. */
export function tooltip(words: string): string {
  return element("title", {}, escape(oneLine(words, 500)));
}

/** A whole picture. `styles` is CSS. */
export function picture(
  width: number,
  height: number,
  styles: string,
  label: string,
  body: readonly string[],
): string {
  const paper = { width, height, rx: 8, fill: "#ffffff", stroke: "#e2e6ea" };
  const root = {
    ...{ xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}` },
    ...{ role: "img", "aria-label": oneLine(label, 200) },
  };
  const style = element("style", {}, BASE, styles);
  return `${element("svg", root, "\n", style, "\n", element("rect", paper), "\n", body.join("\n"), "\n")}\n`;
}

const BASE = `text{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:#24292f}
.title{font-size:14px;font-weight:600}.dim{fill:#6e7781}.grid{stroke:#eaeef2}`;

/** How wide `words` are in the pictures' type, about. */
export function widthOf(words: string, size: number = 12): number {
  return columnsOf(words) * size * 0.58;
}

function format(value: string | number): string {
  return typeof value === "number" ? String(Math.round(value * 100) / 100) : value;
}

// One line about any value, for error messages, strace and reports.
// Never runs code of the value's: a task may hand over a proxy or a getter that throws.

const LONGEST = 32;

/** `value` on one line, cut to a readable length. Never throws. */
export function show(value: unknown): string {
  try {
    return describe(value, 0);
  } catch {
    return "[object]";
  }
}

function describe(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value);
    case "bigint":
      return `${value}n`;
    case "function":
      return `[function ${value.name}]`;
    case "object":
      return value === null ? "null" : describeObject(value, depth);
    default:
      return String(value);
  }
}

function describeObject(value: object, depth: number): string {
  if (value instanceof Uint8Array) return describeBytes(value);
  if (value instanceof Error) return `${value.name}: ${value.message.split("\n", 1)[0]}`;
  if (value instanceof Promise) return "[promise]";
  if (typeof (value as { throw?: unknown }).throw === "function") return describeRunnable(value);
  if (Array.isArray(value)) {
    const items = value.slice(0, 4).map((item) => (depth > 1 ? "…" : describe(item, depth + 1)));
    return `[${items.join(", ")}${value.length > 4 ? ", …" : ""}]`;
  }
  const { constructor: maker, name, label } = value as Record<string, unknown>;
  if (typeof maker === "function" && maker !== Object) {
    const named = typeof name === "string" ? name : label;
    return `[${maker.name}${typeof named === "string" ? ` ${JSON.stringify(named)}` : ""}]`;
  }
  const entries = Object.entries(value);
  const shown = entries
    .slice(0, 4)
    .map(([key, item]) => `${key}: ${depth > 1 ? "…" : describe(item, depth + 1)}`);
  if (shown.length === 0) return "{}";
  return `{ ${shown.join(", ")}${entries.length > 4 ? ", …" : ""} }`;
}

/** A program, or a system call: `read(4)`. */
function describeRunnable(value: object): string {
  const { name, args } = value as { name?: unknown; args?: unknown };
  if (typeof name !== "string" || !Array.isArray(args)) return "[program]";
  return `${name}(${args.map((item) => describe(item, 2)).join(", ")})`;
}

/** Bytes as `strace` shows them: the text they hold, then how many there are. */
function describeBytes(bytes: Uint8Array): string {
  const text = String.fromCharCode(...bytes.subarray(0, LONGEST));
  const printable = JSON.stringify(text.replace(/[^\x20-\x7e\n\r\t]/g, "."));
  return `${printable}${bytes.length > LONGEST ? "…" : ""}<${bytes.length}>`;
}

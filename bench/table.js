// The table: a header, then a line for each figure. Decides nothing but how it looks.

const TITLE = 30;
const UNIT = 7;
const CELL = 12;

const left = (text, width) => text.padEnd(width);
const right = (text, width) => text.padStart(width);

exports.header = ({ peers, ratio }) =>
  left("", TITLE) +
  left("", UNIT) +
  peers.map(({ title }) => right(title, CELL)).join("") +
  right(ratio, CELL + 1) +
  "  bar";

/** `figures` are the peers' numbers by name; `verdict` is of `judge`, or undefined. */
exports.line = ({ peers, beside }, { title, unit = "ns" }, figures, verdict) => {
  const cells = peers.map(({ name }) => right(number(figures[name]), CELL)).join("");
  const ratio = figures.genix / figures[beside];
  const last = Number.isFinite(ratio) ? `${ratio.toFixed(2)}x` : "-";
  return (
    left(title, TITLE) +
    left(unit, UNIT) +
    cells +
    right(last, CELL + 1) +
    bar(verdict)
  ).trimEnd();
};

function bar(verdict) {
  if (verdict === undefined) return "";
  const { passed, value, limit, sign, unit } = verdict;
  const digits = /^ /.test(unit) ? 0 : 2;
  const measured = Number.isFinite(value) ? value.toFixed(digits) : "?";
  return `  ${passed ? "pass" : "FAIL"}: ${measured} ${sign} ${limit}${unit}`;
}

function number(value) {
  if (value === undefined) return "-";
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return value.toLocaleString("en", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

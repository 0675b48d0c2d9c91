// Columns of plain text.

/** Rows below each other, their cells padded; the first row is the heading. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  }
  return rows.map((row) => {
    const cells = row.map((cell, i) => cell.padEnd(widths[i] ?? 0));
    return cells.join("  ").trimEnd();
  });
}

/** A clock's time, without the noise of its last digits. */
export function milliseconds(time: number): string {
  return `${Math.round(time * 10) / 10} ms`;
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

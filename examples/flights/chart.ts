/** One bar of a chart. */
export interface Line {
  readonly label: string;
  readonly value: number;
  readonly note: string;
}

const widthMax = 32;
/** Eighths of a block, from one to seven. */
const parts = "▏▎▍▌▋▊▉";

/** Bars for a terminal, as long as their values. */
export function chart(lines: readonly Line[], unit: string): string {
  const longest = Math.max(...lines.map(({ value }) => value));
  const labels = Math.max(...lines.map(({ label }) => label.length));
  return lines
    .map(({ label, value, note }) => {
      const length = (widthMax * value) / longest;
      const bar = "█".repeat(length) + (parts[Math.floor((length % 1) * 8) - 1] ?? "");
      const amount = `${value.toFixed(1).padStart(6)} ${unit}`;
      return `  ${label.padEnd(labels)} ${amount}  ${bar.padEnd(widthMax)}  ${note}\n`;
    })
    .join("");
}

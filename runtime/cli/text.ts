const grouped = new Intl.NumberFormat("en-US");

/** `1,200`, the same in every locale. */
export function countText(count: number): string {
  return grouped.format(count);
}

/** `1 record`, `1,200 records`. */
export function plural(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** `0.4 s`, `12 ms` */
export function secondsText(milliseconds: number): string {
  if (milliseconds < 100) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** `12,000/s` */
export function rateText(count: number, milliseconds: number): string {
  return `${countText(Math.round((count * 1000) / Math.max(1, milliseconds)))}/s`;
}

/** `7 d`, `90 min`, `for ever`: exact, in the largest unit that is. */
export function retentionText(retentionMs: number): string {
  if (retentionMs < 0) return "for ever";
  const units = [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "min"],
    [1000, "s"],
  ] as const;
  const [size, unit] = units.find(([ms]) => retentionMs % ms === 0) ?? [1, "ms"];
  return `${retentionMs / size} ${unit}`;
}

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

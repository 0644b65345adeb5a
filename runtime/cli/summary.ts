import { countText, plural, rateText, secondsText } from "./text.ts";

/** A rate says something from this many records on. */
const ratedMin = 1000;

/** What a run has done. */
export interface Summary {
  readonly begunMs: number;
  readonly sent: { readonly topic: string; readonly records: number }[];
  readonly written: { readonly topic: string; readonly records: number }[];
  skipped: number;
  deadLetters: number;
}

/** The same as a line of JSON, on a line of its own. */
export function summaryJson({ begunMs, deadLetters, ...summary }: Summary, nowMs: number): string {
  const seconds = (nowMs - begunMs) / 1000;
  const aside = deadLetters === 0 ? {} : { deadLetters };
  return `${JSON.stringify({ type: "summary", ...summary, ...aside, seconds })}\n`;
}

/** `orders 10,000 in · alerts 312 out   1.2 s, 8,300/s` */
export function summaryText(summary: Summary, nowMs: number): string {
  const { begunMs, sent, written, skipped, deadLetters } = summary;
  const passedMs = nowMs - begunMs;
  const total = sent.reduce((sum, { records }) => sum + records, 0);
  const parts = [
    ...sent.map(({ topic, records }) => `${topic} ${countText(records)} in`),
    ...written.map(({ topic, records }) => `${topic} ${countText(records)} out`),
    ...(skipped === 0 ? [] : [plural(skipped, "skipped record")]),
    ...(deadLetters === 0 ? [] : [plural(deadLetters, "dead letter")]),
  ];
  const rate = total < ratedMin ? "" : `, ${rateText(total, passedMs)}`;
  return `${parts.length === 0 ? "stopped" : parts.join(" · ")}   ${secondsText(passedMs)}${rate}\n`;
}

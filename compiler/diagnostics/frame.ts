import type { Span } from "../model/span.ts";
import { printable } from "./paint.ts";

/** A line of a code frame: the user's, or the mark below it. */
export interface FrameLine {
  readonly text: string;
  readonly isMark: boolean;
}

const widthMax = 100;

/** The line that a span begins on, and a mark below the part it covers. */
export function frame(span: Span, source: string | undefined): readonly FrameLine[] {
  const full = source?.split(/\r\n|[\n\r\u2028\u2029]/)[span.line - 1];
  if (full === undefined) return [];
  const start = span.column - 1;
  const length = Math.max(1, Math.min(span.end - span.start, full.length - start));
  const { text, shift } = cut(full, start, length);
  const number = String(span.line).padStart(5);
  const mark = "^".repeat(Math.min(length, text.length - (start - shift)) || 1);
  return [
    { text: `${number} | ${printable(text)}`, isMark: false },
    { text: `${" ".repeat(5)} | ${" ".repeat(start - shift)}${mark}`, isMark: true },
  ];
}

/** The part of a long line that holds the span; `shift` is what was taken away in front of it. */
function cut(
  line: string,
  start: number,
  length: number,
): { readonly text: string; readonly shift: number } {
  if (line.length <= widthMax) return { text: line, shift: 0 };
  const room = Math.max(0, widthMax - Math.min(length, widthMax));
  const from = Math.max(0, Math.min(start - Math.floor(room / 2), line.length - widthMax));
  const ahead = from > 0 ? "…" : "";
  const behind = from + widthMax < line.length ? "…" : "";
  const text = ahead + line.slice(from + ahead.length, from + widthMax - behind.length) + behind;
  return { text, shift: from };
}

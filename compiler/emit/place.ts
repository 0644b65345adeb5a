import type { Span } from "../model/span.ts";

/** The user's own words about a thing, and where it is written: for the comment above its code. */
export function place({ doc, span }: { readonly doc?: string; readonly span: Span }): string {
  const where = `${span.file}:${span.line}`;
  if (doc === undefined) return where;
  return doc.includes("\n") || doc.length + where.length > 90
    ? `${doc}\n\n${where}`
    : `${doc} ${where}`;
}

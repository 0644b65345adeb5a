import type { Span } from "../model/span.ts";

/** A key and the keys around it, from the outside in: `["topics", "orders", "partitions"]`. */
export type KeyPath = readonly string[];

/** A path as a user would write it: `topics["orders.dlq"].partitions`; the empty one is everything. */
export function pathText(path: KeyPath): string {
  if (path.length === 0) return "export default";
  return path
    .map((key, depth) => (/^[\w$]+$/.test(key) ? `${depth > 0 ? "." : ""}${key}` : `["${key}"]`))
    .join("");
}

/** Where things are written in a configuration file, as far as its text tells. */
export interface Places {
  /** The place of the last key of `path` that is found; the file's start where none is. */
  key(path: KeyPath): Span;
  /** Line and column from 1. */
  at(line: number, column: number): Span;
}

/**
 * Finds keys by their text: a configuration is loaded by running it, so values carry no places. Each
 * part of a path is looked for behind the part before it.
 */
export function placesIn(file: string, text: string): Places {
  const span = (start: number, end: number): Span => {
    const before = text.slice(0, start);
    const line = before.split("\n").length;
    return { file, start, end, line, column: start - (before.lastIndexOf("\n") + 1) + 1 };
  };
  return {
    key(path) {
      let from = 0;
      let found = { start: 0, end: 0 };
      for (const part of path) {
        const place = keyPlace(text, part, from);
        if (place === undefined) break;
        found = place;
        from = place.end;
      }
      return span(found.start, found.end);
    },
    at(line, column) {
      const lines = text.split("\n");
      const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
      const offset = Math.min(start + column - 1, text.length);
      return span(offset, offset);
    },
  };
}

function keyPlace(
  text: string,
  key: string,
  from: number,
): { readonly start: number; readonly end: number } | undefined {
  const literal = key.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(`(?<![\\w$])(["']?)${literal}\\1(?=\\s*[:,}])`, "g");
  pattern.lastIndex = from;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const start = match.index + (match[1]?.length ?? 0);
  return { start, end: start + key.length };
}

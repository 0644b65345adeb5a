/** Writes the tables of a pipeline, and the functions that get their closed windows. */
import type { TableModel, Windows } from "./model.ts";

interface RowTypes {
  readonly key: string;
  /** Of the agent's values. */
  readonly value: string;
}

export function printTable(
  { number, kind, hasDefault, windows }: TableModel,
  { key, value }: RowTypes,
): string {
  const named = `export type T${number} =`;
  const missing = hasDefault ? "; default: 0" : "";
  if (kind === "set") return `${named} SetTable<"t${number}", { key: ${key}; element: string }>;`;
  if (windows !== undefined) {
    return `${named} WindowedTable<"t${number}", { key: ${key}; value: Int${missing}; ${windowText(windows)} }>;`;
  }
  return `${named} Table<"t${number}", { key: ${key}; value: ${kind === "count" ? "Int" : value}${missing} }>;`;
}

function windowText({ advance, expires, grace, size }: Windows): string {
  const shape = advance === size ? `Tumbling<"${size}ms">` : `Hopping<"${size}ms", "${advance}ms">`;
  const kept = expires > 0 ? `; expires: "${expires}ms"` : "";
  return `window: ${shape}; grace: "${grace}ms"${kept}`;
}

export function printClosed({ number, windows }: TableModel): readonly string[] {
  if (windows === undefined || windows.closed === "no") return [];
  const idle = windows.closed === "idle" ? "5s" : "never";
  return [
    `export function closed${number}({ key, value, window }: Closed<T${number}, { idle: "${idle}" }>): To<Lines> {
  return "closed " + show(key) + "=" + show(value) + " " + window.start + "-" + window.end;
}`,
  ];
}

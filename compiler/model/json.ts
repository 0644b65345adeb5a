import type { Program } from "./program.ts";
import type { JsonModel } from "./type.ts";

/** Rises when a reader of the old form would misunderstand the new one. */
const modelVersion = 1;

const widthMax = 100;

/**
 * A program as JSON text. Equal programs give equal bytes, whatever order their properties were made
 * in: names lead, spans close, the rest is sorted. What fits stands on one line.
 */
export function programToJson(program: Program): string {
  return `${print(toJson({ version: modelVersion, ...program }), { indent: "", before: 0 })}\n`;
}

/** Reads what `programToJson` wrote. Throws on another version; the content is trusted. */
export function programFromJson(text: string): Program {
  const { version, ...program }: { version?: unknown } & Program = JSON.parse(text);
  if (version !== modelVersion) {
    throw new Error(
      `the model has version ${String(version)}, and this compiler reads ${modelVersion}`,
    );
  }
  return program;
}

/** Plain data without what is undefined, which JSON does not have. */
const toJson = (value: unknown): JsonModel => JSON.parse(JSON.stringify(value));

interface Place {
  readonly indent: string;
  /** How many characters stand on the line before the value. */
  readonly before: number;
}

function print(value: JsonModel, { indent, before }: Place): string {
  // One more for the comma that may follow.
  const line = printLine(value, widthMax - before - 1);
  if (line !== undefined) return line;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => inner + print(item, { indent: inner, before: inner.length }));
    return `[\n${items.join(",\n")}\n${indent}]`;
  }
  const entries = sortedEntries(value).map(([name, item]) => {
    const start = `${inner}${JSON.stringify(name)}: `;
    return start + print(item, { indent: inner, before: start.length });
  });
  return `{\n${entries.join(",\n")}\n${indent}}`;
}

/** A value on one line; `undefined` as soon as it is clear that the room is not enough. */
function printLine(value: JsonModel, room: number): string | undefined {
  if (typeof value !== "object" || value === null) {
    const text = JSON.stringify(value);
    return text.length <= room ? text : undefined;
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => ({ label: "", item }));
    return items.length === 0 ? "[]" : printParts(items, room, ["[", "]"]);
  }
  const items = sortedEntries(value).map(([name, item]) => {
    return { label: `${JSON.stringify(name)}: `, item };
  });
  return items.length === 0 ? "{}" : printParts(items, room, ["{ ", " }"]);
}

function printParts(
  parts: readonly { readonly label: string; readonly item: JsonModel }[],
  room: number,
  [open, close]: readonly [string, string],
): string | undefined {
  let line = open;
  for (const [index, { label, item }] of parts.entries()) {
    line += index === 0 ? label : `, ${label}`;
    const text = printLine(item, room - line.length - close.length);
    if (text === undefined) return undefined;
    line += text;
  }
  return line + close;
}

const sortedEntries = (value: object): readonly [string, JsonModel][] =>
  Object.entries(value).sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));

const first = ["version", "app", "kind", "name", "file", "line", "column", "start", "end"];

function rank(name: string): number {
  if (name === "span") return first.length + 1;
  const place = first.indexOf(name);
  return place < 0 ? first.length : place;
}

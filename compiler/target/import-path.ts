import path from "node:path";

/**
 * How relative imports of TypeScript files end: `js` as nodenext wants it when `tsc` emits, `ts` where
 * the project allows it, `none` for bundlers.
 */
export type ImportEnding = "js" | "ts" | "none";

/** What `.ts` and its kin become, by kind of ending. */
const endings: readonly {
  readonly source: string;
  readonly as: Readonly<Record<ImportEnding, string>>;
}[] = [
  { source: ".d.ts", as: { js: ".js", ts: ".js", none: "" } },
  { source: ".d.mts", as: { js: ".mjs", ts: ".mjs", none: ".mjs" } },
  { source: ".d.cts", as: { js: ".cjs", ts: ".cjs", none: ".cjs" } },
  { source: ".ts", as: { js: ".js", ts: ".ts", none: "" } },
  { source: ".tsx", as: { js: ".js", ts: ".tsx", none: "" } },
  { source: ".mts", as: { js: ".mjs", ts: ".mts", none: ".mjs" } },
  { source: ".cts", as: { js: ".cjs", ts: ".cts", none: ".cjs" } },
];

/**
 * The specifier by which `fromFile` imports `toFile`: relative, with forward slashes on every
 * platform. Both are paths from the same folder, in either platform's spelling.
 */
export function importPath(fromFile: string, toFile: string, ending: ImportEnding): string {
  const from = path.posix.dirname(withForwardSlashes(fromFile));
  const relative = path.posix.relative(from, withForwardSlashes(toFile));
  const specifier = withEnding(relative, ending);
  return specifier.startsWith("../") ? specifier : `./${specifier}`;
}

/** A file's path as an import of it ends. Files that are not TypeScript stay as they are. */
export function withEnding(file: string, ending: ImportEnding): string {
  const known = endings.find(({ source }) => file.endsWith(source));
  return known === undefined ? file : file.slice(0, -known.source.length) + known.as[ending];
}

export function withForwardSlashes(file: string): string {
  return file.replaceAll("\\", "/");
}

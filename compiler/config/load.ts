import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { missingConfiguration, noDefaultExport, unloadableConfiguration } from "./diagnostics.ts";
import { type Places, placesIn } from "./place.ts";
import { type ValidationResult, validate } from "./validate.ts";

/** Names looked for, in this order. */
export const configurationNames: readonly string[] = [
  "streamgen.config.ts",
  "streamgen.config.mts",
  "streamgen.config.mjs",
  "streamgen.config.json",
];

/** More is no configuration. */
const sizeMaxBytes = 1_000_000;

/** A configuration file that exists, not loaded yet. Its folder is the project's root. */
export interface FoundConfiguration {
  /** Absolute. */
  readonly root: string;
  /** The file's name inside the root. */
  readonly file: string;
  readonly text: string;
}

export type FindResult = FoundConfiguration | { readonly diagnostics: readonly Diagnostic[] };

/** Looks in `cwd` and the folders above it, or for the one file that `named` says. */
export function findConfiguration(cwd: string, named?: string): FindResult {
  const file = named === undefined ? searchUpwards(cwd) : path.resolve(cwd, named);
  if (file === undefined) {
    return { diagnostics: [missingConfiguration("no streamgen.config.ts here or above")] };
  }
  if (!existsSync(file)) {
    return { diagnostics: [missingConfiguration(`no file "${named ?? file}"`)] };
  }
  const name = path.basename(file);
  const problem = readingProblem(file);
  if (problem !== undefined) return { diagnostics: [unloadableConfiguration(name, problem)] };
  return { root: path.dirname(file), file: name, text: readFileSync(file, "utf8") };
}

function searchUpwards(cwd: string): string | undefined {
  for (let folder = path.resolve(cwd); ; folder = path.dirname(folder)) {
    const file = configurationNames
      .map((name) => path.join(folder, name))
      .find((candidate) => existsSync(candidate));
    if (file !== undefined) return file;
    if (folder === path.dirname(folder)) return undefined;
  }
}

function readingProblem(file: string): string | undefined {
  const stats = statSync(file);
  if (!stats.isFile()) return "it is not a file";
  if (stats.size > sizeMaxBytes) return "it is larger than a megabyte";
  if (!/\.(ts|mts|js|mjs|json)$/.test(file)) return "it is neither TypeScript, JavaScript nor JSON";
  return undefined;
}

/** Runs the file, afresh each time, and checks what it exports. */
export async function loadConfiguration(found: FoundConfiguration): Promise<ValidationResult> {
  const places = placesIn(found.file, found.text);
  try {
    const content = await run(found);
    if (content === undefined) {
      const problem = noDefaultExport(found.file, places.at(1, 1));
      return { configuration: undefined, diagnostics: [problem] };
    }
    return validate(content, found.file, places);
  } catch (cause) {
    return { configuration: undefined, diagnostics: [loadingProblem(found, cause, places)] };
  }
}

async function run({ root, file, text }: FoundConfiguration): Promise<unknown> {
  if (file.endsWith(".json")) return JSON.parse(text);
  const { tsImport } = await import("tsx/esm/api");
  const url = pathToFileURL(path.join(root, file)).href;
  const loaded: unknown = await tsImport(url, { parentURL: import.meta.url, tsconfig: false });
  return exported(loaded);
}

/** The default export, also where a CommonJS project wraps it once more; `undefined` without one. */
function exported(loaded: unknown): unknown {
  let value = loaded;
  for (let depth = 0; depth < 3; depth++) {
    if (typeof value !== "object" || value === null) break;
    if (!("default" in value)) return depth === 0 || "__esModule" in value ? undefined : value;
    value = value.default;
  }
  return value;
}

function loadingProblem(
  { root, file }: FoundConfiguration,
  cause: unknown,
  places: Places,
): Diagnostic {
  const message = cause instanceof Error ? cause.message : String(cause);
  const transform = /:(\d+):(\d+): ERROR: (.*)/.exec(message);
  if (transform !== null) {
    const span = places.at(Number(transform[1]), Number(transform[2]) + 1);
    return unloadableConfiguration(file, transform[3] ?? "", span);
  }
  const line = message.split("\n", 1)[0] ?? "";
  const reason = line.replaceAll(`${root}${path.sep}`, "").slice(0, 300);
  return unloadableConfiguration(file, reason, places.at(1, 1));
}

/**
 * Whether a configuration is certain to say the same each time: it imports nothing but
 * "streamgen/config" and asks neither the environment nor the clock. Only such a one may be taken
 * from a cache without being run.
 */
export function isSelfContained({ file, text }: FoundConfiguration): boolean {
  if (file.endsWith(".json")) return true;
  const asks =
    /\b(process|require|globalThis|global|Date|Math|fetch|await|eval|Function)\b|\bimport\s*\(|import\.meta/;
  const imported = [...text.matchAll(/\bfrom\s*(["'])(.*?)\1|\bimport\s*(["'])(.*?)\3/g)];
  return (
    !asks.test(text) && imported.every((match) => (match[2] ?? match[4]) === "streamgen/config")
  );
}

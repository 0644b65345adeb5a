import { readFileSync } from "node:fs";
import path from "node:path";
import type { OutputFile } from "../emit/output-file.ts";
import { fingerprint } from "./fingerprint.ts";

/**
 * What was generated, by which version. It is written last, so its presence says that everything else
 * is there. Hashes of the sources are left out: every two branches would conflict in them,
 * and a changed comment would make the output out of date.
 */
export interface Manifest {
  /** The version of streamgen. */
  readonly streamgen: string;
  /** SHA-256 by path from the output folder. */
  readonly files: Readonly<Record<string, string>>;
}

export const manifestName = "manifest.json";

const formatNumber = 1;

/** The manifest of files, sorted by path as they are. */
export function manifestOf(files: readonly OutputFile[], version: string): Manifest {
  const hashes = files.map((file) => [file.path, fingerprint(file.text)] as const);
  return { streamgen: version, files: Object.fromEntries(hashes) };
}

/** The manifest as text: the same bytes for the same files. */
export function printManifest({ streamgen, files }: Manifest): string {
  return `${JSON.stringify({ format: formatNumber, streamgen, files }, undefined, 2)}\n`;
}

/** `undefined` for anything that is no manifest of this format, or names a file outside its folder. */
export function parseManifest(text: string): Manifest | undefined {
  const content = parse(text);
  if (!isObject(content) || content["format"] !== formatNumber) return undefined;
  const { streamgen, files } = content;
  if (typeof streamgen !== "string" || !isObject(files)) return undefined;
  const hashes = Object.entries(files);
  const isSound = hashes.every(([file, hash]) => isInside(file) && typeof hash === "string");
  if (!isSound) return undefined;
  return {
    streamgen,
    files: Object.fromEntries(hashes.map(([file, hash]) => [file, String(hash)])),
  };
}

/** The manifest in a folder; `undefined` where there is none that counts. */
export function readManifest(folder: string): Manifest | undefined {
  try {
    return parseManifest(readFileSync(path.join(folder, manifestName), "utf8"));
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A manifest may come from anywhere, and what it names may be removed. */
function isInside(file: string): boolean {
  return !/[\\:\0]/.test(file) && file.split("/").every((part) => !["", ".", ".."].includes(part));
}

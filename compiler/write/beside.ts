import { readdirSync } from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { fileBeside } from "./diagnostics.ts";
import { readManifest } from "./manifest.ts";

export interface OutputFolder {
  /** Absolute. */
  readonly folder: string;
  /** The folder as users know it, from the project's root. */
  readonly out: string;
}

/**
 * A warning for each source file in the output folder that no build has put there. `planned` are
 * paths that are reported otherwise.
 */
export function foreignFiles(
  { folder, out }: OutputFolder,
  planned: readonly string[],
): readonly Diagnostic[] {
  const manifest = readManifest(folder);
  // Before the first build nothing is known of who put what there.
  if (manifest === undefined) return [];
  const known = new Set([...Object.keys(manifest.files), ...planned]);
  return sourcesIn(folder)
    .filter((file) => !known.has(file))
    .sort()
    .map((file) => fileBeside(`${out}/${file}`));
}

function sourcesIn(folder: string): readonly string[] {
  try {
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    return files
      .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
      .map((file) => file.replaceAll(path.sep, "/"))
      .filter((file) => !file.startsWith("."));
  } catch {
    // Without a folder there is nothing in it.
    return [];
  }
}

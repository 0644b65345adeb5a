import { readFileSync } from "node:fs";
import path from "node:path";
import { fingerprint } from "./fingerprint.ts";
import { manifestName, parseManifest } from "./manifest.ts";

/** Whether the output folder holds every file of its manifest as it was written by this version. */
export function isIntact(folder: string, version: string): boolean {
  try {
    const manifest = parseManifest(readFileSync(path.join(folder, manifestName), "utf8"));
    return (
      manifest?.streamgen === version &&
      Object.entries(manifest.files).every(
        ([file, hash]) => fingerprint(readFileSync(path.join(folder, file))) === hash,
      )
    );
  } catch {
    // A file that is missing or cannot be read is not what was written.
    return false;
  }
}

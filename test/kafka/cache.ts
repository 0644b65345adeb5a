import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** Where downloads live between runs: outside the clone, so that a fresh clone is quick, too. */
export function cacheFolder(): string {
  const base = process.env["XDG_CACHE_HOME"] || path.join(homedir(), ".cache");
  return process.env["STREAMGEN_CI_CACHE"] || path.join(base, "streamgen-ci");
}

export function isCached(name: string): boolean {
  return existsSync(path.join(cacheFolder(), name));
}

/**
 * The cached folder of this name, filled at the first use. Several processes may fill it at once: each
 * fills a folder of its own, the first to finish wins, and a killed one leaves nothing half-made.
 */
export function cached(name: string, fill: (folder: string) => void): string {
  const folder = path.join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  mkdirSync(cacheFolder(), { recursive: true });
  const filling = mkdtempSync(`${folder}.filling-`);
  try {
    fill(filling);
    renameSync(filling, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(filling, { recursive: true, force: true });
  }
  return folder;
}

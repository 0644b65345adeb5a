import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The version in streamgen's own package.json, which is two folders up in sources and in `dist`. */
export function ownVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const content: unknown = JSON.parse(text);
  const isPackage = typeof content === "object" && content !== null && "version" in content;
  return isPackage ? String(content.version) : "unknown";
}

/**
 * Tells one state of the compiler's own files from another, by when they were written: while streamgen
 * itself is worked on, the version alone would take old output for up to date.
 */
export function ownState(): string {
  const folders = ["..", "../../templates"].map((place) => new URL(place, import.meta.url));
  const times = folders.flatMap((folder) => writtenTimes(fileURLToPath(folder)));
  return `${times.length} ${Math.max(0, ...times)}`;
}

function writtenTimes(folder: string): readonly number[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.(ts|js|hbs)$/.test(file))
    .map((file) => statSync(path.join(folder, file)).mtimeMs);
}

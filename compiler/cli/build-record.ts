import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import type { Configuration } from "../config/configuration.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { fingerprint } from "../write/fingerprint.ts";
import type { Counts } from "./counts.ts";
import { ownState } from "./version.ts";

/**
 * What the last good build was made of. When all of it is the same, so is the output, and the
 * compiler need not even be loaded.
 */
export interface BuildRecord {
  /** The version of streamgen. */
  readonly streamgen: string;
  /** SHA-256 of the configuration's text. */
  readonly configurationText: string;
  readonly configuration: Configuration;
  /** SHA-256 of each other file that was read, by absolute path. */
  readonly inputs: Readonly<Record<string, string>>;
  /** SHA-256 of the names and texts of all sources there were, so that a new file is noticed. */
  readonly sources: string;
  readonly counts: Counts;
  readonly warnings: readonly Diagnostic[];
}

/** Reads the record of a project; `undefined` without one, or with one of another version. */
export function readBuildRecord(root: string, version: string): BuildRecord | undefined {
  const file = recordFile(root);
  if (file === undefined || !existsSync(file)) return undefined;
  const [seal = "", text = ""] = splitFirstLine(readFileSync(file, "utf8"));
  // With the right seal the text is one that `writeBuildRecord` of this version wrote.
  if (seal !== sealOf(text, version)) return undefined;
  return JSON.parse(text);
}

/** Keeps the record beside the installed packages. A folder that cannot be written costs only time. */
export function writeBuildRecord(root: string, record: BuildRecord): void {
  const file = recordFile(root);
  if (file === undefined) return;
  const text = JSON.stringify(record);
  const temporary = `${file}.${process.pid}`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(temporary, `${sealOf(text, record.streamgen)}\n${text}`);
    renameSync(temporary, file);
  } catch {
    return;
  }
}

/** Whether files are as they were: the inputs themselves, and which sources exist. */
export function isCurrent(record: BuildRecord, root: string): boolean {
  return (
    sourcesFingerprint(root, record.configuration) === record.sources &&
    Object.entries(record.inputs).every(([file, hash]) => fileFingerprint(file) === hash)
  );
}

/** Of a file's bytes; of a file that is not there, the empty text. */
export function fileFingerprint(file: string): string {
  try {
    return fingerprint(readFileSync(file));
  } catch {
    return "";
  }
}

/** Of the names and texts of all TypeScript files that are, or are below, what `include` begins with. */
export function sourcesFingerprint(root: string, { include, out }: Configuration): string {
  const folders = new Set(include.map((glob) => glob.replace(/(^|\/)[^/]*[*?{[(!].*$/, "")));
  const files = [...folders].flatMap((folder) => sourcesBelow(root, folder, out));
  const names = [...new Set(files)].sort();
  return fingerprint(
    names.map((file) => `${file} ${fileFingerprint(path.join(root, file))}\n`).join(""),
  );
}

const passedOver: ReadonlySet<string> = new Set(["node_modules", ".git", "dist"]);

function sourcesBelow(root: string, folder: string, out: string): readonly string[] {
  const place = path.join(root, folder);
  const stats = statSync(place, { throwIfNoEntry: false });
  if (stats === undefined || folder === out) return [];
  if (!stats.isDirectory()) return [folder];
  return readdirSync(place, { withFileTypes: true }).flatMap((entry) => {
    const file = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return /\.[cm]?tsx?$/.test(entry.name) ? [file] : [];
    return passedOver.has(entry.name) ? [] : sourcesBelow(root, file, out);
  });
}

function recordFile(root: string): string | undefined {
  for (let folder = root; ; folder = path.dirname(folder)) {
    const installed = path.join(folder, "node_modules");
    if (existsSync(installed)) {
      return path.join(installed, ".cache/streamgen", `${fingerprint(root).slice(0, 16)}.json`);
    }
    if (folder === path.dirname(folder)) return undefined;
  }
}

function sealOf(text: string, version: string): string {
  return fingerprint(`streamgen build record 1 ${version} ${ownState()}\n${text}`);
}

function splitFirstLine(text: string): readonly string[] {
  const end = text.indexOf("\n");
  return end < 0 ? [text] : [text.slice(0, end), text.slice(end + 1)];
}

import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { unwritable } from "./diagnostics.ts";
import type { Change, Plan } from "./plan.ts";
import { type FileOperations, fileOperations, withRetries } from "./replace.ts";

export interface WriteResult {
  /** Paths from the output folder. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  /** Where there is one, nothing was changed. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Temporary files of a build that was killed are removed after this time. */
const abandonedAfterMs = 600_000;
const temporaryPrefix = ".writing-";

/**
 * Makes the output folder what the plan says: all of it, or nothing. Every file is written beside its
 * place first, then all are renamed; if a rename fails, those before it are taken back.
 */
export async function write(
  { folder, changes }: Plan,
  operations: FileOperations = fileOperations,
): Promise<WriteResult> {
  if (changes.length === 0) return { written: [], removed: [], diagnostics: [] };
  const temporary = path.join(folder, temporaryPrefix + randomUUID());
  const done: Change[] = [];
  let current = "";
  try {
    mkdirSync(temporary, { recursive: true });
    removeAbandoned(folder);
    for (const change of changes) {
      current = change.path;
      prepare(folder, temporary, change);
    }
    for (const change of changes) {
      current = change.path;
      await withRetries(() => replace({ folder, temporary, change, operations }));
      done.push(change);
    }
  } catch (cause) {
    restore(folder, done);
    const reason = cause instanceof Error ? cause.message : String(cause);
    const file = path.posix.join(path.basename(folder), current);
    return { written: [], removed: [], diagnostics: [unwritable(file, reason)] };
  } finally {
    if (existsSync(temporary)) rmSync(temporary, { recursive: true });
  }
  removeEmptyFolders(folder, changes);
  return {
    written: changes.filter(({ after }) => after !== undefined).map((change) => change.path),
    removed: changes.filter(({ after }) => after === undefined).map((change) => change.path),
    diagnostics: [],
  };
}

function prepare(folder: string, temporary: string, { path: file, after }: Change): void {
  if (after === undefined) return;
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  const place = path.join(temporary, file);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, after);
}

function replace(step: {
  readonly folder: string;
  readonly temporary: string;
  readonly change: Change;
  readonly operations: FileOperations;
}): void {
  const { folder, temporary, change, operations } = step;
  const place = path.join(folder, change.path);
  if (change.after === undefined) operations.remove(place);
  else operations.rename(path.join(temporary, change.path), place);
}

function restore(folder: string, done: readonly Change[]): void {
  for (const { path: file, before } of done) {
    const place = path.join(folder, file);
    if (before === undefined) rmSync(place, { force: true });
    else writeFileSync(place, before);
  }
}

function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    const place = path.join(folder, name);
    if (!name.startsWith(temporaryPrefix)) continue;
    if (Date.now() - statSync(place).mtimeMs > abandonedAfterMs) {
      rmSync(place, { recursive: true, force: true });
    }
  }
}

/** Folders that lost their last file go, too. */
function removeEmptyFolders(folder: string, changes: readonly Change[]): void {
  const removed = changes.filter(({ after }) => after === undefined);
  const parents = new Set(removed.map((change) => path.posix.dirname(change.path)));
  for (const parent of parents) {
    const place = path.join(folder, parent);
    const isEmpty = existsSync(place) && readdirSync(place).length === 0;
    if (parent !== "." && isEmpty) rmdirSync(place);
  }
}

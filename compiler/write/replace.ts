import { renameSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** The calls that take effect. Others may be given to see what happens when they fail. */
export interface FileOperations {
  rename(from: string, to: string): void;
  remove(file: string): void;
}

export const fileOperations: FileOperations = {
  rename: renameSync,
  remove: (file) => rmSync(file, { force: true }),
};

/** On Windows a virus scanner or an editor may hold a file for a moment. */
const passing: ReadonlySet<string> = new Set(["EPERM", "EBUSY", "EACCES"]);
const waitsMs: readonly number[] = [10, 30, 100, 300, 600];

/** Tries again, for about a second in all, while the error is one that passes by itself. */
export async function withRetries(action: () => void): Promise<void> {
  for (const waitMs of waitsMs) {
    try {
      action();
      return;
    } catch (cause) {
      if (!(isSystemError(cause) && passing.has(cause.code))) throw cause;
    }
    await sleep(waitMs);
  }
  action();
}

function isSystemError(cause: unknown): cause is Error & { readonly code: string } {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string";
}

import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Writes what is known about a bug to a file; gives the file's path, if it could be written. */
export function writeCrashReport(
  cause: unknown,
  { version, args }: { readonly version: string; readonly args: readonly string[] },
): string | undefined {
  const file = path.join(tmpdir(), `streamgen-bug-${process.pid}.txt`);
  const text = [
    `streamgen ${version}, node ${process.version}, ${process.platform} ${process.arch}`,
    `arguments: ${JSON.stringify(args)}`,
    "",
    stackOf(cause),
    "",
  ].join("\n");
  try {
    writeFileSync(file, text);
    return file;
  } catch {
    // The message on the screen has to do.
    return undefined;
  }
}

/** A stack trace with its causes. */
export function stackOf(cause: unknown, depth = 0): string {
  if (!(cause instanceof Error)) return String(cause);
  const own = cause.stack ?? cause.message;
  const isLast = cause.cause === undefined || depth > 5;
  return isLast ? own : `${own}\ncaused by ${stackOf(cause.cause, depth + 1)}`;
}

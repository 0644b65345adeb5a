import { arch, platform } from "node:process";
import { type ErrorPlace, StreamgenError } from "../../errors.ts";
import { damagedStore } from "../store.ts";

/**
 * What RocksDB's messages say, by what to do about it. Bindings give a text and hardly a code: RocksDB's
 * damage and the system's refusals are both `EIO`.
 */
const kinds: readonly {
  readonly code: `SG${number}`;
  readonly sign: RegExp;
  readonly message: (folder: string) => string;
}[] = [
  {
    code: "SG7011",
    sign: /lock hold by current process|lock file|open a file for lock.*(denied|temporarily)/i,
    message: (folder) =>
      `the state folder ${folder} is in use by another worker: stop that one, or give each worker a ` +
      "folder of its own",
  },
  {
    code: "SG7012",
    sign: /ENOSPC|no space left|EDQUOT|quota exceeded|not enough space/i,
    message: (folder) => `the disk is full: make room for the state folder ${folder}`,
  },
  {
    code: "SG7013",
    sign: /EACCES|EPERM|EROFS|permission denied|not permitted|read-only file system|access is denied/i,
    message: (folder) =>
      `the state folder ${folder} cannot be written: give the worker the right to, or name another one`,
  },
  {
    code: "SG7017",
    sign: /ENOTDIR|EEXIST|exists but is not a directory|not a directory/i,
    message: (folder) => `the state folder ${folder} is no folder: name another one`,
  },
  {
    code: damagedStore,
    sign: /checksum|corrupt|mismatch|truncated|bad (table|block|entry|record)|CURRENT|MANIFEST|existing log file|bad magic|malformed|log_file_number|unexpected|decompress/i,
    message: (folder) => `the tables in ${folder} are damaged`,
  },
];

/**
 * What went wrong in a folder, as the one error that says what to do: SG7010 (damaged), SG7011 (in
 * use), SG7012 (disk full), SG7013 (no rights), SG7014 (whatever else), SG7017 (no folder).
 */
export function storeFailure(error: unknown, folder: string, place?: ErrorPlace): StreamgenError {
  if (error instanceof StreamgenError) return place === undefined ? error : error.at(place);
  const text = textOf(error);
  const kind = kinds.find(({ sign }) => sign.test(text));
  const message =
    kind === undefined
      ? `the state folder ${folder} cannot be read or written; if the disk is sound, remove the ` +
        "folder, and tables are rebuilt from their changelogs"
      : kind.message(folder);
  return new StreamgenError(kind?.code ?? "SG7014", `${message} (${text})`, place, error);
}

export function isDamage(error: unknown): boolean {
  return error instanceof StreamgenError && error.code === damagedStore;
}

/** SG7016: the binding cannot be loaded on this machine. */
export function bindingFailure(library: string, error: unknown): StreamgenError {
  const text = textOf(error);
  const message = text.includes("libatomic")
    ? `${library} needs the library libatomic, which is not installed: install it (Debian and Ubuntu: ` +
      "apt-get install libatomic1; Fedora: dnf install libatomic), or keep tables in memory with " +
      'store: "memory"'
    : `${library} cannot be loaded on ${platform}-${arch}: install it here with npm install (on Linux ` +
      'it needs glibc, which Alpine has not), or keep tables in memory with store: "memory"';
  return new StreamgenError("SG7016", `${message} (${firstLine(text)})`, {}, error);
}

/** The words of an error and of what caused it; bindings put RocksDB's own below theirs. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error && typeof error.code === "string" ? `${error.code}: ` : "";
  const cause = error.cause === undefined ? "" : `: ${textOf(error.cause)}`;
  return `${code}${error.message}${cause}`;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}

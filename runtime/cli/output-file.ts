import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { exitCode } from "./exit-code.ts";
import { Refusal, reasonOf } from "./refusal.ts";

/** Lines are gathered up to this length before they are written. */
const bufferLength = 64 * 1024;

/** A file of lines that appears whole, or not at all. */
export interface OutputFile {
  line(text: string): void;
  /** Everything is written; after `appear` it is there under its name. */
  finish(): void;
  appear(): void;
  /** Leaves everything as it was. */
  abandon(): void;
}

/**
 * Throws a `Refusal` where a file is certain not to be writable, before anything is begun, and gives
 * the file that is to be replaced: the one behind a symbolic link.
 */
export function checkWritable(file: string): string {
  if (file === "-") return file;
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) throw unwritable(file, "it is a folder", "name a file");
  if (stats !== undefined) return realpathSync(file);
  const folder = path.dirname(path.resolve(file));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw unwritable(file, `there is no folder "${path.dirname(file)}"`, "make the folder first");
  }
  return file;
}

/** Opens a file that `checkWritable` gave. */
export function openOutput(file: string): OutputFile {
  const isReplaced = file !== "-" && (statSync(file, { throwIfNoEntry: false })?.isFile() ?? true);
  return isReplaced ? replacedFile(file) : stream(file);
}

/** Written beside its place, then renamed. */
function replacedFile(file: string): OutputFile {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (cause) {
      throw unwritable(file, reasonOf(cause), "check the folder's permissions and free space");
    }
  };
  const descriptor = attempt(() => openSync(temporary, "w"));
  const lines = new LineBuffer((text) => attempt(() => writeAll(descriptor, text)));
  let isOpen = true;
  const close = (): void => {
    if (isOpen) closeSync(descriptor);
    isOpen = false;
  };
  return {
    line: (text) => lines.add(text),
    finish() {
      lines.flush();
      attempt(() => fsyncSync(descriptor));
      attempt(close);
    },
    appear: () => attempt(() => renameSync(temporary, file)),
    abandon() {
      close();
      rmSync(temporary, { force: true });
    },
  };
}

/** Standard output, a pipe or a device: it cannot be replaced, only written to, and at the very end. */
function stream(file: string): OutputFile {
  const texts: string[] = [];
  const lines = new LineBuffer((text) => texts.push(text));
  return {
    line: (text) => lines.add(text),
    finish: () => lines.flush(),
    appear() {
      try {
        const descriptor = file === "-" ? process.stdout.fd : openSync(file, "w");
        for (const text of texts) writeAll(descriptor, text);
        if (file !== "-") closeSync(descriptor);
      } catch (cause) {
        // A reader that has seen enough, such as `head`, is no failure.
        if (!hasCode(cause, "EPIPE")) throw unwritable(file, reasonOf(cause), "check the output");
      }
    },
    abandon: () => undefined,
  };
}

class LineBuffer {
  readonly #write: (text: string) => void;
  #text = "";

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  add(line: string): void {
    this.#text += `${line}\n`;
    if (this.#text.length >= bufferLength) this.flush();
  }

  flush(): void {
    if (this.#text !== "") this.#write(this.#text);
    this.#text = "";
  }
}

/** A write may take a part only, and a pipe may have to be emptied first. */
function writeAll(descriptor: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (cause) {
      if (!hasCode(cause, "EAGAIN")) throw cause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function hasCode(cause: unknown, code: string): boolean {
  return cause instanceof Error && "code" in cause && cause.code === code;
}

function unwritable(file: string, reason: string, fix: string): Refusal {
  return new Refusal("SG8505", `${file}: ${reason}`, { fix, exitCode: exitCode.noOutput });
}

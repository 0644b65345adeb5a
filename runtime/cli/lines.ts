import { isUtf8 } from "node:buffer";
import { createReadStream, statSync } from "node:fs";
import type { Readable } from "node:stream";
import { exitCode } from "./exit-code.ts";
import { Refusal, reasonOf } from "./refusal.ts";

/** A longer line is no record: it would not fit into a topic either. */
export const lineMaxBytes: number = 16 * 1024 * 1024;

/** Gets each line that is not blank, without its end, and its number from 1. */
export type LineSink = (line: string, number: number) => void;

/**
 * Reads a file of UTF-8 lines in chunks, calls `onLine` for each, and awaits `onChunk` after each
 * chunk, until that gives false or `stopped` resolves: then a line whose end has not come does not
 * count. Holds one chunk and one line at most. Throws a `Refusal` that names the file and line.
 */
export async function readLines(
  file: string,
  onLine: LineSink,
  onChunk: () => Promise<boolean> = async () => true,
  stopped: Promise<void> = new Promise(() => undefined),
): Promise<void> {
  const splitter = new LineSplitter(file, onLine);
  const stream: Readable = file === "-" ? process.stdin : openFile(file);
  let isStopped = false;
  const stop = (): void => {
    isStopped = true;
    // Standard input may stay open for ever.
    stream.destroy();
  };
  stopped.then(stop, stop);
  for await (const chunk of chunksOf(stream, file, () => isStopped)) {
    splitter.push(chunk);
    if (!(await onChunk())) return;
  }
  if (isStopped) return;
  splitter.end();
  await onChunk();
}

async function* chunksOf(
  stream: Readable,
  file: string,
  isStopped: () => boolean,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
  } catch (cause) {
    if (isStopped()) return;
    throw unreadable(file, reasonOf(cause), "check the file and its permissions");
  }
}

function openFile(file: string): Readable {
  checkReadable(file);
  return createReadStream(file, { highWaterMark: 256 * 1024 });
}

/** Throws a `Refusal` where a file is certain not to be readable, before anything is begun. */
export function checkReadable(file: string): void {
  if (file === "-") return;
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw unreadable(file, "there is no such file", "check the path; it counts from here");
  }
  if (stats.isDirectory()) {
    throw unreadable(file, "it is a folder", "name a file of JSON lines");
  }
}

function unreadable(file: string, reason: string, fix: string): Refusal {
  return new Refusal("SG8503", `${file}: ${reason}`, { fix, exitCode: exitCode.noInput });
}

/** Cuts chunks into lines. */
class LineSplitter {
  readonly #file: string;
  readonly #onLine: LineSink;
  /** The beginning of a line whose end has not come yet. */
  #rest: Buffer[] = [];
  #restBytes = 0;
  #number = 0;

  constructor(file: string, onLine: LineSink) {
    this.#file = file;
    this.#onLine = onLine;
  }

  push(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      this.#keep(chunk.subarray(start, end));
      this.#line();
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
  }

  end(): void {
    if (this.#restBytes > 0) this.#line();
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return;
    this.#rest.push(part);
    this.#restBytes += part.length;
    if (this.#restBytes > lineMaxBytes) {
      this.#number++;
      throw this.#bad("the line is longer than 16 MiB", "write one JSON value per line");
    }
  }

  #line(): void {
    this.#number++;
    const [only = Buffer.alloc(0)] = this.#rest;
    const bytes = this.#rest.length > 1 ? Buffer.concat(this.#rest) : only;
    this.#rest = [];
    this.#restBytes = 0;
    if (!isUtf8(bytes)) throw this.#bad("the line is not UTF-8", "convert the file to UTF-8");
    // A byte order mark goes with the blanks.
    const line = bytes.toString("utf8").trim();
    if (line !== "") this.#onLine(line, this.#number);
  }

  #bad(reason: string, fix: string): Refusal {
    const message = `${this.#file}:${this.#number}: ${reason}`;
    return new Refusal("SG8504", message, { fix, exitCode: exitCode.badInput });
  }
}

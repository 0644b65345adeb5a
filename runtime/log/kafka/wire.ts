import { logCode, logError } from "../codes.ts";

/** Bytes from outside, read in order. What points beyond their end throws SG6001. */
export class WireInput {
  readonly #bytes: Buffer;
  readonly #what: string;
  #position = 0;

  /** `what` names the bytes in errors. */
  constructor(bytes: Buffer, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  int8(): number {
    return this.#bytes.readInt8(this.#take(1));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  /** Exact to 2^53. */
  int64(): number {
    return Number(this.#bytes.readBigInt64BE(this.#take(8)));
  }

  text(): string {
    const length = this.int16();
    const start = this.#take(length);
    return this.#bytes.toString("utf8", start, start + length);
  }

  /** Nullable bytes, as a view; null is none. */
  bytes(): Buffer {
    const length = Math.max(0, this.int32());
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** An array of what takes `elementBytes` each at least; null has no elements. */
  list<T>(elementBytes: number, read: () => T): readonly T[] {
    const count = Math.max(0, this.int32());
    if (count * elementBytes > this.#bytes.length - this.#position) throw this.#malformed();
    return Array.from({ length: count }, read);
  }

  #take(length: number): number {
    const start = this.#position;
    if (length < 0 || length > this.#bytes.length - start) throw this.#malformed();
    this.#position = start + length;
    return start;
  }

  #malformed(): Error {
    return logError(logCode.malformed, `${this.#what} is malformed`);
  }
}

/** Writes what `WireInput` reads. */
export class WireOutput {
  readonly #parts: Buffer[] = [];

  int8(value: number): this {
    return this.#add(1, (bytes) => bytes.writeInt8(value));
  }

  int16(value: number): this {
    return this.#add(2, (bytes) => bytes.writeInt16BE(value));
  }

  int32(value: number): this {
    return this.#add(4, (bytes) => bytes.writeInt32BE(value));
  }

  text(text: string): this {
    const bytes = Buffer.from(text);
    this.int16(bytes.length);
    this.#parts.push(bytes);
    return this;
  }

  bytes(bytes: Buffer): this {
    this.int32(bytes.length);
    this.#parts.push(bytes);
    return this;
  }

  list<T>(items: readonly T[], write: (item: T) => void): this {
    this.int32(items.length);
    for (const item of items) write(item);
    return this;
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #add(size: number, write: (bytes: Buffer) => void): this {
    const bytes = Buffer.alloc(size);
    write(bytes);
    this.#parts.push(bytes);
    return this;
  }
}

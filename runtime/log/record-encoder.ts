import { Writer } from "../codec/writer.ts";
import { copyBytes } from "./copy.ts";
import { varintWidth, writeVarint, writeVarlong } from "./varint.ts";

/** The widest length, attributes, timestamp, offset and key length together. */
const recordHeadMax: number = 5 + 1 + 10 + 5 + 5;

/**
 * Writes one record at a time to the end of a buffer.
 *
 * ```
 * record => length varint, attributes int8, timestampDelta varlong, offsetDelta varint,
 *           keyLength varint, key, valueLength varint, value, headerCount varint, header*
 * header => nameLength varint, name, valueLength varint, value
 * ```
 *
 * Lengths stand before what they count, and are known after it. Room is left for a length as wide as the
 * last record's, and what was written is moved where that guess was wrong.
 */
export class RecordEncoder {
  readonly out: Writer = new Writer();
  #start = 0;
  #bodyStart = 0;
  /** From here on the bytes do not depend on the record's place in the batch. */
  #keyLengthAt = 0;
  #valueStart = 0;
  #isTombstone = false;
  /** Where the number of headers stands; -1 while the value is open. */
  #headersAt = -1;
  #headerCount = 0;
  #lengthWidth = 1;
  #valueWidth = 1;

  /** Where the record begins. */
  get start(): number {
    return this.#start;
  }

  /** Begins a record at the writer's position; its value is to follow there. */
  begin(
    timestampDelta: number,
    offsetDelta: number,
    key: Uint8Array | null,
    keyStart: number,
    keyEnd: number,
  ): void {
    const out = this.out;
    const keyLength = keyEnd - keyStart;
    out.need(recordHeadMax + keyLength + this.#valueWidth);
    this.#start = out.position;
    this.#writeHead(timestampDelta, offsetDelta);
    let position = writeVarint(out.bytes, out.position, key === null ? -1 : keyLength);
    if (key !== null) position = copyBytes(key, keyStart, keyEnd, out.bytes, position);
    this.#valueStart = position + this.#valueWidth;
    out.position = this.#valueStart;
    this.#isTombstone = false;
    this.#headersAt = -1;
  }

  tombstone(): void {
    this.out.position = this.#valueStart;
    this.#isTombstone = true;
  }

  /** Adds a header; the value is whole. A `valueEnd` of -1 is a header without a value. */
  header(
    name: Uint8Array,
    nameStart: number,
    nameEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void {
    this.#closeValue();
    const out = this.out;
    const valueLength = valueEnd < 0 ? -1 : valueEnd - valueStart;
    out.need(10 + (nameEnd - nameStart) + Math.max(0, valueLength));
    let position = writeVarint(out.bytes, out.position, nameEnd - nameStart);
    position = copyBytes(name, nameStart, nameEnd, out.bytes, position);
    position = writeVarint(out.bytes, position, valueLength);
    if (valueEnd >= 0) position = copyBytes(value, valueStart, valueEnd, out.bytes, position);
    out.position = position;
    this.#headerCount++;
  }

  /** Fills in what is known now. The record ends at the writer's position. */
  end(): void {
    this.#closeValue();
    this.#setWidth(this.#headersAt, 1, varintWidth(this.#headerCount));
    writeVarint(this.out.bytes, this.#headersAt, this.#headerCount);
    this.#writeLength();
  }

  /** Moves the ended record by `gap` bytes, where it is the first one of its batch. */
  moveBy(gap: number): void {
    const out = this.out;
    const tailAt = this.#keyLengthAt;
    const tailLength = out.position - tailAt;
    // The tail goes out of the way first: the new head may be longer or shorter than the old one.
    const awayAt = tailAt + gap + recordHeadMax;
    out.need(gap + recordHeadMax);
    out.bytes.copyWithin(awayAt, tailAt, out.position);
    this.#start += gap;
    // A byte each for the attributes, the timestamp and the offset.
    this.#lengthWidth = varintWidth(tailLength + 3);
    this.#writeHead(0, 0);
    out.bytes.copyWithin(out.position, awayAt, awayAt + tailLength);
    out.position += tailLength;
    this.#writeLength();
  }

  /** Writes what says the record's place in its batch, behind the room for its length. */
  #writeHead(timestampDelta: number, offsetDelta: number): void {
    const bytes = this.out.bytes;
    this.#bodyStart = this.#start + this.#lengthWidth;
    bytes[this.#bodyStart] = 0;
    const position = writeVarlong(bytes, this.#bodyStart + 1, timestampDelta);
    this.#keyLengthAt = writeVarint(bytes, position, offsetDelta);
    this.out.position = this.#keyLengthAt;
  }

  #closeValue(): void {
    if (this.#headersAt >= 0) return;
    const out = this.out;
    const length = this.#isTombstone ? -1 : out.position - this.#valueStart;
    const width = varintWidth(length);
    const lengthAt = this.#valueStart - this.#valueWidth;
    this.#setWidth(lengthAt, this.#valueWidth, width);
    if (!this.#isTombstone) this.#valueWidth = width;
    writeVarint(out.bytes, lengthAt, length);
    out.need(1);
    this.#headersAt = out.position;
    this.#headerCount = 0;
    out.position++;
  }

  #writeLength(): void {
    const length = this.out.position - this.#bodyStart;
    const width = varintWidth(length);
    this.#setWidth(this.#start, this.#lengthWidth, width);
    const moved = width - this.#lengthWidth;
    this.#bodyStart += moved;
    this.#keyLengthAt += moved;
    this.#lengthWidth = width;
    writeVarint(this.out.bytes, this.#start, length);
  }

  /** Gives the field at `position` another width by moving all that was written behind it. */
  #setWidth(position: number, from: number, to: number): void {
    if (from === to) return;
    const out = this.out;
    out.need(Math.max(0, to - from));
    out.bytes.copyWithin(position + to, position + from, out.position);
    out.position += to - from;
  }
}

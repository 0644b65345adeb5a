import { Writer } from "../codec/writer.ts";
import type { BatchCursor } from "./batch-cursor.ts";
import { batchField, batchHeadBytes, readInt64, sealBatch, writeInt64 } from "./batch-header.ts";
import { logCode, logError } from "./codes.ts";
import { copyBytes } from "./copy.ts";
import { readRecordTimes } from "./record-times.ts";
import { varintWidth, writeVarint, writeVarlong } from "./varint.ts";

const noBytes = Buffer.alloc(0);
/** The last moment that a `Date` can hold. */
const timestampMax = 8_640_000_000_000_000;
/** The widest length, attributes, timestamp, offset and key length together. */
const recordHeadMax = 5 + 1 + 10 + 5 + 5;

/**
 * Records on their way to one partition, written once and straight into wire format. Nothing is
 * allocated per record.
 *
 * ```ts
 * const out = batch.begin(timestamp, key);   // then the value goes to `out`, or `batch.tombstone()`
 * codec.write(out, value);
 * batch.header(name, bytes);                 // as many as wanted
 * batch.end();
 * ```
 *
 * A record that was begun and not ended does not exist: the next `begin`, `rewind` or `finish` drops
 * it, so an encoder may throw. Where records would fill more than `batchMaxBytes` they are split into
 * several batches, one after the other in `finish()`'s bytes; a record larger than that has its own.
 */
export class BatchWriter {
  readonly #out: Writer = new Writer();
  readonly #batchMaxBytes: number;
  /** Where each batch begins. The last one is open: its head is filled by `#seal`. */
  readonly #starts: number[] = [];
  /** The position after the last whole record. */
  #end = 0;
  #count = 0;
  #batchCount = 0;
  #baseTimestamp = 0;
  #maxTimestamp = 0;

  #recordStart = 0;
  #bodyStart = 0;
  #timestamp = 0;
  /** Where the bytes stand that do not depend on the record's place in the batch. */
  #keyLengthAt = 0;
  #valueStart = 0;
  #isTombstone = false;
  /** Where the number of headers stands; -1 while the value is open. */
  #headersAt = -1;
  #headerCount = 0;
  // Widths of the last record's lengths: a good guess for the next one, which then needs no move.
  #lengthWidth = 1;
  #valueWidth = 1;

  /** `batchMaxBytes` is the topic's `max.message.bytes`. */
  constructor(batchMaxBytes = 1_048_576) {
    this.#batchMaxBytes = batchMaxBytes;
  }

  /** Whole records. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of the whole records and of the batches' heads. */
  get sizeBytes(): number {
    return this.#end;
  }

  /**
   * Begins a record and gives the writer that takes its value. `timestamp` is in milliseconds since
   * 1970; the key is copied from `key[keyStart, keyEnd)`, `null` is no key.
   */
  begin(
    timestamp: number,
    key: Uint8Array | null,
    keyStart = 0,
    keyEnd: number = key === null ? 0 : key.length,
  ): Writer {
    if (!Number.isInteger(timestamp) || timestamp < 0 || timestamp > timestampMax) {
      throw logError(
        logCode.refused,
        `a record's timestamp is ${timestamp}, not a whole number of milliseconds since 1970`,
      );
    }
    const out = this.#out;
    out.truncate(this.#end);
    if (this.#batchCount === 0) this.#startBatch(timestamp);
    const keyLength = keyEnd - keyStart;
    out.need(recordHeadMax + keyLength + this.#valueWidth);
    this.#timestamp = timestamp;
    this.#recordStart = out.position;
    this.#writeRecordHead(this.#recordStart + this.#lengthWidth, this.#batchCount);
    const bytes = out.bytes;
    let position = writeVarint(bytes, out.position, key === null ? -1 : keyLength);
    if (key !== null) position = copyBytes(key, keyStart, keyEnd, bytes, position);
    this.#valueStart = position + this.#valueWidth;
    out.position = this.#valueStart;
    this.#isTombstone = false;
    this.#headersAt = -1;
    return out;
  }

  /** Makes the open record one without a value, whatever its value's writer has been given. */
  tombstone(): void {
    this.#out.position = this.#valueStart;
    this.#isTombstone = true;
  }

  /** Adds a header to the open record, whose value is whole. `null` is a header without a value. */
  header(name: Uint8Array, value: Uint8Array | null): void {
    this.headerSlice(name, 0, name.length, value ?? noBytes, 0, value === null ? -1 : value.length);
  }

  /** Like `header`, out of larger buffers. A `valueEnd` of -1 is a header without a value. */
  headerSlice(
    name: Uint8Array,
    nameStart: number,
    nameEnd: number,
    value: Uint8Array,
    valueStart: number,
    valueEnd: number,
  ): void {
    this.#closeValue();
    const out = this.#out;
    const valueLength = valueEnd < 0 ? -1 : valueEnd - valueStart;
    out.need(10 + (nameEnd - nameStart) + Math.max(0, valueLength));
    let position = writeVarint(out.bytes, out.position, nameEnd - nameStart);
    position = copyBytes(name, nameStart, nameEnd, out.bytes, position);
    position = writeVarint(out.bytes, position, valueLength);
    if (valueEnd >= 0) position = copyBytes(value, valueStart, valueEnd, out.bytes, position);
    out.position = position;
    this.#headerCount++;
  }

  /** Adds the headers of the record that `cursor` stands on. */
  headersFrom(cursor: BatchCursor): void {
    cursor.resetHeaders();
    while (cursor.nextHeader()) {
      this.headerSlice(
        cursor.bytes,
        cursor.headerNameStart,
        cursor.headerNameEnd,
        cursor.bytes,
        cursor.headerValueStart,
        cursor.headerValueEnd,
      );
    }
  }

  /** Adds the record that `cursor` stands on as it is: key, value and headers, never decoded. */
  forward(cursor: BatchCursor, timestamp: number = cursor.timestamp): void {
    const key = cursor.keyStart < 0 ? null : cursor.bytes;
    const out = this.begin(timestamp, key, cursor.keyStart, cursor.keyEnd);
    if (cursor.valueStart < 0) this.tombstone();
    else {
      out.need(cursor.valueEnd - cursor.valueStart);
      const { bytes, valueStart, valueEnd } = cursor;
      out.position = copyBytes(bytes, valueStart, valueEnd, out.bytes, out.position);
    }
    if (cursor.headerCount > 0) this.headersFrom(cursor);
    this.end();
  }

  /** Ends the open record: from now on it counts. */
  end(): void {
    this.#closeValue();
    const out = this.#out;
    this.#setWidth(this.#headersAt, 1, varintWidth(this.#headerCount));
    writeVarint(out.bytes, this.#headersAt, this.#headerCount);
    this.#writeLength();
    const start = this.#starts.at(-1) ?? 0;
    if (this.#batchCount > 0 && out.position - start > this.#batchMaxBytes) this.#moveToNewBatch();
    this.#end = out.position;
    this.#count++;
    this.#batchCount++;
    if (this.#timestamp > this.#maxTimestamp) this.#maxTimestamp = this.#timestamp;
  }

  /** The place after the last whole record, to come back to with `rewind`. */
  mark(): number {
    return this.#end;
  }

  /** Drops every record that was ended after `mark` was taken. Marks taken later are void. */
  rewind(mark: number): void {
    if (mark === this.#end) return;
    while ((this.#starts.at(-1) ?? -1) >= mark) this.#starts.pop();
    this.#end = mark;
    this.#recount();
  }

  /** Drops all records and keeps the buffer for the next ones. */
  clear(): void {
    this.rewind(0);
  }

  /**
   * The records as wire-ready batches, one after the other, each with base offset 0; empty without
   * records. A view: valid until the next record is begun.
   */
  finish(): Buffer {
    if (this.#count === 0) return noBytes;
    this.#seal();
    return this.#out.bytes.subarray(0, this.#end);
  }

  #startBatch(timestamp: number): void {
    const out = this.#out;
    if (this.#starts.at(-1) !== out.position) this.#starts.push(out.position);
    out.need(batchHeadBytes);
    writeInt64(out.bytes, out.position + batchField.baseTimestamp, timestamp);
    out.position += batchHeadBytes;
    this.#baseTimestamp = timestamp;
    this.#maxTimestamp = timestamp;
  }

  #seal(): void {
    sealBatch(this.#out.bytes, this.#starts.at(-1) ?? 0, {
      end: this.#end,
      count: this.#batchCount,
      baseTimestamp: this.#baseTimestamp,
      maxTimestamp: this.#maxTimestamp,
    });
  }

  /**
   * Writes the part of a record that says its place in the batch.
   *
   * ```
   * record => length varint, attributes int8, timestampDelta varlong, offsetDelta varint,
   *           keyLength varint, key, valueLength varint, value, headerCount varint, header*
   * header => nameLength varint, name, valueLength varint, value
   * ```
   */
  #writeRecordHead(at: number, offsetDelta: number): void {
    const bytes = this.#out.bytes;
    this.#bodyStart = at;
    bytes[at] = 0;
    let position = writeVarlong(bytes, at + 1, this.#timestamp - this.#baseTimestamp);
    position = writeVarint(bytes, position, offsetDelta);
    this.#keyLengthAt = position;
    this.#out.position = position;
  }

  #closeValue(): void {
    if (this.#headersAt >= 0) return;
    const out = this.#out;
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
    const length = this.#out.position - this.#bodyStart;
    const width = varintWidth(length);
    this.#setWidth(this.#recordStart, this.#lengthWidth, width);
    const moved = width - this.#lengthWidth;
    this.#bodyStart += moved;
    this.#keyLengthAt += moved;
    this.#lengthWidth = width;
    writeVarint(this.#out.bytes, this.#recordStart, length);
  }

  /** Gives the field at `position` another width by moving all that was written behind it. */
  #setWidth(position: number, from: number, to: number): void {
    if (from === to) return;
    const out = this.#out;
    out.need(Math.max(0, to - from));
    out.bytes.copyWithin(position + to, position + from, out.position);
    out.position += to - from;
  }

  /** Makes the record just written the first one of a batch of its own. */
  #moveToNewBatch(): void {
    this.#seal();
    const out = this.#out;
    const tailAt = this.#keyLengthAt;
    const tailLength = out.position - tailAt;
    const room = batchHeadBytes + recordHeadMax;
    out.need(room);
    // The tail goes out of the way first: the new head may be longer or shorter than the old one.
    out.bytes.copyWithin(tailAt + room, tailAt, out.position);
    out.position = this.#recordStart;
    this.#batchCount = 0;
    this.#startBatch(this.#timestamp);
    this.#recordStart = out.position;
    this.#lengthWidth = varintWidth(tailLength + 3);
    this.#writeRecordHead(this.#recordStart + this.#lengthWidth, 0);
    out.bytes.copyWithin(out.position, tailAt + room, tailAt + room + tailLength);
    out.position += tailLength;
    this.#writeLength();
  }

  /** Counts again what the batches up to `#end` hold. Errors are rare, so each record pays nothing. */
  #recount(): void {
    const bytes = this.#out.bytes;
    this.#count = 0;
    for (const start of this.#starts.slice(0, -1)) {
      this.#count += bytes.readInt32BE(start + batchField.recordCount);
    }
    this.#batchCount = 0;
    const start = this.#starts.at(-1);
    if (start === undefined) return;
    const { count, deltaMax } = readRecordTimes(bytes, start + batchHeadBytes, this.#end);
    this.#batchCount = count;
    this.#count += count;
    this.#baseTimestamp = readInt64(bytes, start + batchField.baseTimestamp);
    this.#maxTimestamp = this.#baseTimestamp + deltaMax;
  }
}

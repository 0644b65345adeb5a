import type { Writer } from "../codec/writer.ts";
import { BatchCursor } from "./batch-cursor.ts";
import { batchField, batchHeadBytes, readInt64, sealBatch, writeInt64 } from "./batch-header.ts";
import { logCode, logError } from "./codes.ts";
import { copyBytes } from "./copy.ts";
import { RecordEncoder } from "./record-encoder.ts";
import { readRecordTimes } from "./record-times.ts";

const noBytes = Buffer.alloc(0);
/** The last moment that a `Date` can hold. */
const timestampMax = 8_640_000_000_000_000;
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
  readonly #record: RecordEncoder = new RecordEncoder();
  readonly #out: Writer = this.#record.out;
  readonly #batchMaxBytes: number;
  /** Where each batch begins. The last one is open: its head is filled by `#seal`. */
  readonly #starts: number[] = [];
  /** The position after the last whole record. */
  #end = 0;
  #count = 0;
  /** Records of the open batch. */
  #batchCount = 0;
  #baseTimestamp = 0;
  #maxTimestamp = 0;
  /** The open record's. */
  #timestamp = 0;

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
    this.#out.truncate(this.#end);
    if (this.#batchCount === 0) this.#startBatch(timestamp);
    this.#timestamp = timestamp;
    const delta = timestamp - this.#baseTimestamp;
    this.#record.begin(delta, this.#batchCount, key, keyStart, keyEnd);
    return this.#out;
  }

  /** Makes the open record one without a value, whatever its value's writer has been given. */
  tombstone(): void {
    this.#record.tombstone();
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
    this.#record.header(name, nameStart, nameEnd, value, valueStart, valueEnd);
  }

  /** Adds the headers of the record that `cursor` stands on. */
  headersFrom(cursor: BatchCursor): void {
    const { bytes } = cursor;
    cursor.resetHeaders();
    while (cursor.nextHeader()) {
      const { headerNameStart, headerNameEnd, headerValueStart, headerValueEnd } = cursor;
      this.headerSlice(
        bytes,
        headerNameStart,
        headerNameEnd,
        bytes,
        headerValueStart,
        headerValueEnd,
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
    this.#record.end();
    const out = this.#out;
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

  /** The records, to be read back; their offsets mean nothing. Valid as long as `finish()`'s view. */
  cursor(): BatchCursor {
    return new BatchCursor(this.finish(), this.#starts);
  }

  #startBatch(timestamp: number): void {
    const out = this.#out;
    out.need(batchHeadBytes);
    this.#beginHead(out.position, timestamp);
    out.position += batchHeadBytes;
  }

  /** Makes the record just written the first one of a batch of its own. */
  #moveToNewBatch(): void {
    this.#seal();
    const { start } = this.#record;
    this.#record.moveBy(batchHeadBytes);
    this.#batchCount = 0;
    this.#beginHead(start, this.#timestamp);
  }

  #beginHead(start: number, timestamp: number): void {
    // The same batch is begun again where its first record was not ended.
    if (this.#starts.at(-1) !== start) this.#starts.push(start);
    writeInt64(this.#out.bytes, start + batchField.baseTimestamp, timestamp);
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

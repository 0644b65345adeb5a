import { batchBit, batchEnd, batchField, readInt64 } from "./batch-header.ts";
import { logCode, logError } from "./codes.ts";

/**
 * Walks the records of fetched batches in place. After each `next()` that gives true the fields tell
 * where the record's parts stand in `bytes`; what is kept longer than the batch must be copied.
 *
 * Every length is checked against what is left, so bytes that are not what they claim throw SG6001
 * and never loop or read outside the batch.
 */
export class BatchCursor {
  readonly bytes: Buffer;
  /** The key is `bytes[keyStart, keyEnd)`; both are -1 where there is none. */
  keyStart = -1;
  keyEnd = -1;
  /** The value is `bytes[valueStart, valueEnd)`; both are -1 for a tombstone. */
  valueStart = -1;
  valueEnd = -1;
  offset = -1;
  /** Milliseconds since 1970. */
  timestamp = -1;
  headerCount = 0;
  /** The whole record, its length included. */
  recordStart = -1;
  recordEnd = -1;
  /** After a `nextHeader()` that gives true: where the header's name and value stand. */
  headerNameStart = -1;
  headerNameEnd = -1;
  /** Both are -1 for a header without a value. */
  headerValueStart = -1;
  headerValueEnd = -1;

  readonly #starts: readonly number[];
  readonly #from: number;
  #batch = 0;
  #batchEnd = 0;
  #baseOffset = 0;
  #lastOffset = 0;
  #baseTimestamp = 0;
  /** Where the log sets the time of records, it is the whole batch's; otherwise -1. */
  #appendTimestamp = -1;
  #left = 0;
  #position = 0;
  #rangeStart = 0;
  #headersStart = 0;
  #headerPosition = 0;
  #headersLeft = 0;

  /**
   * Reads the batches that begin at `starts` in this order, without the records below offset `from`.
   * The bytes are the log's and are not changed.
   */
  constructor(bytes: Buffer, starts: readonly number[], from = 0) {
    this.bytes = bytes;
    this.#starts = starts;
    this.#from = from;
  }

  /** Goes to the next record; false after the last one. */
  next(): boolean {
    do {
      while (this.#left === 0) {
        if (this.#batch === this.#starts.length) return false;
        this.#openBatch();
      }
      this.#left--;
      this.#readRecord();
      if (this.#left === 0 && this.recordEnd !== this.#batchEnd) {
        throw this.#malformed("bytes are left after its last record");
      }
    } while (this.offset < this.#from);
    return true;
  }

  /** Goes to the record's next header; false after the last one. */
  nextHeader(): boolean {
    if (this.#headersLeft === 0) return false;
    this.#headersLeft--;
    this.#readHeader();
    if (this.#headersLeft === 0 && this.#headerPosition !== this.recordEnd) {
      throw this.#malformed("bytes are left after its last header");
    }
    return true;
  }

  /** Goes back before the record's first header. */
  resetHeaders(): void {
    this.#headerPosition = this.#headersStart;
    this.#headersLeft = this.headerCount;
  }

  /** The record that it stands on, in bytes of its own. */
  copy(): BatchCursor {
    const start = this.recordStart;
    const from = (position: number): number => (position < 0 ? -1 : position - start);
    const copy = new BatchCursor(Buffer.from(this.bytes.subarray(start, this.recordEnd)), []);
    copy.keyStart = from(this.keyStart);
    copy.keyEnd = from(this.keyEnd);
    copy.valueStart = from(this.valueStart);
    copy.valueEnd = from(this.valueEnd);
    copy.offset = this.offset;
    copy.timestamp = this.timestamp;
    copy.headerCount = this.headerCount;
    copy.recordStart = 0;
    copy.recordEnd = from(this.recordEnd);
    copy.#headersStart = from(this.#headersStart);
    copy.resetHeaders();
    return copy;
  }

  #openBatch(): void {
    const start = this.#starts[this.#batch++] ?? 0;
    const bytes = this.bytes;
    this.#batchEnd = batchEnd(bytes, start);
    this.#baseOffset = readInt64(bytes, start + batchField.baseOffset);
    this.#lastOffset = this.#baseOffset + bytes.readInt32BE(start + batchField.lastOffsetDelta);
    this.#baseTimestamp = readInt64(bytes, start + batchField.baseTimestamp);
    const isAppendTime =
      (bytes.readInt16BE(start + batchField.attributes) & batchBit.appendTime) > 0;
    this.#appendTimestamp = isAppendTime ? readInt64(bytes, start + batchField.maxTimestamp) : -1;
    this.#left = bytes.readInt32BE(start + batchField.recordCount);
    this.#position = start + batchField.records;
    if (this.#left < 0 || this.#baseOffset < 0 || this.#lastOffset > Number.MAX_SAFE_INTEGER) {
      throw this.#malformed("its count or its offsets are impossible");
    }
    if (this.#left === 0 && this.#position !== this.#batchEnd) {
      throw this.#malformed("bytes are left, but it counts no records");
    }
  }

  /**
   * ```
   * record => length varint, attributes int8, timestampDelta varlong, offsetDelta varint,
   *           keyLength varint, key, valueLength varint, value, headerCount varint, header*
   * ```
   */
  #readRecord(): void {
    this.recordStart = this.#position;
    const length = this.#varint();
    // Attributes, timestamp, offset, key, value and headers take a byte each at least.
    if (length < 6 || length > this.#batchEnd - this.#position) {
      throw this.#malformed(`a record claims ${length} bytes`);
    }
    const end = this.#position + length;
    this.recordEnd = end;
    this.#position++;
    const timestamp = this.#baseTimestamp + this.#varlong();
    this.timestamp = this.#appendTimestamp < 0 ? timestamp : this.#appendTimestamp;
    this.offset = this.#baseOffset + this.#varint();
    if (this.offset < this.#baseOffset || this.offset > this.#lastOffset) {
      throw this.#malformed(`a record's offset ${this.offset} is outside it`);
    }
    this.keyEnd = this.#readRange(end, "key");
    this.keyStart = this.#rangeStart;
    this.valueEnd = this.#readRange(end, "value");
    this.valueStart = this.#rangeStart;
    const headers = this.#varint();
    if (headers < 0 || headers * 2 > end - this.#position) {
      throw this.#malformed(`a record claims ${headers} headers`);
    }
    if (headers === 0 && this.#position !== end) {
      throw this.#malformed("bytes are left after a record's value");
    }
    this.headerCount = headers;
    this.#headersStart = this.#position;
    this.#headerPosition = this.#position;
    this.#headersLeft = headers;
    this.#position = end;
  }

  /** `header => nameLength varint, name, valueLength varint, value` */
  #readHeader(): void {
    const end = this.recordEnd;
    this.#position = this.#headerPosition;
    this.headerNameEnd = this.#readRange(end, "header's name");
    this.headerNameStart = this.#rangeStart;
    if (this.headerNameStart < 0) throw this.#malformed("a header has no name");
    this.headerValueEnd = this.#readRange(end, "header");
    this.headerValueStart = this.#rangeStart;
    this.#headerPosition = this.#position;
    this.#position = end;
  }

  /** Reads `length varint, byte{length}` before `end`; its end is given, its start set. */
  #readRange(end: number, what: string): number {
    const length = this.#varint();
    const start = this.#position;
    if (length < -1 || start > end || length > end - start) {
      throw this.#malformed(`a record's ${what} claims ${length} bytes`);
    }
    if (length === -1) {
      this.#rangeStart = -1;
      return -1;
    }
    this.#rangeStart = start;
    this.#position = start + length;
    return this.#position;
  }

  /** `varint => byte{1,5}`. Beyond the buffer it reads zeros; callers compare the position. */
  #varint(): number {
    const bytes = this.bytes;
    let byte = bytes[this.#position++] ?? 0;
    let bits = byte & 0x7f;
    for (let shift = 7; byte > 0x7f; shift += 7) {
      if (shift > 28) throw this.#malformed("a number has more than 32 bits");
      byte = bytes[this.#position++] ?? 0;
      bits |= (byte & 0x7f) << shift;
    }
    return (bits >>> 1) ^ -(bits & 1);
  }

  /** `varlong => byte{1,10}`, exact to 2^53. */
  #varlong(): number {
    const bytes = this.bytes;
    let byte = bytes[this.#position++] ?? 0;
    const isNegative = (byte & 1) === 1;
    let value = (byte & 0x7f) >> 1;
    let width = 1;
    for (let scale = 64; byte > 0x7f; scale *= 128) {
      if (++width > 10) throw this.#malformed("a number has more than 64 bits");
      byte = bytes[this.#position++] ?? 0;
      value += (byte & 0x7f) * scale;
    }
    return isNegative ? -value - 1 : value;
  }

  #malformed(reason: string): Error {
    const place = { offset: this.#baseOffset };
    return logError(logCode.malformed, `a record batch is malformed: ${reason}`, place);
  }
}

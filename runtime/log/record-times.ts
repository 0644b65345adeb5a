/** What `BatchWriter` has to know again about a batch after records at its end were dropped. */
export interface RecordTimes {
  readonly count: number;
  /** The highest timestamp, less the batch's base timestamp. */
  readonly deltaMax: number;
}

/** Walks whole records, written here and therefore trusted, by length and timestamp only. */
export function readRecordTimes(bytes: Uint8Array, from: number, to: number): RecordTimes {
  let count = 0;
  let deltaMax = 0;
  let position = from;
  while (position < to) {
    const length = readTrustedVarlong(bytes, position);
    // A byte of attributes stands between the length and the timestamp.
    const delta = readTrustedVarlong(bytes, length.next + 1);
    deltaMax = Math.max(deltaMax, delta.value);
    position = length.next + length.value;
    count++;
  }
  return { count, deltaMax };
}

function readTrustedVarlong(bytes: Uint8Array, position: number): { value: number; next: number } {
  let next = position;
  let byte = bytes[next++] ?? 0;
  const isNegative = byte % 2 === 1;
  let value = (byte & 0x7f) >> 1;
  for (let scale = 64; byte > 0x7f; scale *= 128) {
    byte = bytes[next++] ?? 0;
    value += (byte & 0x7f) * scale;
  }
  return { value: isNegative ? -value - 1 : value, next };
}

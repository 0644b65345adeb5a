import { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";

/** Headers that are not carried over from the input, and those that are added. */
export interface HeaderMarks {
  isLeftOut(name: string): boolean;
  readonly added: readonly (readonly [name: string, value: Uint8Array])[];
}

/**
 * What a scope's agents are at: the record, tick or start whose work is being staged. Between moments
 * nothing may be written or sent, because it would belong to no record.
 */
export class Moment {
  isOpen = false;
  /** The event time of the record, or the time of the tick. */
  timestamp = 0;
  /** The input record; absent in ticks and starts. */
  cursor: BatchCursor | undefined;
  /** What is otherwise about the headers of what is sent. */
  marks: HeaderMarks | undefined;
  /** Names the record or tick: the same for every attempt at it. */
  #place = "";
  #offset = 0;
  /** Where the record is one of a pair, the other's offset. */
  #partner: number | undefined;

  /** `place` and `offset` together are what `idempotencyKey` shows. */
  open(timestamp: number, place: string, offset: number, cursor?: BatchCursor): void {
    this.isOpen = true;
    this.marks = undefined;
    this.timestamp = timestamp;
    this.cursor = cursor;
    this.#place = place;
    this.#offset = offset;
    this.#partner = undefined;
  }

  /** A pair is handled, of the record and of one of another topic: at the later time of both. */
  paired(timestamp: number, partner: number): void {
    this.timestamp = timestamp;
    this.#partner = partner;
  }

  /** The record is handled as it was opened, with its own time. */
  alone(timestamp: number): void {
    this.timestamp = timestamp;
    this.#partner = undefined;
  }

  close(): void {
    this.isOpen = false;
    this.cursor = undefined;
  }

  /** Nothing may be written before `resume`; the record stays the same. */
  suspend(): void {
    this.isOpen = false;
  }

  resume(): void {
    this.isOpen = true;
  }

  get idempotencyKey(): string {
    const record = `${this.#place}/${this.#offset}`;
    return this.#partner === undefined ? record : `${record}/${this.#partner}`;
  }

  /** Throws SG8010 where a write to `target` would belong to no record. */
  check(target: string): void {
    if (this.isOpen) return;
    throw new StreamgenError(
      "SG8010",
      `"${target}" was written when no record was being handled: await what the function starts`,
    );
  }
}

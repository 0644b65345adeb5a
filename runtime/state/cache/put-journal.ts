import { copyBytes } from "../../log/copy.ts";
import type { UndoLog, UndoStep } from "../undo.ts";
import type { Chunks } from "./chunks.ts";
import { type Slots, wordsPerSlot } from "./slots.ts";

/** A step's numbers: slot, address, value length, where its bytes begin, what it counted. */
const stepNumbers = 5;

/** What becomes of writes that are taken back. */
export interface TakenBack {
  /** Is told what each of them had counted. */
  undone(counted: number): void;
  /** Makes one again; `null` deletes the row. */
  redo(key: Buffer, value: Buffer | null): void;
}

/**
 * What one generation's writes of the current record have replaced, newest last, in one list of
 * numbers and one of bytes. It is itself the step that each write adds to the undo log: undone once, it
 * takes back the newest write.
 */
export class PutJournal implements UndoStep {
  readonly #chunks: Chunks;
  readonly #slots: Slots;
  readonly #word: number;
  readonly #undo: UndoLog;
  #steps: Int32Array = new Int32Array(16 * stepNumbers);
  #length = 0;
  #bytes: Buffer = Buffer.allocUnsafeSlow(1024);
  #bytesLength = 0;
  /** Of the undo log: whatever was written before can no longer be undone. */
  #epoch = -1;
  readonly #writes: TakenBack;

  constructor(chunks: Chunks, slots: Slots, word: number, undo: UndoLog, writes: TakenBack) {
    this.#chunks = chunks;
    this.#slots = slots;
    this.#word = word;
    this.#undo = undo;
    this.#writes = writes;
  }

  /** Remembers a slot's chunk and its value, before it is written. */
  push(slot: number, address: number, counted: number): void {
    if (this.#epoch !== this.#undo.epoch) {
      this.#epoch = this.#undo.epoch;
      this.#length = 0;
      this.#bytesLength = 0;
    }
    const valueLength = this.#chunks.valueLength(address);
    this.#need(Math.max(0, valueLength));
    const steps = this.#steps;
    const at = this.#length;
    steps[at] = slot;
    steps[at + 1] = address;
    steps[at + 2] = valueLength;
    steps[at + 3] = this.#bytesLength;
    steps[at + 4] = counted;
    this.#length = at + stepNumbers;
    if (valueLength <= 0) return;
    const from = this.#chunks.bytesOf(address);
    const start = this.#chunks.valueStart(address);
    this.#bytesLength = copyBytes(from, start, start + valueLength, this.#bytes, this.#bytesLength);
  }

  undo(): void {
    const at = this.#length - stepNumbers;
    const steps = this.#steps;
    const slot = steps[at] ?? 0;
    const address = steps[at + 1] ?? 0;
    const bytesStart = steps[at + 3] ?? 0;
    this.#slots.words[slot * wordsPerSlot + this.#word] = address;
    this.#chunks.setValue(address, this.#bytes, bytesStart, steps[at + 2] ?? 0);
    this.#length = at;
    this.#bytesLength = bytesStart;
    this.#writes.undone(steps[at + 4] ?? 0);
  }

  copy(): () => void {
    const chunks = this.#chunks;
    const slot = this.#steps[this.#length - stepNumbers] ?? 0;
    const address = this.#slots.words[slot * wordsPerSlot + this.#word] ?? 0;
    const key = Buffer.from(chunks.key(address));
    const length = chunks.valueLength(address);
    const start = chunks.valueStart(address);
    const bytes = chunks.bytesOf(address);
    const value = length < 0 ? null : Buffer.from(bytes.subarray(start, start + length));
    return () => this.#writes.redo(key, value);
  }

  #need(valueBytes: number): void {
    if (this.#length + stepNumbers > this.#steps.length) {
      const larger = new Int32Array(this.#steps.length * 2);
      larger.set(this.#steps);
      this.#steps = larger;
    }
    if (this.#bytesLength + valueBytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(
      Math.max(this.#bytes.length * 2, this.#bytesLength + valueBytes),
    );
    this.#bytes.copy(larger, 0, 0, this.#bytesLength);
    this.#bytes = larger;
  }
}

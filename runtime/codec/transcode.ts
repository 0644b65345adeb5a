/**
 * Bytes of a writer's schema become bytes of the reader's, step by step: the codec that was generated
 * for the reader then reads them as its own, projections among them.
 *
 * Most of a value stays as it is. It is walked over and copied in one piece up to where the schemas
 * differ: what lies between `kept` and the reader's position is still to be copied.
 */
import type { Primitive } from "../avro/schema.ts";
import type { EnumStep, PromoteStep, RecordStep, Step, Wanted } from "../avro/steps.ts";
import { StreamgenError } from "../errors.ts";
import { failDepth, failIndex } from "./fail.ts";
import { depthMax, transcodedMaxBytes } from "./limits.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

/**
 * Appends the value at the reader's position, which moves behind it. Throws SG5xxx for bytes that are
 * not the writer's schema's, SG5053 for what would become too large, SG5054 for a value that the
 * reader's schema cannot hold.
 */
export function transcode(step: Step, reader: Reader, writer: Writer): void {
  const transcoder = new Transcoder(reader, writer);
  transcoder.run(step);
  transcoder.copyTo(reader.position);
}

/** Steps that take no bytes; a schema can ask for any number of them. */
const freeStepsMax = 4_000_000;
const stepsPerByte = 64;
/** Records inside each other, those that never hold themselves among them. */
const recordDepthMax = depthMax * 2;
/** Up to here a loop is faster than a call. */
const smallMax = 40;

class Transcoder {
  readonly #reader: Reader;
  readonly #writer: Writer;
  readonly #from: number;
  /** Input from here on is not copied yet. */
  #kept: number;
  #depth = 0;
  #stepsLeft: number;

  constructor(reader: Reader, writer: Writer) {
    this.#reader = reader;
    this.#writer = writer;
    this.#from = writer.position;
    this.#kept = reader.position;
    this.#stepsLeft = freeStepsMax + stepsPerByte * (reader.end - reader.position);
  }

  run(step: Step): void {
    this.#stepsLeft -= 1;
    if (this.#stepsLeft < 0) failSize("takes more steps to read than its size allows");
    switch (step.kind) {
      case "scalar":
        this.#walk(step.type);
        return;
      case "fixed":
        this.#reader.skip(step.size);
        return;
      case "promote":
        this.#promote(step);
        return;
      case "enum":
        this.#enum(step);
        return;
      case "array":
        this.#blocks(step.itemMinBytes, false, step.items);
        return;
      case "map":
        this.#blocks(step.itemMinBytes, true, step.values);
        return;
      case "record":
        this.#record(step);
        return;
      case "choice":
        this.#choice(step.branches);
        return;
      case "wrap":
        this.copyTo(this.#reader.position);
        this.#writer.branch(step.index);
        this.run(step.step);
        return;
      case "fail":
        failHold(step.reason);
    }
  }

  /** Copies what is kept up to `position`; what follows is kept from there on. */
  copyTo(position: number): void {
    const writer = this.#writer;
    const { bytes } = this.#reader;
    const size = position - this.#kept;
    this.#need(size);
    if (size > smallMax) {
      bytes.copy(writer.bytes, writer.position, this.#kept, position);
      writer.position += size;
    } else {
      // The index is between two positions of the reader.
      for (let at = this.#kept; at < position; at++) {
        writer.bytes[writer.position++] = bytes[at] as number;
      }
    }
    this.#kept = position;
  }

  /** Goes on behind what was read: other bytes were written for it. */
  #replaced(): void {
    this.#kept = this.#reader.position;
  }

  #walk(type: Primitive): void {
    const reader = this.#reader;
    switch (type) {
      case "null":
        return;
      case "boolean":
        reader.boolean();
        return;
      case "int":
        reader.int();
        return;
      case "long":
        reader.skipLong();
        return;
      case "float":
        reader.skip(4);
        return;
      case "double":
        reader.skip(8);
        return;
      case "bytes":
      case "string":
        reader.skipBytes();
    }
  }

  #promote({ from, to }: PromoteStep): void {
    const reader = this.#reader;
    this.copyTo(reader.position);
    const value =
      from === "int" ? reader.int() : from === "long" ? Number(reader.long()) : reader.float();
    if (to === "float") this.#writer.float(value);
    else this.#writer.double(value);
    this.#replaced();
  }

  #enum({ indices, name, symbols }: EnumStep): void {
    const reader = this.#reader;
    const { position } = reader;
    const written = reader.int();
    const index = indices[written];
    if (index === undefined) failIndex(reader, position, `one of ${symbols.length} symbols`);
    if (index < 0) failHold(`enum "${name}" has no symbol "${symbols[written]}"`);
    if (index === written) return;
    this.copyTo(position);
    this.#writer.branch(index);
    this.#replaced();
  }

  #choice(branches: readonly Step[]): void {
    const reader = this.#reader;
    const { position } = reader;
    const index = reader.branch(branches.length);
    const step = branches[index];
    if (step === undefined) failIndex(reader, position, "a branch of the writer's union");
    if (step.kind === "wrap" && step.index === index) {
      this.run(step.step);
      return;
    }
    this.copyTo(position);
    this.#replaced();
    this.run(step);
  }

  #blocks(itemMinBytes: number, hasKeys: boolean, item: Step): void {
    for (let left = this.#block(itemMinBytes); left > 0; left = this.#block(itemMinBytes)) {
      for (; left > 0; left--) {
        if (hasKeys) this.#reader.skipBytes();
        this.run(item);
      }
    }
  }

  /** The number of items in the next block. A block's size in bytes may not be what it was. */
  #block(itemMinBytes: number): number {
    const reader = this.#reader;
    const { position } = reader;
    const count = reader.block(itemMinBytes);
    // Zigzag: the lowest bit is the sign, which says that a size follows.
    if (((reader.bytes[position] ?? 0) & 1) === 1) {
      this.copyTo(position);
      this.#writer.block(count);
      this.#replaced();
    }
    return count;
  }

  #record(record: RecordStep): void {
    this.#depth += 1;
    if (this.#depth > recordDepthMax) failDepth(recordDepthMax);
    if (record.isInOrder) this.#inOrder(record);
    else this.#reordered(record);
    this.#depth -= 1;
  }

  #inOrder({ wanted, written }: RecordStep): void {
    let next = 0;
    for (const each of wanted) {
      if (each.kind === "default") {
        this.#default(each);
        continue;
      }
      while (next < each.index) this.#drop(written[next++]);
      this.run(each.step);
      next += 1;
    }
    while (next < written.length) this.#drop(written[next++]);
  }

  /** Finds where each field was written, then takes them in the order in which they are wanted. */
  #reordered({ wanted, written }: RecordStep): void {
    const reader = this.#reader;
    this.copyTo(reader.position);
    const starts = this.#starts(written);
    const end = reader.position;
    for (const each of wanted) {
      if (each.kind === "default") {
        this.#kept = end;
        reader.position = end;
        this.#default(each);
        continue;
      }
      const start = starts[each.index] ?? end;
      this.#kept = start;
      if (each.isSame) this.copyTo(starts[each.index + 1] ?? end);
      else {
        reader.position = start;
        this.run(each.step);
        this.copyTo(reader.position);
      }
    }
    reader.position = end;
    this.#kept = end;
  }

  /** Walks over the fields, and gives where each begins. */
  #starts(written: readonly Step[]): readonly number[] {
    const reader = this.#reader;
    const { position } = this.#writer;
    const starts: number[] = [];
    for (const step of written) {
      starts.push(reader.position);
      this.run(step);
    }
    this.#writer.position = position;
    return starts;
  }

  #default({ bytes }: Extract<Wanted, { readonly kind: "default" }>): void {
    this.copyTo(this.#reader.position);
    this.#need(bytes.length);
    this.#writer.append(bytes);
  }

  /** Walks over a field that is not wanted. */
  #drop(step: Step | undefined): void {
    if (step === undefined) return;
    this.copyTo(this.#reader.position);
    const { position } = this.#writer;
    this.run(step);
    this.#writer.position = position;
    this.#replaced();
  }

  #need(size: number): void {
    if (this.#writer.position - this.#from + size > transcodedMaxBytes) {
      failSize(`becomes larger than ${transcodedMaxBytes} bytes`);
    }
    this.#writer.need(size);
  }
}

/** SG5054: a value that its writer's schema has and the reader's has not. */
function failHold(reason: string): never {
  throw new StreamgenError("SG5054", `the value does not fit this worker's schema: ${reason}`);
}

function failSize(problem: string): never {
  throw new StreamgenError("SG5053", `a value of another schema ${problem}`);
}

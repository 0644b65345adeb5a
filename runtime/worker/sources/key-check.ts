import { Reader } from "../../codec/reader.ts";
import { Writer } from "../../codec/writer.ts";
import { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { TopicSpec } from "../spec.ts";

/** Of a key in a message, this many characters are shown. */
const shownMax = 60;

/** Compares a record's key with the one that its value carries, byte by byte. */
export class KeyCheck<K, V> {
  readonly #topic: TopicSpec<K, V>;
  readonly #writer = new Writer(64);

  constructor(topic: TopicSpec<K, V>) {
    this.#topic = topic;
  }

  /** Throws SG8022 where they differ: such a record is in the wrong partition for the tables. */
  check(cursor: BatchCursor, value: V): void {
    if (this.#topic.keyOf === undefined) return;
    const writer = this.#writer;
    writer.truncate(0);
    this.#topic.key.write(writer, this.#topic.keyOf(value));
    const { bytes, keyStart, keyEnd } = cursor;
    const isEqual =
      keyStart >= 0 && bytes.compare(writer.bytes, 0, writer.position, keyStart, keyEnd) === 0;
    if (isEqual) return;
    const found = keyStart < 0 ? "missing" : this.#shown(bytes, keyStart, keyEnd);
    throw new StreamgenError(
      "SG8022",
      `the record's key is ${found}, but its value says ${this.#shown(writer.bytes, 0, writer.position)}: ` +
        `its producer must send that key, or the topic must say "trustKey: true"`,
    );
  }

  /** A key as JSON, shortened; where the bytes are no key, how many they are. */
  #shown(bytes: Buffer, start: number, end: number): string {
    const { key } = this.#topic;
    try {
      const reader = new Reader();
      reader.reset(bytes, start, end);
      const text = JSON.stringify(key.jsonForm.toJson(key.read(reader)));
      return text.length <= shownMax ? text : `${text.slice(0, shownMax)}…`;
    } catch {
      return `${end - start} bytes that are no key`;
    }
  }
}

import { StreamgenError } from "../../errors.ts";
import type { BatchCursor } from "../../log/batch-cursor.ts";
import type { Keyed, KeyedSinkHandle, SendOptions, SinkHandle } from "../scope.ts";
import type { RecordSender } from "./record-sender.ts";

/** A sink for topics whose values carry the key, or that have none. */
export class ValueSink<K, V> implements SinkHandle<K, V> {
  readonly #sender: RecordSender<K, V>;

  constructor(sender: RecordSender<K, V>) {
    this.#sender = sender;
  }

  send(value: V, options?: SendOptions): void {
    this.#sender.send(value, options);
  }

  delete(key: K): void {
    this.#sender.sendKeyed(key, null);
  }

  emit(value: V | undefined): void {
    if (value !== undefined) this.#sender.send(value);
  }

  emitAll(values: Iterable<V>): void {
    for (const value of values) this.#sender.send(value);
  }

  async emitEach(values: AsyncIterable<V>): Promise<void> {
    for await (const value of values) this.#sender.send(value);
  }

  /** Sends a record as bytes: `event.forward`. */
  forward(cursor: BatchCursor, timestamp: number): void {
    this.#sender.forward(cursor, timestamp);
  }
}

/** A sink for topics whose key stands beside the value. */
export class KeyedSink<K, V> implements KeyedSinkHandle<K, V> {
  readonly #sender: RecordSender<K, V>;

  constructor(sender: RecordSender<K, V>) {
    this.#sender = sender;
  }

  send(key: K, value: V, options?: SendOptions): void {
    this.#sender.sendKeyed(key, value, options);
  }

  delete(key: K): void {
    this.#sender.sendKeyed(key, null);
  }

  emit(keyed: Keyed<K, V | null> | undefined): void {
    if (keyed !== undefined) this.#sender.sendKeyed(keyed.key, keyed.value);
  }

  emitAll(keyed: Iterable<Keyed<K, V | null>>): void {
    for (const { key, value } of keyed) this.#sender.sendKeyed(key, value);
  }

  async emitEach(keyed: AsyncIterable<Keyed<K, V | null>>): Promise<void> {
    for await (const { key, value } of keyed) this.#sender.sendKeyed(key, value);
  }

  /** Sends a record as bytes: `event.forward`. */
  forward(cursor: BatchCursor, timestamp: number): void {
    this.#sender.forward(cursor, timestamp);
  }
}

/** The sink behind a parameter. Throws SG8015 for anything that this worker did not hand out. */
export function forwardTarget(
  to: object,
): ValueSink<unknown, unknown> | KeyedSink<unknown, unknown> {
  if (to instanceof ValueSink || to instanceof KeyedSink) return to;
  throw new StreamgenError("SG8015", "forward takes a Sink parameter of the same function");
}

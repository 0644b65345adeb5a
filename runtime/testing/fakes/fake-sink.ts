import type { SendOptions } from "../../worker/scope.ts";
import type { KeyIn, ValueIn } from "./declared.ts";

/** One call of `send`. */
export interface Sent<K, V> {
  /** Absent where the value carries it, or where there is none. */
  readonly key?: K;
  readonly value: V;
  readonly options: SendOptions;
}

/** Keeps what is sent, each value as it was when it was sent. */
class Kept<K, V> {
  /** The values, in order. */
  readonly sent: V[] = [];
  /** The same with what else was said of them. */
  readonly calls: Sent<K, V>[] = [];
  /** The keys of tombstones. */
  readonly deleted: K[] = [];

  delete(key: K): void {
    this.deleted.push(key);
  }

  protected keep(call: Sent<K, V>): void {
    const value = structuredClone(call.value);
    this.sent.push(value);
    this.calls.push({ ...call, value });
  }
}

/** Stands for `Sink<T>` where the topic has `keyBy`, or no key. */
export class FakeSink<K, V> extends Kept<K, V> {
  send(value: V, options: SendOptions = {}): void {
    this.keep({ value, options });
  }
}

/** Stands for `Sink<T>` where the topic has `key`. */
export class FakeKeyedSink<K, V> extends Kept<K, V> {
  send(key: K, value: V, options: SendOptions = {}): void {
    this.keep({ key, value, options });
  }
}

/** A sink of a topic whose values carry the key, or that has none. */
export function sink<T>(): FakeSink<KeyIn<T>, ValueIn<T>> {
  return new FakeSink();
}

/** A sink of a topic with `key`. */
export function keyedSink<T>(): FakeKeyedSink<KeyIn<T>, ValueIn<T>> {
  return new FakeKeyedSink();
}

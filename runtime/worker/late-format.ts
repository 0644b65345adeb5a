import type { BoundFormat } from "../codec/format.ts";
import type { Reader } from "../codec/reader.ts";
import type { SchemaRegistry } from "../codec/registry.ts";
import type { Writer } from "../codec/writer.ts";
import { StreamgenError } from "../errors.ts";
import type { TopicSpec } from "./spec.ts";

/**
 * Binds the formats of one scope's topics. Agents are opened without waiting, binding may ask a
 * registry: so a format is handed out at once, and works when `ready` has resolved.
 */
export class LateFormats {
  readonly #registry: SchemaRegistry;
  readonly #nameOf: (declared: string) => string;
  readonly #pending: Promise<void>[] = [];

  constructor(registry: SchemaRegistry, nameOf: (declared: string) => string) {
    this.#registry = registry;
    this.#nameOf = nameOf;
  }

  /** The format of a topic's values; `read` takes the place of its decoder. */
  of<K, V>(topic: TopicSpec<K, V>, read?: (reader: Reader) => V): BoundFormat<V> {
    const late = new LateFormat<V>(topic.name);
    const binding = { subject: `${this.#nameOf(topic.name)}-value`, registry: this.#registry };
    const bound = topic.value.bind(read === undefined ? binding : { ...binding, read });
    const pending = bound.then((format) => {
      late.bound = format;
    });
    // `ready` tells it; a scope that is given up before must not leave a rejection behind.
    pending.catch(() => undefined);
    this.#pending.push(pending);
    return late;
  }

  /** Resolves when every format that was handed out works. */
  async ready(): Promise<void> {
    await Promise.all(this.#pending.splice(0));
  }
}

class LateFormat<V> implements BoundFormat<V> {
  bound: BoundFormat<V> | undefined;
  readonly #topic: string;

  constructor(topic: string) {
    this.#topic = topic;
  }

  write(writer: Writer, value: V): void {
    if (this.bound === undefined) throw unbound(this.#topic);
    this.bound.write(writer, value);
  }

  read(reader: Reader): V {
    if (this.bound === undefined) throw unbound(this.#topic);
    return this.bound.read(reader);
  }
}

function unbound(topic: string): StreamgenError {
  return new StreamgenError("SG9801", "a topic was used before its format was bound", { topic });
}

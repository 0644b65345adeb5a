import type { BoundFormat } from "../../codec/format.ts";
import type { Reader } from "../../codec/reader.ts";
import { subjectOf } from "../../codec/registry/subject.ts";
import type { SchemaRegistry } from "../../codec/registry.ts";
import type { Writer } from "../../codec/writer.ts";
import { StreamgenError } from "../../errors.ts";
import type { AskSpec } from "../rpc/spec.ts";
import type { TopicSpec } from "../spec.ts";

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

  /** The format of a topic that is written: its schema is registered. */
  writing<K, V>(topic: TopicSpec<K, V>): BoundFormat<V> {
    return this.#of(topic, { isReadOnly: false });
  }

  /** The format of a topic that is read; `read` takes the place of its decoder. */
  reading<K, V>(topic: TopicSpec<K, V>, read?: (reader: Reader) => V): BoundFormat<V> {
    return this.#of(topic, { isReadOnly: true, ...(read !== undefined && { read }) });
  }

  /** The format of the answers of a function that gives them. */
  answering<K, Q, A>(ask: AskSpec<K, Q, A>): BoundFormat<A> {
    return this.#of(this.#answers(ask), { isReadOnly: false });
  }

  /** The format of the answers of a function that is asked. */
  answersOf<K, Q, A>(ask: AskSpec<K, Q, A>): BoundFormat<A> {
    return this.#of(this.#answers(ask), { isReadOnly: true });
  }

  /** Answers of all functions share a topic, and each has a subject of its own. */
  #answers<K, Q, A>({ answer, questions }: AskSpec<K, Q, A>): Valued<A> {
    return { name: `${this.#nameOf(questions.name)}-answer`, value: answer };
  }

  /** Resolves when every format that was handed out works. */
  async ready(): Promise<void> {
    await Promise.all(this.#pending.splice(0));
  }

  #of<V>(
    topic: Valued<V>,
    use: { readonly isReadOnly: boolean; readonly read?: (reader: Reader) => V },
  ): BoundFormat<V> {
    const late = new LateFormat<V>(topic.name);
    const pending = this.#bind(late, topic, use);
    // `ready` tells it; a scope that is given up before must not leave a rejection behind.
    pending.catch(() => undefined);
    this.#pending.push(pending);
    return late;
  }

  async #bind<V>(
    late: LateFormat<V>,
    topic: Valued<V>,
    use: { readonly isReadOnly: boolean; readonly read?: (reader: Reader) => V },
  ): Promise<void> {
    const registry = this.#registry;
    const subject = subjectOf(registry.strategy, this.#nameOf(topic.name), topic.value.schemaText);
    late.bound = await topic.value.bind({ subject, registry, ...use });
  }
}

/** The part of a topic that its format depends on. */
type Valued<V> = Pick<TopicSpec<unknown, V>, "name" | "value">;

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

  async learn(id: number): Promise<void> {
    await this.bound?.learn?.(id);
  }
}

function unbound(topic: string): StreamgenError {
  return new StreamgenError("SG9801", "a topic was used before its format was bound", { topic });
}

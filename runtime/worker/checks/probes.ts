import { randomUUID } from "node:crypto";
import type { BoundFormat } from "../../codec/format.ts";
import { Reader } from "../../codec/reader.ts";
import { learning } from "../../codec/unknown-writer.ts";
import { StreamgenError } from "../../errors.ts";
import type { TopicPartition } from "../../log/log.ts";
import type { Services } from "../services/services.ts";
import type { TopicSpec } from "../spec.ts";
import { Watch } from "./watch.ts";

/** What a live check is given for a topic. */
export interface SignalHandle<V> {
  wait(): Promise<V>;
}

/** The probes of one live check, one after the other. */
export class Probes {
  readonly #services: Services;
  /** Declared names, by names in the log. */
  readonly #topics = new Map<string, string>();
  #watch: Watch | undefined;
  /** The declared name of the topic that is waited for. */
  waitedFor: string | undefined;

  constructor(services: Services) {
    this.#services = services;
  }

  signal<K, V>(topic: TopicSpec<K, V>, format: BoundFormat<V>): SignalHandle<V> {
    const name = this.#services.topics.nameOf(topic.name);
    this.#topics.set(name, topic.name);
    return {
      wait: async () => {
        const watch = this.#watch;
        if (watch === undefined) {
          throw new StreamgenError(
            "SG8921",
            "a signal was waited for when no probe was on its way",
          );
        }
        this.waitedFor = topic.name;
        const { bytes, valueEnd, valueStart } = await watch.next(name);
        this.waitedFor = undefined;
        const reader = new Reader();
        return await learning(format, () => {
          reader.reset(bytes, Math.max(0, valueStart), Math.max(0, valueEnd));
          return format.read(reader);
        });
      },
    };
  }

  /** Begins a probe: from now on what comes of it is found. */
  async begin(): Promise<{ readonly probe: string; readonly watch: Watch }> {
    const { topics } = this.#services;
    const probe = randomUUID();
    const places = [...this.#topics].flatMap(([topic, declared]): readonly TopicPartition[] =>
      Array.from({ length: topics.partitionsOf(declared) }, (_, partition) => ({
        topic,
        partition,
      })),
    );
    const watch = await Watch.open(this.#services, probe, places);
    this.#watch = watch;
    this.waitedFor = undefined;
    return { probe, watch };
  }

  /** The topics that something was found in, by their declared names. */
  seen(watch: Watch): readonly string[] {
    return watch.seen.map((name) => this.#topics.get(name) ?? name);
  }

  async end(watch: Watch): Promise<void> {
    this.#watch = undefined;
    await watch.close();
  }
}

import { learning } from "../codec/unknown-writer.ts";
import { StreamgenError } from "../errors.ts";
import type { BatchCursor } from "../log/batch-cursor.ts";
import type { FetchedBatch, Fetcher } from "../log/log.ts";
import { partitionKey } from "../log/partition-key.ts";
import { registryFor } from "../worker/services/registry-for.ts";
import type { Settings } from "../worker/settings/settings.ts";
import type { PipelineSpec } from "../worker/spec.ts";
import { isInternal } from "../worker/topics/own-topics.ts";
import { nameInLog } from "../worker/topics/topic-needs.ts";
import { findTopic, topicNamed } from "./find-topic.ts";
import { JsonTopic } from "./json-topic.ts";
import { reasonOf } from "./refusal.ts";
import type { Cluster, Surroundings } from "./surroundings.ts";

const pollMs = 200;

export interface ShowFlags {
  /** Topics by declared name. */
  readonly shown: readonly string[];
  /** Every topic that the pipeline only writes, too. */
  readonly showsOutputs: boolean;
  readonly hasEnvelope: boolean;
  readonly isJson: boolean;
}

/** Topics that the pipeline makes and does not read: what it is for. */
export function outputsOf({ topics, groups }: PipelineSpec): readonly string[] {
  const read = new Set(groups.flatMap(({ sources }) => sources.map(({ topic }) => topic.name)));
  return topics
    .filter((topic) => {
      return !read.has(topic.name) && topic.external !== true && !isInternal(topic);
    })
    .map(({ name }) => name);
}

/** The topics that flags say are to be shown; throws a `Refusal` for one that does not exist. */
export function shownTopics(
  spec: PipelineSpec,
  { shown, showsOutputs }: Pick<ShowFlags, "shown" | "showsOutputs">,
): readonly string[] {
  for (const name of shown) topicNamed(spec.topics, name);
  return [...new Set([...shown, ...(showsOutputs ? outputsOf(spec) : [])])];
}

interface ShowOptions {
  readonly spec: PipelineSpec;
  readonly settings: Settings;
  readonly flags: ShowFlags;
}

interface ShownTopic {
  readonly declared: string;
  readonly json: JsonTopic;
}

/** Prints records of several topics while a worker runs: `alerts {"customer":"a"}`. */
export class Show {
  readonly #cluster: Pick<Cluster, "log" | "registry">;
  readonly #spec: PipelineSpec;
  readonly #settings: Settings;
  readonly #flags: ShowFlags;
  readonly #around: Surroundings;
  /** By name in the log. */
  readonly #topics = new Map<string, ShownTopic>();
  /** Where printing begins in topics that exist before the worker does. */
  #starts: ReadonlyMap<string, number> = new Map();
  #fetcher: Fetcher | undefined;
  #printing: Promise<void> = Promise.resolve();
  #isOver = false;

  constructor(
    cluster: Pick<Cluster, "log" | "registry">,
    { spec, settings, flags }: ShowOptions,
    around: Surroundings,
  ) {
    this.#cluster = cluster;
    this.#spec = spec;
    this.#settings = settings;
    this.#flags = flags;
    this.#around = around;
  }

  /** Before the worker starts: what is there already is not printed. */
  async prepare(): Promise<void> {
    const { log } = this.#cluster;
    const settings = this.#settings;
    const names = this.#declared.map((declared) => nameInLog(settings, declared));
    const existing = names.length === 0 ? [] : await log.describeTopics(names);
    const places = existing.flatMap(({ name: topic, partitions }) =>
      Array.from({ length: partitions }, (_, partition) => ({ topic, partition })),
    );
    const ranges = places.length === 0 ? [] : await log.offsets(places);
    this.#starts = new Map(ranges.map((range) => [partitionKey(range), range.stableEnd]));
  }

  /** When the worker has started: its topics exist now. */
  async begin(): Promise<void> {
    if (this.#declared.length === 0) return;
    this.#fetcher = await this.#cluster.log.fetcher();
    for (const declared of this.#declared) await this.#open(this.#fetcher, declared);
    this.#printing = this.#print(this.#fetcher);
  }

  /** When the worker has stopped: prints what is left, and ends. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#printing;
    await this.#fetcher?.close();
  }

  get #declared(): readonly string[] {
    return shownTopics(this.#spec, this.#flags);
  }

  async #open(fetcher: Fetcher, declared: string): Promise<void> {
    const { log } = this.#cluster;
    const { hasEnvelope } = this.#flags;
    const spec = this.#spec;
    const settings = this.#settings;
    const { name, partitions, spec: topic } = await findTopic(log, { spec, settings }, declared);
    const registry = registryFor([topic], log, this.#cluster.registry);
    const where = { name, partitions, registry };
    const json = await JsonTopic.open(topic, { ...where, hasEnvelope, isReadOnly: true });
    this.#topics.set(name, { declared, json });
    for (let partition = 0; partition < partitions; partition++) {
      const place = { topic: name, partition };
      fetcher.seek(place, this.#starts.get(partitionKey(place)) ?? 0);
    }
  }

  async #print(fetcher: Fetcher): Promise<void> {
    for (;;) {
      const isLast = this.#isOver;
      const batches = await fetcher.poll(pollMs);
      for (const batch of batches) await this.#printBatch(batch);
      if (isLast && batches.every((batch) => batch.nextOffset === batch.startOffset)) return;
    }
  }

  async #printBatch(batch: FetchedBatch): Promise<void> {
    const topic = this.#topics.get(batch.topic);
    if (topic === undefined) return;
    for (const cursor = batch.cursor(); cursor.next(); ) {
      await this.#printRecord(topic, batch.partition, cursor);
    }
  }

  async #printRecord(
    { declared, json }: ShownTopic,
    partition: number,
    cursor: BatchCursor,
  ): Promise<void> {
    const { note, print } = this.#around;
    try {
      const line = await learning(json, () => json.line(cursor, { partition }));
      const text = this.#flags.isJson
        ? `{"type":"record","topic":${JSON.stringify(declared)},"record":${line}}`
        : `${declared} ${line}`;
      await print(`${text}\n`);
    } catch (cause) {
      if (!(cause instanceof StreamgenError)) throw cause;
      const place = `${declared}/${partition} offset ${cursor.offset}`;
      note(`error ${cause.code}: ${place}: ${reasonOf(cause)}\n`);
    }
  }
}

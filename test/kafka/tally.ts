/** The pipeline of `fixtures/tally` on a broker, and what has to come of it however it is treated. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Reader } from "../../runtime/codec/reader.ts";
import type { LogAdmin } from "../../runtime/log/admin.ts";
import { BatchWriter } from "../../runtime/log/batch-writer.ts";
import { kafkaAdmin, kafkaLog } from "../../runtime/log/kafka/index.ts";
import type { Log, TopicPartition } from "../../runtime/log/log.ts";
import { partitionKey } from "../../runtime/log/partition-key.ts";
import { partitionOfKey } from "../../runtime/log/partitioner.ts";
import { type LogRecord, readRecords } from "../../runtime/log/record.ts";
import { rocksdbStores } from "../../runtime/state/rocksdb/engine.ts";
import { readOffsetMetadata } from "../../runtime/worker/commit/offset-metadata.ts";
import type { Random } from "../random.ts";
import type { KafkaAccess } from "./access.ts";
import { copyPipeline } from "./pipeline.ts";
import { uniqueName } from "./shared.ts";

const pollMs = 200;

/** The topics that are sent to, and where what is made of them goes. */
const flows = {
  happenings: { partitions: 4, output: "tallies", table: "counts" },
  calls: { partitions: 2, output: "answers", table: "answered" },
} as const;
export type Flow = keyof typeof flows;

/** A copy of the pipeline under a name of its own. */
export class Tally {
  readonly app: string = uniqueName("tally");
  readonly folder: string = copyPipeline("tally");
  readonly bootstrap: string;
  readonly log: Log;
  readonly #admin: LogAdmin;
  /** The numbers that were sent, by key, in their order. */
  readonly #sent: Record<Flow, Map<string, number[]>> = { happenings: new Map(), calls: new Map() };
  #number = 0;

  constructor(kafka: KafkaAccess) {
    this.bootstrap = kafka.bootstrap.join(",");
    const settings = { bootstrap: kafka.bootstrap, clientId: "tally-test" };
    this.log = kafkaLog(settings);
    this.#admin = kafkaAdmin(settings);
    rename(this.folder, this.app);
  }

  topic(flow: string): string {
    return `${this.app}-${flow}`;
  }

  /** A folder for tables that nobody has used yet. */
  state(): string {
    return mkdtempSync(path.join(this.folder, "state-"));
  }

  async createInputs(): Promise<void> {
    await this.log.createTopics(
      Object.entries(flows).map(([flow, { partitions }]) => ({
        name: this.topic(flow),
        partitions,
        replicas: 1,
        cleanup: "delete" as const,
        retentionMs: 604_800_000,
        config: {},
      })),
    );
  }

  /** Sends `count` records of so many keys, a batch at a time. */
  async send(
    flow: Flow,
    count: number,
    { keys, random }: { readonly keys: number; readonly random: Pick<Random, "int"> },
  ): Promise<void> {
    const names = Array.from({ length: count }, () => `key-${random.int(keys)}`);
    await this.sendKeys(flow, names);
  }

  async sendKeys(flow: Flow, keys: readonly string[]): Promise<void> {
    const producer = await this.log.producer({});
    const { partitions } = flows[flow];
    for (let at = 0; at < keys.length; at += 5000) {
      const batches = Array.from({ length: partitions }, () => new BatchWriter());
      for (const key of keys.slice(at, at + 5000)) this.#append(batches, flow, key);
      for (const [partition, batch] of batches.entries()) {
        if (batch.count > 0) await producer.send({ topic: this.topic(flow), partition }, batch);
      }
    }
    await producer.close();
  }

  #append(batches: readonly BatchWriter[], flow: Flow, key: string): void {
    const sent = this.#sent[flow];
    const numbers = sent.get(key) ?? [];
    sent.set(key, numbers);
    numbers.push(this.#number);
    const bytes = Buffer.from(key);
    const batch = batches[partitionOfKey(bytes, batches.length)];
    batch
      ?.begin(Date.now(), bytes)
      .append(Buffer.from(JSON.stringify({ key, number: this.#number })));
    batch?.end();
    this.#number += 1;
  }

  /** Resolves when everything that was sent is committed. */
  async committed(flow: Flow, timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (let left = await this.left(flow); left > 0; left = await this.left(flow)) {
      if (Date.now() > deadline) throw new Error(`${left} records of ${flow} are not committed`);
      await sleep(pollMs);
    }
  }

  /** Records that are not committed yet. */
  async left(flow: Flow): Promise<number> {
    const places = placesOf(this.topic(flow), flows[flow].partitions);
    const [offsets, ranges] = await Promise.all([
      this.#admin.committed(this.app),
      this.log.offsets(places),
    ]);
    return ranges.reduce((sum, { topic, partition, end }) => {
      const known = offsets.find((one) => one.topic === topic && one.partition === partition);
      return sum + end - Math.max(0, known?.offset ?? 0);
    }, 0);
  }

  /**
   * Nothing is lost, and tables are exact: each record has an output, and every output of it, however
   * many there are, says the count that it had; the changelog up to the committed end says the last.
   * Gives the outputs that there are more than once.
   */
  async verify(flow: Flow): Promise<number> {
    const { output, partitions, table } = flows[flow];
    const expected = new Map<number, string>();
    for (const [key, numbers] of this.#sent[flow]) {
      for (const [index, number] of numbers.entries()) expected.set(number, `${key} ${index + 1}`);
    }
    const found = new Map<number, string>();
    let repeated = 0;
    for (const { value } of await this.records(placesOf(this.topic(output), partitions))) {
      const tally = parse(value);
      const text = `${tally.key} ${tally.count}`;
      assert.equal(text, expected.get(tally.number), `an output of record ${tally.number}`);
      if (found.has(tally.number)) repeated += 1;
      found.set(tally.number, text);
    }
    assert.equal(found.size, expected.size, `outputs of ${flow}`);
    const counts = [...this.#sent[flow]].map(([key, numbers]) => [key, numbers.length] as const);
    assert.deepEqual(await this.rows(flow, table), new Map(counts.sort(byKey)), `table ${table}`);
    return repeated;
  }

  /** The tables that a worker has left on disk, when it was the only one and has stopped, are exact. */
  async verifyStores(folder: string): Promise<void> {
    const engine = await rocksdbStores({ folder, app: this.app });
    try {
      for (const flow of ["happenings", "calls"] as const) {
        const { partitions, table } = flows[flow];
        const counts = new Map<string, number>();
        for (let partition = 0; partition < partitions; partition += 1) {
          const store = await engine.open(table, partition);
          for (const [key, value] of store.scan()) counts.set(String(key), intOf(value));
          await store.close();
        }
        const sent = [...this.#sent[flow]].map(([key, all]) => [key, all.length] as const);
        assert.deepEqual(new Map([...counts].sort(byKey)), new Map(sent.sort(byKey)), table);
      }
    } finally {
      await engine.close();
    }
  }

  /** What a changelog comes to, up to what is committed. */
  async rows(flow: Flow, table: string): Promise<ReadonlyMap<string, number>> {
    const ends = new Map<number, number>();
    for (const { topic, partition, metadata } of await this.#admin.committed(this.app)) {
      if (topic !== this.topic(flow)) continue;
      ends.set(partition, readOffsetMetadata(metadata)?.changelogs[table] ?? 0);
    }
    const rows = new Map<string, number>();
    const places = placesOf(`${this.app}-${table}-changelog`, flows[flow].partitions);
    for (const { key, offset, partition, value } of await this.records(places)) {
      if (offset >= (ends.get(partition) ?? 0)) continue;
      if (value === null) rows.delete(String(key));
      else rows.set(String(key), intOf(value));
    }
    return new Map([...rows].sort(byKey));
  }

  /** Everything that is in some partitions now. */
  async records(places: readonly TopicPartition[]): Promise<readonly LogRecord[]> {
    const ranges = await this.log.offsets(places);
    const open = new Map(ranges.map((range) => [partitionKey(range), range.end]));
    const records: LogRecord[] = [];
    const fetcher = await this.log.fetcher();
    for (const range of ranges) {
      if (range.end > range.start) fetcher.seek(range, range.start);
      else open.delete(partitionKey(range));
    }
    while (open.size > 0) {
      for (const batch of await fetcher.poll(pollMs)) {
        records.push(...readRecords(batch, batch.cursor()));
        const key = partitionKey(batch);
        if (batch.nextOffset >= (open.get(key) ?? 0)) open.delete(key);
      }
    }
    await fetcher.close();
    return records;
  }

  async close(): Promise<void> {
    await this.#admin.close();
    await this.log.close();
  }
}

interface TallyValue {
  readonly key: string;
  readonly number: number;
  readonly count: number;
}

/** What the pipeline has written, by its own types. */
function parse(value: Buffer | null): TallyValue {
  return JSON.parse(String(value)) as TallyValue;
}

function intOf(value: Buffer): number {
  const reader = new Reader();
  reader.reset(value, 0, value.length);
  return reader.int();
}

const byKey = ([a]: readonly [string, number], [b]: readonly [string, number]): number =>
  a < b ? -1 : 1;

const placesOf = (topic: string, partitions: number): readonly TopicPartition[] =>
  Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));

/** The pipeline's own files; nothing beside them is read or written. */
const ownFolders = ["src", "generated"] as const;

/**
 * Puts the app's own name wherever "tally" stands in the pipeline's files. Links are never followed:
 * `node_modules` leads to the repository itself.
 */
function rename(folder: string, app: string): void {
  const config = path.join(folder, "streamgen.config.ts");
  for (const file of [config, ...ownFolders.flatMap((own) => textsIn(path.join(folder, own)))]) {
    const before = readFileSync(file, "utf8");
    const after = before.replaceAll(/"tally(-[a-z]+)*"/g, (name) => name.replace("tally", app));
    if (after !== before) writeFileSync(file, after);
  }
}

/** The text files in a folder and those below it. */
function textsIn(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(folder, entry.name);
    if (entry.isSymbolicLink()) return [];
    if (entry.isDirectory()) return textsIn(place);
    return /\.(ts|json|avsc|md)$/.test(entry.name) ? [place] : [];
  });
}

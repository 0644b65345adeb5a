import { type ManualClock, manualClock } from "../clock.ts";
import { modelRegistry } from "../codec/registry/model/model-registry.ts";
import type { SchemaRegistry } from "../codec/registry.ts";
import { StreamgenError } from "../errors.ts";
import { type MemoryLog, memoryLog } from "../log/memory-log.ts";
import type { Span } from "../span.ts";
import { spanMs } from "../stream/span.ts";
import { consumerGroups } from "../worker/consumer-groups.ts";
import type { OpenTables, WorkerOptions } from "../worker/contract.ts";
import { type Asker, createAsker } from "../worker/outside/asker.ts";
import type { ClientSettings } from "../worker/outside/client-settings.ts";
import type { AskSpec } from "../worker/rpc/spec.ts";
import { type Environment, resolveSettings } from "../worker/settings/settings.ts";
import type {
  PipelineSpec,
  SetTableSpec,
  TableSpec,
  TopicSpec,
  WindowedTableSpec,
} from "../worker/spec.ts";
import { prepareTopics, type Topics } from "../worker/topics/topics.ts";
import { Crew } from "./crew.ts";
import { keepLines, type LogLine } from "./kept-lines.ts";
import type { CreateWorker } from "./member.ts";
import { decodeRecords, mergePartitions, type OutputRecord } from "./outputs.ts";
import { keyBytes, type PushOptions, pushRecords, type RawRecord, sendBytes } from "./push.ts";
import { type Answer, answerFrom, type RequestOptions, requestOf } from "./requests.ts";
import { SetReader } from "./set-reader.ts";
import { TableReader } from "./table-reader.ts";
import { WindowReader } from "./window-reader.ts";

export interface DriverOptions {
  /** Instead of the configuration's. */
  readonly delivery?: "exactly-once" | "at-least-once";
  /** What the clock shows at first. Default: 2026-01-01T00:00:00Z. */
  readonly start?: Date;
  /** How many workers there are at first. Default 1. */
  readonly workers?: number;
  /** What `env()` in the configuration is read from. Default: nothing. */
  readonly env?: Environment;
  /**
   * Default: 60 000, whatever the configuration says, so that turning the clock by days takes seconds.
   * Whatever waits for the workers commits at once.
   */
  readonly commitIntervalMs?: number;
  /**
   * Real time that functions may be busy outside the process, such as with a file, before the driver
   * says that nothing goes on. Default: 10 000.
   */
  readonly patienceMs?: number;
}

const commitIntervalDefaultMs = 60_000;
const patienceDefaultMs = 10_000;
const pollWaitMinMs = 60_000;
const startDefault = new Date("2026-01-01T00:00:00Z");

/** Runs a pipeline's generated code in a test: `await using shop = await openDriver(createWorker)`. */
export async function openDriver(
  createWorker: CreateWorker,
  options: DriverOptions = {},
): Promise<Driver> {
  const { delivery, env = {}, patienceMs = patienceDefaultMs, start = startDefault } = options;
  const clock = manualClock(start.getTime());
  const log = memoryLog({ clock, pollWaitMinMs });
  const { lines, logger } = keepLines();
  const registry = modelRegistry();
  const workerOptions: WorkerOptions = {
    ...{ env, logger, registry },
    commitIntervalMs: options.commitIntervalMs ?? commitIntervalDefaultMs,
    ...(delivery !== undefined && { delivery }),
  };
  const { spec } = createWorker({ ...workerOptions, log });
  const settings = resolveSettings(spec, { ...workerOptions, isEmbedded: true });
  const topics = await prepareTopics(log, spec, settings, { makesExternal: true });
  const groups = consumerGroups(spec, settings.app).map(({ name }) => name);
  const parts = { createWorker, options: workerOptions, clock, log, groups, patienceMs };
  const crew = new Crew(parts);
  const driver = new Driver({ clock, crew, env, lines, log, registry, spec, topics });
  try {
    for (let number = 0; number < (options.workers ?? 1); number += 1) await crew.start();
  } catch (error) {
    await driver.close();
    throw error;
  }
  return driver;
}

interface DriverParts {
  readonly clock: ManualClock;
  readonly crew: Crew;
  readonly env: Environment;
  readonly lines: readonly LogLine[];
  readonly log: MemoryLog;
  readonly registry: SchemaRegistry;
  readonly spec: PipelineSpec;
  readonly topics: Topics;
}

/**
 * A pipeline on the embedded log, under a clock that only the test turns. Its workers run in the
 * background, as they do elsewhere; whatever reads what came out waits for them first. What a worker
 * fails with is thrown by the next call.
 */
export class Driver {
  /** The cluster, for what this class does not say: faults, records that are not committed. */
  readonly log: MemoryLog;
  /** What the functions and the workers themselves have logged. */
  readonly lines: readonly LogLine[];
  /** The errors of records that were left out, by `onError: "skip"`. */
  readonly skipped: readonly StreamgenError[];
  readonly #clock: ManualClock;
  readonly #crew: Crew;
  readonly #topics: Topics;
  readonly #client: ClientSettings & { readonly registry: SchemaRegistry };
  readonly #askers: { close(): Promise<void> }[] = [];
  #isClosed = false;

  constructor({ clock, crew, env, lines, log, registry, spec, topics }: DriverParts) {
    this.log = log;
    this.lines = lines;
    this.skipped = crew.skipped;
    this.#clock = clock;
    this.#crew = crew;
    this.#topics = topics;
    this.#client = { log, env, now: clock.now, registry, config: spec.config };
  }

  /** What the clock shows, in milliseconds since 1970. */
  get now(): number {
    return this.#clock.now();
  }

  /**
   * Sends values to a topic. Their timestamps are those of the topic's time field, or else the clock's.
   * Resolves when they are in the log; the workers process them in the background.
   */
  async push<K, V>(
    topic: TopicSpec<K, V>,
    values: Iterable<NoInfer<V>>,
    options: PushOptions<NoInfer<K>> = {},
  ): Promise<void> {
    this.#check();
    await pushRecords(this.#client, topic, { values, options });
  }

  /**
   * Asks one of the pipeline's functions, as another program would. Time limits are the driver's clock's:
   * a question that is not answered waits until it is turned.
   */
  async asker<K, Q, A>(ask: AskSpec<K, Q, A>): Promise<Asker<Q, A>> {
    this.#check();
    const asker = await createAsker(ask, { ...this.#client, clock: this.#clock });
    this.#askers.push(asker);
    return asker;
  }

  /** Sends a tombstone. */
  async pushTombstone<K, V>(topic: TopicSpec<K, V>, key: NoInfer<K>): Promise<void> {
    await this.pushBytes(topic, { key: keyBytes(topic, key), value: null });
  }

  /** Sends a record as bytes, such as one that cannot be decoded. */
  async pushBytes<K, V>(topic: TopicSpec<K, V>, record: RawRecord): Promise<void> {
    this.#check();
    const { nameOf, partitionsOf } = this.#topics;
    const place = { name: nameOf(topic.name), partitions: partitionsOf(topic.name) };
    await sendBytes(this.#client, place, record);
  }

  /** Everything that a topic holds, in the order of timestamps, once the workers are done. */
  async records<K, V>(topic: TopicSpec<K, V>): Promise<OutputRecord<K, V>[]> {
    await this.idle();
    const { registry } = this.#client;
    const name = this.#topics.nameOf(topic.name);
    const records = mergePartitions(this.log.records(name));
    return decodeRecords(records, topic, { name, registry });
  }

  /** The values of these records; tombstones are left out. */
  async values<K, V>(topic: TopicSpec<K, V>): Promise<V[]> {
    const records = await this.records(topic);
    return records.flatMap(({ value }) => (value === null ? [] : [value]));
  }

  /** Reads a table's committed rows, those of all workers, once these are done. */
  table<K, V, Found>(table: TableSpec<K, V, Found>): TableReader<K, V, Found> {
    return new TableReader(async () => (await this.#tables()).map((one) => one.view(table)));
  }

  /** The same for a table of sets. */
  sets<K, E>(table: SetTableSpec<K, E>): SetReader<K, E> {
    return new SetReader(async () => (await this.#tables()).map((one) => one.setView(table)));
  }

  /** The same for a windowed table. */
  windows<K, V, Found>(table: WindowedTableSpec<K, V, Found>): WindowReader<K, V, Found> {
    return new WindowReader(async () =>
      (await this.#tables()).map((one) => one.windowedView(table)),
    );
  }

  /**
   * Asks the pipeline's routes, as an HTTP client would, once everything is processed: the first worker
   * that has the rows answers. `body` is sent as JSON. Resolves with whatever the answer is, 404 and 500
   * included; what the workers are doing meanwhile they do as elsewhere.
   */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    await this.idle();
    return answerFrom(await this.#crew.handle(requestOf(method, path, options)));
  }

  /**
   * Waits until every input is read to its end, every function is done and everything is committed.
   * The clock stands still meanwhile; SG8701 says where something waits for it.
   */
  async idle(): Promise<void> {
    this.#check();
    await this.#crew.idle();
  }

  /**
   * Turns the clock on, and runs what is due meanwhile, each at its own time: timers, commits. What was
   * pushed before is processed before.
   */
  async advance(span: Span): Promise<void> {
    const byMs = spanMs(span, "advance");
    await this.#crew.untilStill();
    this.#check();
    await this.#clock.advance(byMs);
    await this.#crew.untilStill();
    this.#check();
  }

  /**
   * The oldest worker ends as by `kill -9`: with everything that was pushed processed, and nothing since
   * the last commit kept. It starts again under its name, with tables restored from their changelogs;
   * with `restart: false` the others take over.
   */
  async crash({ restart = true }: { readonly restart?: boolean } = {}): Promise<void> {
    this.#check();
    await this.#crew.crash(restart);
  }

  /** Starts another worker, which takes partitions over from the others. */
  async startWorker(): Promise<void> {
    this.#check();
    await this.#crew.start();
    await this.#crew.untilShared();
  }

  /** The oldest worker commits and stops; the others take over. */
  async stopWorker(): Promise<void> {
    this.#check();
    await this.#crew.stop();
    await this.#crew.untilShared();
  }

  /** Every partition of the oldest worker moves to another one, which is started for it. */
  async rebalance(): Promise<void> {
    await this.startWorker();
    await this.stopWorker();
  }

  /** Stops the workers. Throws what they failed with, where no call has thrown it before. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.all(this.#askers.map((asker) => asker.close()));
    await this.#crew.shutDown();
    this.#crew.check();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #tables(): Promise<readonly OpenTables[]> {
    await this.idle();
    return this.#crew.tables;
  }

  #check(): void {
    if (this.#isClosed) throw new StreamgenError("SG8703", "the driver is closed");
    this.#crew.check();
  }
}

/** Small pipelines over a log whose clock stands still: one topic of numbers as text, and its agents. */
import {
  type AgentSpec,
  createProducer,
  type ErrorPolicy,
  type GroupSpec,
  type Logger,
  type PipelineSpec,
  pipeline,
  type StreamgenError,
  source,
  type TableSpec,
  type TopicSpec,
  type Worker,
  type WorkerOptions,
} from "@streamgen/runtime";
import { intCodec, nullKey, stringFormat, stringKey } from "@streamgen/runtime/codec";
import { type ManualClock, manualClock } from "../../../runtime/clock.ts";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import {
  type MemoryLog,
  type MemoryLogOptions,
  memoryLog,
} from "../../../runtime/log/memory-log.ts";

export type TextTopic = TopicSpec<string, string>;
export type TextAgent = AgentSpec<string, string>;

/** Values are "key" or "key:anything". */
export const keyOf = (value: string): string => value.split(":")[0] ?? "";

export const words: TextTopic = {
  name: "words",
  partitions: 1,
  key: stringKey,
  value: stringFormat,
};
export const out: TextTopic = {
  name: "out",
  partitions: 1,
  key: stringKey,
  value: stringFormat,
  keyOf,
};
export const loose: TopicSpec<null, string> = {
  name: "loose",
  partitions: 1,
  key: nullKey,
  value: stringFormat,
};
export const countTable: TableSpec<string, number, number> = {
  name: "counts",
  key: stringKey,
  value: intCodec,
  missing: () => 0,
  changelog: "small-counts-changelog",
};

type EachAgent = Extract<TextAgent, { kind: "each" }>;

/** An agent that gets values. */
export function each(
  name: string,
  open: EachAgent["open"],
  onError: ErrorPolicy = "stop",
): EachAgent {
  return { kind: "each", name, onError, open };
}

export function group(agents: readonly TextAgent[], more: Partial<GroupSpec> = {}): GroupSpec {
  return {
    name: "words",
    sources: [source({ topic: words, agents })],
    tables: [countTable],
    timers: [],
    ...more,
  };
}

export function spec(groups: readonly GroupSpec[], more: Partial<PipelineSpec> = {}): PipelineSpec {
  return {
    config: {
      app: "small",
      delivery: "exactly-once",
      commitIntervalMs: 100,
      partitions: 1,
      replicas: 1,
      topics: {},
    },
    topics: [words, out, loose],
    groups,
    timers: [],
    starts: [],
    ...more,
  };
}

export const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A log, its clock and a worker on it. */
export class Bench {
  readonly clock: ManualClock = manualClock(1_000_000);
  readonly log: MemoryLog;
  readonly worker: Worker;
  readonly skipped: StreamgenError[] = [];
  readonly putAside: StreamgenError[] = [];
  /** How long each retry had to wait. */
  readonly waits: number[] = [];
  readonly errors: StreamgenError[] = [];

  constructor(
    pipelineSpec: PipelineSpec,
    options: WorkerOptions = {},
    limits: Omit<MemoryLogOptions, "clock"> = {},
  ) {
    this.log = memoryLog({ clock: this.clock, ...limits });
    this.worker = this.make(pipelineSpec, options);
  }

  /** Another worker of the same log. */
  make(pipelineSpec: PipelineSpec, options: WorkerOptions = {}): Worker {
    const { clock, log } = this;
    const worker = pipeline(1, pipelineSpec, { log, clock, logger: silent, ...options });
    worker.on("skipped", ({ error }) => this.skipped.push(error));
    worker.on("deadLettered", ({ error }) => this.putAside.push(error));
    worker.on("retrying", ({ waitMs }) => this.waits.push(waitMs));
    worker.on("error", ({ error }) => this.errors.push(error));
    return worker;
  }

  async create(
    name: string,
    more: { partitions?: number; cleanup?: "compact" } = {},
  ): Promise<void> {
    const { partitions = 1, cleanup = "delete" } = more;
    await this.log.createTopics([
      { name, partitions, replicas: 1, cleanup, retentionMs: -1, config: {} },
    ]);
  }

  /** Sends texts to "words", keyed by what is before the colon; their times count up from 1000. */
  async send(values: readonly string[], topic: TextTopic = words): Promise<void> {
    await this.create(topic.name, { partitions: topic.partitions ?? 1 });
    const settings = { log: this.log, now: this.clock.now };
    const producer = await createProducer(topic, settings);
    for (const [index, value] of values.entries()) {
      await producer.send(value, { key: keyOf(value), timestamp: 1000 + index });
    }
    await producer.close();
  }

  /** Sends a record as bytes; `null` is no key, or a tombstone. */
  async sendBytes(
    topic: string,
    key: string | null,
    value: string | null,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const batch = new BatchWriter();
    const writer = batch.begin(5000, key === null ? null : Buffer.from(key));
    if (value === null) batch.tombstone();
    else writer.append(Buffer.from(value));
    for (const [name, text] of Object.entries(headers)) {
      batch.header(Buffer.from(name), Buffer.from(text));
    }
    batch.end();
    const producer = await this.log.producer({});
    await producer.send({ topic, partition: 0 }, batch);
    await producer.close();
  }

  /** Starts the worker and lets it process everything. */
  async run(): Promise<void> {
    await this.worker.start();
    await this.worker.idle();
  }

  /** The committed values of a topic. */
  values(topic: string): readonly string[] {
    return this.log.records(topic).map(({ value }) => (value === null ? "-" : String(value)));
  }
}

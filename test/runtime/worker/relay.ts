/**
 * Readings of several partitions, grouped by another key and counted in windows of a minute, by hand as
 * the compiler would write it. They are texts "key number time".
 */
import {
  type AgentSpec,
  closing,
  type PipelineSpec,
  pipeline,
  source,
  type TopicSpec,
  type WindowedTableSpec,
  type Worker,
  type WorkerOptions,
} from "@streamgen/runtime";
import { intCodec, nullKey, stringFormat, stringKey } from "@streamgen/runtime/codec";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import type { MemoryLog } from "../../../runtime/log/memory-log.ts";
import { silent } from "./small.ts";

export interface Reading {
  readonly key: string;
  readonly number: number;
  readonly time: number;
}

const parse = (text: string): Reading => {
  const [key = "", number, time] = text.split(" ");
  return { key, number: Number(number), time: Number(time) };
};

export const partitions = 4;
const raw: TopicSpec<null, string> = {
  ...{ name: "raw", partitions, key: nullKey, value: stringFormat },
  timeOf: (value) => parse(value).time,
};
const grouped: TopicSpec<string, string> = {
  ...{ name: "relay-count-key-repartition", key: stringKey, value: stringFormat },
  keyOf: (value) => parse(value).key,
  timeOf: (value) => parse(value).time,
  ...{ repartitionOf: "raw", retentionMs: -1 },
};
/** "key start value", one for each window. */
const finals: TopicSpec<string, string> = {
  ...{ name: "finals", partitions: 1, key: stringKey, value: stringFormat },
  keyOf: (value) => parse(value).key,
};
const minuteMs = 60_000;
const table: WindowedTableSpec<string, number, number> = {
  ...{ name: "count", key: stringKey, value: intCodec, missing: () => 0 },
  changelog: "relay-count-changelog",
  windows: { sizeMs: minuteMs, advanceMs: minuteMs, graceMs: 5000, expiresMs: 0 },
};

export interface RelayOptions {
  /** Called for each reading with the partition it was in, before it is sent on. */
  readonly passes?: (partition: number) => Promise<void> | undefined;
  /** Called for each reading that was counted, with what `update` and then `current` give. */
  readonly counted?: (updated: number, current: number) => void;
}

function spec({ counted, passes = () => undefined }: RelayOptions): PipelineSpec {
  const pass: AgentSpec<null, string> = {
    kind: "event",
    ...{ name: "pass", onError: "stop" },
    open: () => (event) => passes(event.partition),
  };
  const regroup: AgentSpec<null, string> = {
    ...{ kind: "repartition", name: "regroup", onError: "stop" },
    to: grouped,
  };
  const count: AgentSpec<string, string> = {
    kind: "each",
    ...{ name: "count", onError: "stop", dropsLate: [table] },
    open(task) {
      const counts = task.windowed(table);
      return (value) => {
        const { key } = parse(value);
        const updated = counts.update(key, (n) => n + 1);
        counted?.(updated, counts.current().get(key));
      };
    },
  };
  return {
    config: {
      ...{ app: "relay", delivery: "exactly-once", commitIntervalMs: 100 },
      ...{ partitions, replicas: 1, topics: {} },
    },
    topics: [raw, grouped, finals],
    groups: [
      {
        ...{ name: "raw", tables: [], timers: [] },
        sources: [source({ topic: raw, agents: [pass, regroup] })],
      },
      {
        ...{ name: "counted", tables: [table], timers: [] },
        sources: [source({ topic: grouped, agents: [count] })],
        closings: [
          closing({
            table,
            agents: [
              {
                ...{ name: "tell", onError: "stop" },
                open(task) {
                  const out = task.sink(finals);
                  return ({ key, window, value }) => out.send(`${key} ${value} ${window.start}`);
                },
              },
            ],
          }),
        ],
      },
    ],
    timers: [],
    starts: [],
  };
}

export const relayWorker = (worker: WorkerOptions, options: RelayOptions = {}): Worker =>
  pipeline(1, spec(options), { logger: silent, ...worker });

/** Appends readings to one partition, in this order; `null` has a time and no value. */
export async function append(
  log: MemoryLog,
  partition: number,
  list: readonly (Reading | number)[],
): Promise<void> {
  await log.createTopics([
    {
      ...{ name: raw.name, partitions, replicas: 1 },
      ...{ cleanup: "delete", retentionMs: -1, config: {} },
    },
  ]);
  const producer = await log.producer({});
  const batch = new BatchWriter();
  for (const reading of list) {
    if (typeof reading === "number") {
      batch.begin(reading, null);
      batch.tombstone();
    } else {
      const { key, number, time } = reading;
      batch.begin(time, null).append(Buffer.from(`${key} ${number} ${time}`));
    }
    batch.end();
  }
  await producer.send({ topic: raw.name, partition }, batch);
  await producer.close();
}

/** What the finals must be, in any order, when each window up to `end` is closed and nothing is late. */
export function expected(list: readonly Reading[], end: number): readonly string[] {
  const counts = new Map<string, number>();
  for (const { key, time } of list) {
    const start = Math.floor(time / minuteMs) * minuteMs;
    if (start + minuteMs + table.windows.graceMs > end) continue;
    const name = `${key} ${start}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => name.replace(" ", ` ${count} `)).sort();
}

export const found = (log: MemoryLog): readonly string[] =>
  log
    .records(finals.name)
    .map(({ value }) => String(value))
    .sort();

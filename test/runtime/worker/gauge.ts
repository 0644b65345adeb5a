/**
 * A pipeline with windows by hand, as the compiler would write it, and what it must come to by a count
 * of everything at once. Readings are texts "key number time". Windows of 10 s are counted; of 30 s,
 * one every 10 s, summed up; each is told when it closes.
 */
import {
  type AgentSpec,
  closing,
  type GroupSpec,
  type PipelineSpec,
  pipeline,
  source,
  type TickPolicy,
  type TopicSpec,
  type WindowedTableSpec,
  type WindowedViewHandle,
  type WindowSpec,
  type Worker,
  type WorkerOptions,
} from "@streamgen/runtime";
import { intCodec, stringFormat, stringKey } from "@streamgen/runtime/codec";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import type { MemoryLog } from "../../../runtime/log/memory-log.ts";
import { partitionOfKey } from "../../../runtime/log/partitioner.ts";
import type { Random } from "../../random.ts";
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

export const partitions = 2;
const text = (name: string): TopicSpec<string, string> => ({
  name,
  partitions,
  key: stringKey,
  value: stringFormat,
  keyOf: (value) => parse(value).key,
});
export const readings: TopicSpec<string, string> = {
  ...text("readings"),
  timeOf: (value) => parse(value).time,
};
/** "key sum number", one for each reading that is not late. */
export const sums: TopicSpec<string, string> = text("sums");
/** "key start value", one for each window. */
export const finalCounts: TopicSpec<string, string> = text("final-counts");
export const finalSums: TopicSpec<string, string> = text("final-sums");

type FixedTable = WindowedTableSpec<string, number, number | undefined> & {
  readonly windows: WindowSpec;
};

const table = (name: string, windows: WindowSpec): FixedTable => ({
  name,
  key: stringKey,
  value: intCodec,
  missing: () => undefined,
  changelog: `gauge-${name}-changelog`,
  windows,
});
export const countTable: FixedTable = table("count", {
  ...{ sizeMs: 10_000, advanceMs: 10_000 },
  ...{ graceMs: 5_000, expiresMs: 0 },
});
export const sumTable: FixedTable = table("sum", {
  ...{ sizeMs: 30_000, advanceMs: 10_000 },
  ...{ graceMs: 2_000, expiresMs: 60_000 },
});

type Agent = AgentSpec<string, string>;

/** Kafka's records have no times before 1970, which the readings have. */
const noNegative = { timestamp: 0 };

const count: Agent = {
  kind: "each",
  name: "count",
  onError: "stop",
  ownRows: [countTable],
  dropsLate: [countTable],
  open(task) {
    const counts = task.windowed(countTable);
    return (reading) => {
      counts.update(parse(reading).key, (n = 0) => n + 1);
    };
  },
};

/** Fails on every seventh, after it has written. */
const sum: Agent = {
  kind: "each",
  name: "sum",
  onError: "skip",
  ownRows: [sumTable],
  dropsLate: [sumTable],
  open(task) {
    const rows = task.windowed(sumTable);
    const out = task.sink(sums);
    return async (reading) => {
      const { key, number } = parse(reading);
      await Promise.resolve();
      const shown = rows.update(key, (n = 0) => n + number);
      out.send(`${key} ${shown} ${number}`, noNegative);
      if (number % 7 === 0) throw new Error("no sevens");
    };
  },
};

export interface GaugeViews {
  readonly count: WindowedViewHandle<string, number, number | undefined>;
  readonly sum: WindowedViewHandle<string, number, number | undefined>;
}

export interface GaugeOptions {
  readonly idleMs?: number;
  /** Called for each window of counts, before it is told. */
  readonly closed?: () => void;
  /** What happens where that throws. */
  readonly onError?: TickPolicy;
}

function spec({ idleMs, closed = () => undefined, onError = "stop" }: GaugeOptions): PipelineSpec {
  const group: GroupSpec = {
    name: "readings",
    sources: [source({ topic: readings, agents: [count, sum] })],
    tables: [countTable, sumTable],
    timers: [],
    closings: [
      closing({
        table: countTable,
        agents: [
          {
            name: "tellCount",
            onError,
            ...(idleMs !== undefined && { idleMs }),
            open(task) {
              const out = task.sink(finalCounts);
              return ({ key, window, value }) => {
                closed();
                out.send(`${key} ${window.start} ${value}`, noNegative);
              };
            },
          },
        ],
      }),
      closing({
        table: sumTable,
        agents: [
          {
            name: "tellSum",
            onError: "stop",
            open(task) {
              const out = task.sink(finalSums);
              return async ({ key, window, value }) => {
                await Promise.resolve();
                out.send(`${key} ${window.start} ${value}`, noNegative);
              };
            },
          },
        ],
      }),
    ],
  };
  return {
    config: {
      ...{ app: "gauge", delivery: "exactly-once", commitIntervalMs: 100 },
      ...{ partitions, replicas: 1, topics: {} },
    },
    topics: [readings, sums, finalCounts, finalSums],
    groups: [group],
    timers: [],
    starts: [],
  };
}

export function gaugeWorker(
  options: WorkerOptions,
  more: GaugeOptions = {},
): { readonly worker: Worker; readonly views: () => GaugeViews | undefined } {
  let views: GaugeViews | undefined;
  const start = {
    name: "views",
    open(scope: Parameters<PipelineSpec["starts"][number]["open"]>[0]) {
      views = { count: scope.windowedView(countTable), sum: scope.windowedView(sumTable) };
      return () => undefined;
    },
  };
  const worker = pipeline(1, { ...spec(more), starts: [start] }, { logger: silent, ...options });
  return { worker, views: () => views };
}

/** Appends readings in this order, each to its key's partition. */
export async function append(log: MemoryLog, list: readonly Reading[]): Promise<void> {
  await log.createTopics([
    {
      ...{ name: readings.name, partitions, replicas: 1 },
      ...{ cleanup: "delete", retentionMs: -1, config: {} },
    },
  ]);
  const producer = await log.producer({});
  for (const { key, number, time } of list) {
    const batch = new BatchWriter();
    batch
      .begin(Math.max(0, time), Buffer.from(key))
      .append(Buffer.from(`${key} ${number} ${time}`));
    batch.end();
    await producer.send({ topic: readings.name, partition: partitionOf(key) }, batch);
  }
  await producer.close();
}

export const partitionOf = (key: string): number => partitionOfKey(Buffer.from(key), partitions);

/** Times around 0 that go forward, with some late, some very late, repeated, and far ahead. */
export function randomReadings(numbers: Random, count: number): readonly Reading[] {
  let now = -60_000;
  const list: Reading[] = [];
  while (list.length < count) {
    now += numbers.int(3000);
    const late = numbers.chance(0.3) ? numbers.int(numbers.chance(0.2) ? 80_000 : 12_000) : 0;
    const ahead = numbers.chance(0.03) ? 100_000_000_000 : 0;
    const reading = {
      key: `key-${numbers.int(6)}`,
      number: numbers.int(50),
      time: now - late + ahead,
    };
    list.push(reading);
    if (numbers.chance(0.05)) list.push(reading);
  }
  return list;
}

export interface Gauge {
  readonly sums: readonly string[];
  readonly finalCounts: readonly string[];
  readonly finalSums: readonly string[];
}

/** What is further ahead than this is a mistake. */
const ahead = 50_000_000_000;

type Windowed = typeof countTable;

/** The starts of the windows that hold a time. */
function windowsOf({ windows: { sizeMs, advanceMs } }: Windowed, time: number): readonly number[] {
  const starts: number[] = [];
  for (let start = -200_000; start <= time; start += advanceMs) {
    if (time < start + sizeMs) starts.push(start);
  }
  return starts;
}

interface Touched {
  readonly reading: Reading;
  /** Its windows that were still open when it came. */
  readonly open: readonly number[];
}

/** The readings that are not late for a table. */
function onTime(table: Windowed, list: readonly Reading[]): readonly Touched[] {
  const { graceMs, sizeMs } = table.windows;
  return list.flatMap((reading, index) => {
    if (reading.time > ahead) return [];
    const before = list.slice(0, index + 1).map(({ time }) => time);
    const streamTime = Math.max(...before.filter((time) => time < ahead));
    const open = windowsOf(table, reading.time).filter(
      (start) => start + sizeMs + graceMs > streamTime,
    );
    return open.length === 0 ? [] : [{ reading, open }];
  });
}

/** Adds up `by` in each window. Gives the value of the first one after each reading, and all windows. */
function addUp(touched: readonly Touched[], by: (reading: Reading) => number) {
  const values = new Map<string, number>();
  const shown = touched.map(({ open, reading }) => {
    for (const start of open) {
      const name = `${reading.key} ${start}`;
      values.set(name, (values.get(name) ?? 0) + by(reading));
    }
    return `${reading.key} ${values.get(`${reading.key} ${open[0]}`)} ${reading.number}`;
  });
  return { shown, values };
}

/** The windows that are closed by a stream time, in the order of their ends and keys. */
function closedBy(
  { windows: { graceMs, sizeMs } }: Windowed,
  values: ReadonlyMap<string, number>,
  streamTime: number,
): readonly string[] {
  return [...values]
    .map(([name, value]) => ({ ...parse(`${name} 0`), value }))
    .filter(({ number: start }) => start + sizeMs + graceMs <= streamTime)
    .sort((a, b) => a.number - b.number || (a.key < b.key ? -1 : 1))
    .map(({ key, number: start, value }) => `${key} ${start} ${value}`);
}

/** The highest time in a partition that is credible. */
export function streamTimeOf(all: readonly Reading[], partition: number): number {
  const own = all.filter(({ key, time }) => time < ahead && partitionOf(key) === partition);
  return Math.max(...own.map(({ time }) => time));
}

/** What the outputs of one partition must be, in order, by the definition of windows. */
export function recompute(all: readonly Reading[], partition: number): Gauge {
  const list = all.filter(({ key }) => partitionOf(key) === partition);
  const end = streamTimeOf(all, partition);
  const counted = addUp(onTime(countTable, list), () => 1);
  const noSevens = onTime(sumTable, list).filter(({ reading }) => reading.number % 7 !== 0);
  const summed = addUp(noSevens, ({ number }) => number);
  return {
    sums: summed.shown,
    finalCounts: closedBy(countTable, counted.values, end),
    finalSums: closedBy(sumTable, summed.values, end),
  };
}

/** What the outputs of one partition are, in order. */
export function outcome(log: MemoryLog, partition: number): Gauge {
  const of = (topic: string): readonly string[] =>
    log
      .records(topic)
      .map(({ value }) => String(value))
      .filter((value) => partitionOf(parse(value).key) === partition);
  return {
    sums: of(sums.name),
    finalCounts: of(finalCounts.name),
    finalSums: of(finalSums.name),
  };
}

/**
 * A pipeline by hand, as the compiler would write it, and what it must come to. Entries are texts
 * "key number time"; the pipeline echoes even ones, counts by key (a count of 5 starts again), sums up
 * by another key behind a repartition, and has an agent that fails on every third entry and skips.
 */
import {
  type AgentSpec,
  createProducer,
  type GroupSpec,
  type Logger,
  type PipelineSpec,
  pipeline,
  type StartSpec,
  source,
  type TableSpec,
  type TaskScope,
  type TopicSpec,
  type ViewHandle,
  type Worker,
  type WorkerOptions,
} from "@streamgen/runtime";
import { intCodec, stringFormat, stringKey } from "@streamgen/runtime/codec";
import { manualClock } from "../../../runtime/clock.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";
import type { Random } from "../../random.ts";

export const keyOf = (entry: string): string => entry.split(" ")[0] ?? "";
export const numberOf = (entry: string): number => Number(entry.split(" ")[1]);
const timeOf = (entry: string): number => Number(entry.split(" ")[2]);
const bucketOf = (entry: string): string => `bucket-${numberOf(entry) % 3}`;

const text = (name: string, partitions: number): TopicSpec<string, string> => ({
  name,
  partitions,
  key: stringKey,
  value: stringFormat,
  keyOf,
});

export const entries: TopicSpec<string, string> = { ...text("entries", 3), timeOf };
export const byBucket: TopicSpec<string, string> = {
  ...text("ledger-sum-bucket-repartition", 2),
  timeOf,
  keyOf: bucketOf,
};
export const echoes: TopicSpec<string, string> = text("echoes", 2);
export const counts: TopicSpec<string, string> = text("counts", 2);
export const sums: TopicSpec<string, string> = text("sums", 2);

const table = (name: string): TableSpec<string, number, number> => ({
  name,
  key: stringKey,
  value: intCodec,
  missing: () => 0,
  changelog: `ledger-${name}-changelog`,
});
export const countTable: TableSpec<string, number, number> = table("count");
export const sumTable: TableSpec<string, number, number> = table("sum");
export const fussyTable: TableSpec<string, number, number> = table("fussy");

/** How the counting agent is written. */
export type Style = "each" | "async" | "stream" | "event";

type Agent = AgentSpec<string, string>;

const echo: Agent = {
  kind: "each",
  name: "echo",
  onError: "stop",
  open(task) {
    const out = task.sink(echoes);
    return (entry) => out.emit(numberOf(entry) % 2 === 0 ? entry : undefined);
  },
};

function countOne(task: TaskScope): (entry: string) => void {
  const rows = task.table(countTable);
  const out = task.sink(counts);
  return (entry) => {
    const count = rows.update(keyOf(entry), (n) => n + 1);
    out.send(`${keyOf(entry)} ${count} ${numberOf(entry)}`);
    if (count === 5) rows.delete(keyOf(entry));
  };
}

function count(style: Style): Agent {
  const shared = { name: "count", onError: "stop" } as const;
  switch (style) {
    case "each":
      return { ...shared, kind: "each", open: countOne };
    case "event":
      return {
        ...shared,
        kind: "event",
        open(task) {
          const handle = countOne(task);
          return (event) => handle(event.value);
        },
      };
    case "async":
      return {
        ...shared,
        kind: "each",
        open(task) {
          const handle = countOne(task);
          return async (entry) => {
            await Promise.resolve();
            handle(entry);
            await Promise.resolve();
          };
        },
      };
    case "stream":
      return {
        ...shared,
        kind: "stream",
        open(task) {
          const handle = countOne(task);
          return async (stream) => {
            for await (const entry of stream) handle(entry);
          };
        },
      };
  }
}

const fussy: Agent = {
  kind: "each",
  name: "fussy",
  onError: "skip",
  open(task) {
    const rows = task.table(fussyTable);
    const out = task.sink(echoes);
    return (entry) => {
      rows.update(keyOf(entry), (n) => n + 1);
      if (numberOf(entry) % 3 !== 0) return;
      out.send(`${keyOf(entry)} -1 0`);
      throw new Error("no threes");
    };
  },
};

const spread: Agent = { kind: "repartition", name: "sum", onError: "stop", to: byBucket };

const sum: Agent = {
  kind: "each",
  name: "sum",
  onError: "stop",
  open(task) {
    const rows = task.table(sumTable);
    const out = task.sink(sums);
    return (entry) => {
      const total = rows.update(bucketOf(entry), (n) => n + numberOf(entry));
      out.send(`${bucketOf(entry)} ${total} ${numberOf(entry)}`);
    };
  },
};

export function ledger(style: Style = "each"): PipelineSpec {
  const main: GroupSpec = {
    name: "entries",
    sources: [source({ topic: entries, agents: [echo, count(style), fussy, spread] })],
    tables: [countTable, fussyTable],
    timers: [],
  };
  const summing: GroupSpec = {
    name: "sum",
    sources: [source({ topic: byBucket, agents: [sum] })],
    tables: [sumTable],
    timers: [],
  };
  return {
    config: {
      app: "ledger",
      delivery: "exactly-once",
      commitIntervalMs: 100,
      partitions: 2,
      replicas: 1,
      topics: {},
    },
    topics: [entries, byBucket, echoes, counts, sums],
    groups: [main, summing],
    timers: [],
    starts: [],
  };
}

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export function ledgerWorker(options: WorkerOptions, style: Style = "each"): Worker {
  return pipeline(1, ledger(style), { logger: silent, ...options });
}

type View = ViewHandle<string, number, number>;

/** The committed rows of one worker's tables. */
export interface LedgerViews {
  readonly count: View;
  readonly fussy: View;
  readonly sum: View;
}

/** The same with a look at its tables, as a web handler would have it. */
export function viewedWorker(
  options: WorkerOptions,
  style: Style,
): { readonly worker: Worker; readonly views: () => LedgerViews | undefined } {
  let views: LedgerViews | undefined;
  const look: StartSpec = {
    name: "look",
    open(scope) {
      const [count, fussy, sum] = [countTable, fussyTable, sumTable].map(scope.view.bind(scope));
      if (count !== undefined && fussy !== undefined && sum !== undefined) {
        views = { count, fussy, sum };
      }
      return () => undefined;
    },
  };
  const spec = { ...ledger(style), starts: [look] };
  const worker = pipeline(1, spec, { logger: silent, ...options });
  return { worker, views: () => views };
}

/** A log with a clock that stands still: what happens depends on the calls only. */
export function stillLog(): {
  readonly log: MemoryLog;
  readonly clock: ReturnType<typeof manualClock>;
} {
  const clock = manualClock(1_000_000);
  return { log: memoryLog({ clock }), clock };
}

/** Entries of a few keys, so that counts start again now and then. */
export function randomEntries(random: Random, count: number): readonly string[] {
  return Array.from(
    { length: count },
    (_, index) => `key-${random.int(7)} ${index} ${1000 + index * 10}`,
  );
}

export async function append(log: MemoryLog, list: readonly string[]): Promise<void> {
  const { partitions = 1, name } = entries;
  await log.createTopics([
    { name, partitions, replicas: 1, cleanup: "delete", retentionMs: 604_800_000, config: {} },
  ]);
  const producer = await createProducer(entries, { log, now: () => 0 });
  for (const entry of list) await producer.send(entry);
  await producer.close();
}

/** What a log holds, as texts: outputs by topic in a comparable order, and tables by name. */
export interface Ledger {
  readonly echoes: readonly string[];
  readonly counts: readonly string[];
  readonly sums: readonly string[];
  readonly count: Readonly<Record<string, number>>;
  readonly fussy: Readonly<Record<string, number>>;
  readonly sum: Readonly<Record<string, number>>;
}

/** The same without a log. Sums depend on the order within a bucket, so only their numbers are compared. */
export function recompute(list: readonly string[]): Ledger {
  const count: Record<string, number> = {};
  const fussyRows: Record<string, number> = {};
  const sum: Record<string, number> = {};
  const countLines: string[] = [];
  const sumLines: string[] = [];
  for (const entry of list) {
    const key = keyOf(entry);
    const number = numberOf(entry);
    count[key] = (count[key] ?? 0) + 1;
    countLines.push(`${key} ${count[key]} ${number}`);
    if (count[key] === 5) delete count[key];
    if (number % 3 !== 0) fussyRows[key] = (fussyRows[key] ?? 0) + 1;
    const bucket = bucketOf(entry);
    sum[bucket] = (sum[bucket] ?? 0) + number;
    sumLines.push(`${bucket} ${number}`);
  }
  return {
    echoes: list.filter((entry) => numberOf(entry) % 2 === 0).sort(),
    counts: countLines.sort(),
    sums: sumLines.sort(),
    count,
    fussy: fussyRows,
    sum,
  };
}

/** What the log has come to; tables are folded from their changelogs. */
export function outcome(log: MemoryLog): Ledger {
  const lines = (topic: string) => log.records(topic).map(({ value }) => String(value));
  return {
    echoes: lines("echoes").sort(),
    counts: lines("counts").sort(),
    sums: lines("sums")
      .map((line) => `${line.split(" ")[0]} ${line.split(" ")[2]}`)
      .sort(),
    count: fold(log, countTable),
    fussy: fold(log, fussyTable),
    sum: fold(log, sumTable),
  };
}

/** A changelog's last value of each key. */
export function fold(
  log: MemoryLog,
  spec: TableSpec<string, number, number>,
): Readonly<Record<string, number>> {
  const rows: Record<string, number> = {};
  for (const { key, value } of log.records(spec.changelog)) {
    if (value === null) delete rows[String(key)];
    else rows[String(key)] = zigzag(value);
  }
  return rows;
}

/** Avro's int, as far as these tests need it. */
function zigzag(bytes: Buffer): number {
  let raw = 0;
  bytes.forEach((byte, index) => {
    raw += (byte & 0x7f) * 2 ** (7 * index);
  });
  return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2;
}

/**
 * Readings in sessions and in sliding windows, by hand as the compiler would write it, and what becomes of
 * them by the definition of these windows. Values are the readings' numbers in the order they came.
 */
import {
  type AgentSpec,
  type Closing,
  closing,
  type PipelineSpec,
  pipeline,
  type SessionSpec,
  type SlidingSpec,
  source,
  type TableWindows,
  type TopicSpec,
  type WindowedTableSpec,
  type WindowedViewHandle,
  type Worker,
  type WorkerOptions,
} from "@streamgen/runtime";
import { stringCodec, stringFormat, stringKey } from "@streamgen/runtime/codec";
import type { MemoryLog } from "../../../runtime/log/memory-log.ts";
import { partitionOf, partitions, type Reading, readings } from "./gauge.ts";
import { silent } from "./small.ts";

const keyOf = (text: string): string => text.split(" ")[0] ?? "";
const numberOf = (text: string): string => text.split(" ")[1] ?? "";
const join = (a: string, b: string): string => (a === "" ? b : `${a},${b}`);

const finals = (name: string): TopicSpec<string, string> => ({
  ...{ name, partitions, key: stringKey, value: stringFormat, keyOf },
});
/** "key start end numbers", one for each window. */
const sessionsTopic = finals("final-sessions");
const slidingTopic = finals("final-sliding");

export const sessions: SessionSpec<string> = {
  ...{ kind: "session", gapMs: 4000, graceMs: 3000, expiresMs: 0 },
  merge: join,
};
export const sliding: SlidingSpec = {
  ...{ kind: "sliding", sizeMs: 5000, graceMs: 4000, expiresMs: 20_000 },
};

type Table = WindowedTableSpec<string, string, string>;

const table = (name: string, windows: TableWindows<string>): Table => ({
  ...{ name, key: stringKey, value: stringCodec, missing: () => "", windows },
  changelog: `keyed-${name}-changelog`,
});
const sessionTable = table("sessions", sessions);
const slidingTable = table("sliding", sliding);

/** Fails on every seventh, after it has written. */
function keep(name: string, rows: Table): AgentSpec<string, string> {
  return {
    kind: "each",
    ...{ name, onError: "skip", ownRows: [rows], dropsLate: [rows] },
    open(task) {
      const windows = task.windowed(rows);
      return (text) => {
        windows.update(keyOf(text), (numbers) => join(numbers, numberOf(text)));
        if (Number(numberOf(text)) % 7 === 0) throw new Error("no sevens");
      };
    },
  };
}

function tell(rows: Table, topic: TopicSpec<string, string>, closed: () => void): Closing {
  return closing({
    table: rows,
    agents: [
      {
        ...{ name: `tell-${rows.name}`, onError: "stop" },
        open(task) {
          const out = task.sink(topic);
          return ({ key, value, window }) => {
            closed();
            out.send(`${key} ${window.start} ${window.end} ${value}`, { timestamp: 0 });
          };
        },
      },
    ],
  });
}

type View = WindowedViewHandle<string, string, string>;

export function keyedWorker(
  options: WorkerOptions,
  closed: () => void = () => undefined,
  opened: (view: View) => void = () => undefined,
): Worker {
  const spec: PipelineSpec = {
    config: {
      ...{ app: "keyed", delivery: "exactly-once", commitIntervalMs: 100 },
      ...{ partitions, replicas: 1, topics: {} },
    },
    topics: [readings, sessionsTopic, slidingTopic],
    groups: [
      {
        ...{ name: "readings", timers: [], tables: [sessionTable, slidingTable] },
        sources: [
          source({
            topic: readings,
            agents: [keep("session", sessionTable), keep("slide", slidingTable)],
          }),
        ],
        closings: [
          tell(sessionTable, sessionsTopic, closed),
          tell(slidingTable, slidingTopic, closed),
        ],
      },
    ],
    timers: [],
    starts: [
      {
        name: "views",
        open(scope) {
          opened(scope.windowedView(slidingTable));
          return () => undefined;
        },
      },
    ],
  };
  return pipeline(1, spec, { logger: silent, ...options });
}

/** What is further ahead than this is a mistake. */
const ahead = 50_000_000_000;

interface Timed {
  readonly reading: Reading;
  /** With the reading. */
  readonly streamTime: number;
}

/** The credible readings of a partition, each with the stream time that it has come to. */
function timed(all: readonly Reading[], partition: number): readonly Timed[] {
  let streamTime = Number.NEGATIVE_INFINITY;
  return all
    .filter(({ key, time }) => time < ahead && partitionOf(key) === partition)
    .map((reading) => {
      streamTime = Math.max(streamTime, reading.time);
      return { reading, streamTime };
    });
}

/**
 * Without readings that come when only some of the windows are open that they would be in: what a sliding
 * window holds that begins later, then depends on what there was before.
 */
export function withoutHalfLate(all: readonly Reading[]): readonly Reading[] {
  const late = Array.from({ length: partitions }, (_, partition) => timed(all, partition))
    .flat()
    .filter(({ reading, streamTime }) => {
      const isOnTime = reading.time + 1 + sliding.graceMs > streamTime;
      return !isOnTime && reading.time + sliding.sizeMs + sliding.graceMs > streamTime;
    })
    .map(({ reading }) => reading);
  return all.filter((reading) => !late.includes(reading));
}

export interface KeyedGauge {
  readonly sessions: readonly string[];
  readonly sliding: readonly string[];
}

interface Held {
  readonly key: string;
  readonly start: number;
  readonly end: number;
  readonly numbers: readonly number[];
}

const byEnd = (a: Held, b: Held): number => a.end - b.end || (a.key < b.key ? -1 : 1);
const textOf = ({ end, key, numbers, start }: Held): string =>
  `${key} ${start} ${end} ${[...numbers].sort((a, b) => a - b).join()}`;
const isSeven = ({ number }: Reading): boolean => number % 7 === 0;

/** One reading after the other: it is in the open session that it is near to, or begins one. */
function sessionsOf(list: readonly Timed[]): readonly Held[] {
  const { gapMs, graceMs } = sessions;
  let all: (Held & { readonly last: number })[] = [];
  for (const { reading, streamTime } of list) {
    const { key, number, time } = reading;
    const near = all.filter(
      (each) =>
        each.key === key &&
        each.start - gapMs <= time &&
        time <= each.last + gapMs &&
        each.last + 1 + gapMs + graceMs > streamTime,
    );
    const isLate = near.length === 0 && time + 1 + gapMs + graceMs <= streamTime;
    if (isLate || isSeven(reading)) continue;
    const last = Math.max(time, ...near.map((each) => each.last));
    const joined = {
      ...{ key, last, end: last + 1 },
      start: Math.min(time, ...near.map(({ start }) => start)),
      numbers: [...near.flatMap(({ numbers }) => numbers), number],
    };
    all = [...all.filter((each) => !near.includes(each)), joined];
  }
  const end = list.at(-1)?.streamTime ?? 0;
  return all.filter((each) => each.end + gapMs + graceMs <= end);
}

/** All at once: a window that ends with each reading, and one behind it that is not empty. */
function slidingOf(list: readonly Timed[]): readonly Held[] {
  const { graceMs, sizeMs } = sliding;
  const taken = list
    .filter(({ reading, streamTime }) => {
      return reading.time + sizeMs + graceMs > streamTime && !isSeven(reading);
    })
    .map(({ reading }) => reading);
  const end = list.at(-1)?.streamTime ?? 0;
  return [...new Set(taken.map(({ key }) => key))].flatMap((key) => {
    const own = taken.filter((each) => each.key === key);
    const starts = new Set(own.flatMap(({ time }) => [time - sizeMs + 1, time + 1]));
    return [...starts].flatMap((start) => {
      const held = own.filter(({ time }) => time >= start && time < start + sizeMs);
      const window = { key, start, end: start + sizeMs, numbers: held.map(({ number }) => number) };
      return held.length === 0 || window.end + graceMs > end ? [] : [window];
    });
  });
}

/** What the finals of one partition must be, in order. */
export function keyedFinals(all: readonly Reading[], partition: number): KeyedGauge {
  const list = timed(all, partition);
  return {
    sessions: [...sessionsOf(list)].sort(byEnd).map(textOf),
    sliding: [...slidingOf(list)].sort(byEnd).map(textOf),
  };
}

/** What they are. */
export function keyedOutcome(log: MemoryLog, partition: number): KeyedGauge {
  const of = ({ name }: { readonly name: string }): readonly string[] =>
    log
      .records(name)
      .map(({ value }) => String(value))
      .filter((value) => partitionOf(keyOf(value)) === partition)
      .map((value) => {
        const [key = "", start, end, numbers = ""] = value.split(" ");
        const held = { key, start: Number(start), end: Number(end) };
        return textOf({ ...held, numbers: numbers.split(",").map(Number) });
      });
  return { sessions: of(sessionsTopic), sliding: of(slidingTopic) };
}

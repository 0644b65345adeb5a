/**
 * A pipeline of three joins by hand, as the compiler would write it, and what it must come to by
 * comparing every record with every other. Records are texts "key number time" of two topics.
 */
import {
  type GroupSpec,
  type Join,
  type JoinSpec,
  join,
  type PipelineSpec,
  pipeline,
  source,
  type TaskScope,
  type TopicSpec,
  type Worker,
  type WorkerOptions,
} from "@streamgen/runtime";
import { stringFormat, stringKey } from "@streamgen/runtime/codec";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import type { MemoryLog } from "../../../runtime/log/memory-log.ts";
import type { JoinSpan } from "../../../runtime/state/joins/join-reach.ts";
import type { Random } from "../../random.ts";
import { partitionOf, partitions, type Reading } from "./gauge.ts";
import { silent } from "./small.ts";

export type Side = "left" | "right";
export interface Given extends Reading {
  readonly side: Side;
}

const parse = (text: string): Reading => {
  const [key = "", number, time] = text.split(" ");
  return { key, number: Number(number), time: Number(time) };
};

type TextTopic = TopicSpec<string, string>;
const text = (name: string): TextTopic => ({
  name,
  partitions,
  key: stringKey,
  value: stringFormat,
  keyOf: (value) => parse(value).key,
});
const timed = (name: string): TextTopic => ({
  ...text(name),
  timeOf: (value) => parse(value).time,
});
export const inputs: Readonly<Record<Side, TextTopic>> = {
  left: timed("lefts"),
  right: timed("rights"),
};

export type Kind = "inner" | "left" | "outer";
export const kinds: readonly Kind[] = ["inner", "left", "outer"];
export const spans: Readonly<Record<Kind, JoinSpan>> = {
  inner: { beforeMs: 5_000, afterMs: 2_000, graceMs: 3_000 },
  left: { beforeMs: 0, afterMs: 8_000, graceMs: 1_000 },
  outer: { beforeMs: 3_000, afterMs: 3_000, graceMs: 0 },
};
/** "key left right", of those that have a partner. */
const pairsOf = (kind: Kind): TextTopic => text(`${kind}-pairs`);
/** The same of those that have none. */
const aloneOf = (kind: Kind): TextTopic => text(`${kind}-alone`);

/** What a function refuses: after it has sent. */
const isBad = (left: number | undefined, right: number | undefined): boolean =>
  ((left ?? 1) * 3 + (right ?? 2)) % 29 === 0;

/** Kafka's records have no times before 1970, which these have. */
const noNegative = { timestamp: 0 };

export interface CouplesOptions {
  /** Called before each call of a function. */
  readonly called?: () => void;
  readonly idleMs?: number;
}

type Tell = (left: string | undefined, right: string | undefined) => void;

function teller(task: TaskScope, kind: Kind, called: () => void): Tell {
  const pairs = task.sink(pairsOf(kind));
  const alone = task.sink(aloneOf(kind));
  return (left, right) => {
    called();
    const { key } = parse(left ?? right ?? "");
    const numbers = [left, right].map((each) => each && parse(each).number);
    const [one, other] = numbers.map((each) => (typeof each === "number" ? each : undefined));
    const out = left === undefined || right === undefined ? alone : pairs;
    out.send(`${key} ${one ?? "-"} ${other ?? "-"}`, noNegative);
    if (isBad(one, other)) throw new Error("a bad couple");
  };
}

type TextJoinSpec = JoinSpec<string, string, string, string>;
const base = (kind: Kind) => ({
  ...spans[kind],
  name: `couple-${kind}`,
  onError: "skip" as const,
  left: { topic: inputs.left, changelog: `couples-${kind}-left-changelog` },
  right: { topic: inputs.right, changelog: `couples-${kind}-right-changelog` },
});
const unmatched = (kind: Kind) => `couples-${kind}-unmatched-changelog`;

function joins({ called = () => undefined, idleMs }: CouplesOptions) {
  const idle = idleMs === undefined ? {} : { idleMs };
  const inner: TextJoinSpec = {
    ...base("inner"),
    kind: "inner",
    open(task) {
      const tell = teller(task, "inner", called);
      return ([left, right]) => tell(left, right);
    },
  };
  const left: TextJoinSpec = {
    ...{ ...base("left"), ...idle, unmatched: unmatched("left") },
    kind: "left",
    open(task) {
      const tell = teller(task, "left", called);
      return async ([one, other]) => {
        await Promise.resolve();
        tell(one, other);
      };
    },
  };
  const outer: TextJoinSpec = {
    ...{ ...base("outer"), ...idle, unmatched: unmatched("outer") },
    kind: "outer",
    open(task) {
      const tell = teller(task, "outer", called);
      return ([one, other]) => tell(one, other);
    },
  };
  return [inner, left, outer].map((spec): Join<string, string, string, string> => join(spec));
}

function couplesSpec(options: CouplesOptions): PipelineSpec {
  const all = joins(options);
  const group: GroupSpec = {
    name: "lefts",
    sources: [
      source({ topic: inputs.left, agents: all.map(({ left }) => left) }),
      source({ topic: inputs.right, agents: all.map(({ right }) => right) }),
    ],
    tables: all.flatMap(({ tables }) => tables),
    timers: [],
    closings: all.flatMap(({ closings }) => closings),
  };
  return {
    config: {
      ...{ app: "couples", delivery: "exactly-once", commitIntervalMs: 100 },
      ...{ partitions, replicas: 1, topics: {} },
    },
    topics: [inputs.left, inputs.right, ...kinds.flatMap((kind) => [pairsOf(kind), aloneOf(kind)])],
    groups: [group],
    timers: [],
    starts: [],
  };
}

export const couplesWorker = (options: WorkerOptions, more: CouplesOptions = {}): Worker =>
  pipeline(1, couplesSpec(more), { logger: silent, ...options });

/** Appends records in this order, each to its key's partition of its side's topic. */
export async function append(log: MemoryLog, list: readonly Given[]): Promise<void> {
  await log.createTopics(
    Object.values(inputs).map(({ name }) => ({
      ...{ name, partitions, replicas: 1 },
      ...{ cleanup: "delete" as const, retentionMs: -1, config: {} },
    })),
  );
  const producer = await log.producer({});
  for (const { key, number, side, time } of list) {
    const batch = new BatchWriter();
    batch
      .begin(Math.max(0, time), Buffer.from(key))
      .append(Buffer.from(`${key} ${number} ${time}`));
    batch.end();
    await producer.send({ topic: inputs[side].name, partition: partitionOf(key) }, batch);
  }
  await producer.close();
}

/** Times around 0 that go forward, with some late, some very late, repeated, equal, and far ahead. */
export function randomCouples(numbers: Random, count: number): readonly Given[] {
  let now = -30_000;
  const list: Given[] = [];
  while (list.length < count) {
    now += numbers.chance(0.3) ? 0 : numbers.int(900);
    const late = numbers.chance(0.2) ? numbers.int(numbers.chance(0.2) ? 40_000 : 6_000) : 0;
    const ahead = numbers.chance(0.03) ? 100_000_000_000 : 0;
    const given = {
      side: numbers.pick(["left", "right"] as const),
      key: `key-${numbers.int(6)}`,
      number: numbers.int(90),
      time: now - late + ahead,
    };
    list.push(given);
    if (numbers.chance(0.05)) list.push(given);
  }
  return list;
}

/** What is further ahead than this is a mistake. */
const ahead = 50_000_000_000;

/** The order in which a task takes them: of the two that are next, the earlier one. */
export function taken(all: readonly Given[], partition: number): readonly Given[] {
  const own = all.filter(({ key }) => partitionOf(key) === partition);
  const lefts = own.filter(({ side }) => side === "left");
  const rights = own.filter(({ side }) => side === "right");
  const order: Given[] = [];
  while (lefts.length + rights.length > 0) {
    const isLeft = rights[0] === undefined || (lefts[0] && lefts[0].time <= rights[0].time);
    order.push(...(isLeft ? lefts : rights).splice(0, 1));
  }
  return order;
}

interface Arrived extends Given {
  hasPartner: boolean;
}

/** How far ahead of a record its last partner may be. */
const reachOf = ({ afterMs, beforeMs }: JoinSpan, side: Side): number =>
  side === "left" ? afterMs : beforeMs;

export interface Couples {
  readonly pairs: readonly string[];
  readonly alone: readonly string[];
  /** Records that came too late. */
  readonly late: number;
}

/**
 * What a join must give of one partition, in order, by its definition. The records behind the first
 * `until` came when those were done.
 */
export function couple(
  all: readonly Given[],
  partition: number,
  kind: Kind,
  until: number = all.length,
): Couples {
  const span = spans[kind];
  const arrived: Arrived[] = [];
  const pairs: string[] = [];
  let streamTime = Number.NEGATIVE_INFINITY;
  let late = 0;
  const closesAt = ({ side, time }: Given) => time + reachOf(span, side) + span.graceMs;
  const line = (one: Given, other: Given) => {
    const [left, right] = one.side === "left" ? [one, other] : [other, one];
    return {
      text: `${one.key} ${left.number} ${right.number}`,
      numbers: [left.number, right.number],
    };
  };
  const order = [all.slice(0, until), all.slice(until)].flatMap((part) => taken(part, partition));
  for (const given of order) {
    if (given.time > ahead) {
      late += 1;
      continue;
    }
    streamTime = Math.max(streamTime, given.time);
    if (streamTime > closesAt(given)) {
      late += 1;
      continue;
    }
    const partners = arrived
      .filter((other) => other.side !== given.side && other.key === given.key)
      .filter((other) => {
        const [left, right] = given.side === "left" ? [given, other] : [other, given];
        const after = right.time - left.time;
        return after >= -span.beforeMs && after <= span.afterMs && streamTime <= closesAt(other);
      })
      .sort((a, b) => a.time - b.time);
    const lines = partners.map((other) => line(given, other));
    // What a function refuses is as if it had not come.
    if (lines.some(({ numbers: [left, right] }) => isBad(left, right))) continue;
    for (const partner of partners) partner.hasPartner = true;
    pairs.push(...lines.map(({ text }) => text));
    arrived.push({ ...given, hasPartner: partners.length > 0 });
  }
  const isGiven = ({ hasPartner, side }: Arrived) =>
    !hasPartner && (kind === "outer" || (kind === "left" && side === "left"));
  const alone = arrived
    .filter((one) => isGiven(one) && streamTime > closesAt(one))
    .sort((a, b) => closesAt(a) - closesAt(b) || (a.side < b.side ? -1 : a.side > b.side ? 1 : 0))
    .filter(({ number, side }) =>
      side === "left" ? !isBad(number, undefined) : !isBad(undefined, number),
    )
    .map(({ key, number, side }) =>
      side === "left" ? `${key} ${number} -` : `${key} - ${number}`,
    );
  return { pairs, alone, late };
}

/** What a join has given of one partition, in order. */
export function outcome(log: MemoryLog, partition: number, kind: Kind): Omit<Couples, "late"> {
  const of = ({ name }: TextTopic): readonly string[] =>
    log
      .records(name)
      .map(({ value }) => String(value))
      .filter((value) => partitionOf(parse(value).key) === partition);
  return { pairs: of(pairsOf(kind)), alone: of(aloneOf(kind)) };
}

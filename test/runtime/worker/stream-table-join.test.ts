/**
 * A stream joined with the table of a topic, while workers crash anywhere: each record sees the row as of
 * its own time, whatever order the times of both topics have. One seed is one case.
 */
import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import {
  type PipelineSpec,
  rowsOf,
  source,
  sourcedTable,
  type TopicSpec,
} from "@streamgen/runtime";
import { intCodec, json, stringFormat, stringKey } from "@streamgen/runtime/codec";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import type { MemoryLog } from "../../../runtime/log/memory-log.ts";
import { type Random, random } from "../../random.ts";
import { wreck } from "./crash-bench.ts";
import { each, out, spec as pipelineOf } from "./small.ts";

const partitions = 2;
/** In JSON, so that a row's bytes are not the record's. */
const people: TopicSpec<string, number> = {
  ...{ name: "people", partitions, cleanup: "compact" },
  ...{ key: stringKey, value: json(intCodec) },
};
const visits: TopicSpec<string, string> = {
  ...{ name: "visits", partitions },
  ...{ key: stringKey, value: stringFormat },
};
const peopleTable = sourcedTable({
  ...{ name: "people", key: stringKey, value: intCodec, from: people },
  missing: () => -1,
});

function joining(isAsync: boolean): PipelineSpec {
  const agent = each("join", (task) => {
    const rows = task.lookup(peopleTable);
    const sink = task.sink(out);
    const join = (visit: string): void => {
      const [id = "", key = ""] = visit.split(":");
      sink.send(`${id}:${key} ${rows.get(key)} of ${rows.size}`);
    };
    if (!isAsync) return join;
    return async (visit) => {
      await turn();
      join(visit);
    };
  });
  const main = {
    name: "visits",
    sources: [
      source({ topic: visits, agents: [agent] }),
      source({ topic: people, agents: [rowsOf(peopleTable)] }),
    ],
    tables: [],
    timers: [],
  };
  return pipelineOf([main], { topics: [people, visits, out] });
}

interface Entry {
  readonly key: string;
  /** Null deletes the row. */
  readonly value: number | null;
  readonly time: number;
}

interface Partition {
  readonly people: readonly Entry[];
  readonly visits: readonly Entry[];
}

/** Times go up and down, and meet. */
function entries(numbers: Random, count: number, isTable: boolean): readonly Entry[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `key-${numbers.int(5)}`,
    value: isTable && numbers.chance(0.25) ? null : index,
    time: index * 10 + numbers.int(60),
  }));
}

/** The merge by time, as it is defined: what is first of each topic, and rows first at one moment. */
function oracle(partition: number, { people, visits }: Partition): readonly string[] {
  const rows = new Map<string, number>();
  const lines: string[] = [];
  const waiting = [...people];
  for (const { key, time, value } of visits) {
    for (let row = waiting[0]; row !== undefined && row.time <= time; row = waiting[0]) {
      if (row.value === null) rows.delete(row.key);
      else rows.set(row.key, row.value);
      waiting.shift();
    }
    lines.push(`${partition}.${value}:${key} ${rows.get(key) ?? -1} of ${rows.size}`);
  }
  return lines;
}

async function feed(log: MemoryLog, all: readonly Partition[]): Promise<void> {
  const topic = (name: string) => ({
    ...{ name, partitions, replicas: 1, retentionMs: -1, config: {} },
    cleanup: name === "people" ? ("compact" as const) : ("delete" as const),
  });
  await log.createTopics([topic("people"), topic("visits")]);
  const producer = await log.producer({});
  for (const [partition, given] of all.entries()) {
    for (const name of ["people", "visits"] as const) {
      const batch = new BatchWriter();
      for (const { key, time, value } of given[name]) {
        const writer = batch.begin(time, Buffer.from(key));
        if (value === null) batch.tombstone();
        else if (name === "people") writer.append(Buffer.from(String(value)));
        else writer.append(Buffer.from(`${partition}.${value}:${key}`));
        batch.end();
      }
      await producer.send({ topic: name, partition }, batch);
    }
  }
  await producer.close();
}

async function check(seed: number): Promise<void> {
  const numbers = random(seed);
  const delivery = numbers.pick(["exactly-once", "at-least-once"] as const);
  const all = Array.from({ length: partitions }, () => ({
    people: entries(numbers, 60 + numbers.int(120), true),
    visits: entries(numbers, 60 + numbers.int(120), false),
  }));
  const log = await wreck({
    ...{ numbers, delivery, crashes: 1 + numbers.int(6), turnsMax: 45 },
    spec: joining(numbers.chance(0.85)),
    feed: (log) => feed(log, all),
  });
  const found = log.records("out").map(({ value }) => String(value));
  for (const [partition, given] of all.entries()) {
    const mine = found.filter((line) => line.startsWith(`${partition}.`));
    const lines = delivery === "exactly-once" ? mine : [...new Set(mine)];
    const sorted = (list: readonly string[]) =>
      delivery === "exactly-once" ? list : [...list].sort();
    assert.deepEqual(sorted(lines), sorted(oracle(partition, given)), `partition ${partition}`);
  }
}

const seeds = Number(process.env["SEEDS"] ?? 25);
const first = Number(process.env["SEED"] ?? 1);

for (let seed = first; seed < first + seeds; seed += 1) {
  test(`seed ${seed}`, { timeout: 60_000 }, () => check(seed));
}

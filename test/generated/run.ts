/** Runs what was built, on the embedded log, and shows what came of it as the interpreter does. */
import { pathToFileURL } from "node:url";
import type { TableSpec, TopicSpec, Worker, WorkerOptions } from "@streamgen/runtime";
import { type Driver, openDriver } from "@streamgen/runtime/testing";
import type { Random } from "../random.ts";
import type { Workshop } from "./build.ts";
import { type Course, type Meaning, shownRecord } from "./interpret.ts";
import type { Happening, Pipeline } from "./model.ts";
import { show } from "./show.ts";

interface Built {
  readonly createWorker: (options?: WorkerOptions) => Worker;
  readonly topics: Readonly<Record<string, TopicSpec<unknown, unknown>>>;
  readonly tables: Readonly<Record<string, TableSpec<unknown, unknown, unknown>>>;
}

async function load(workshop: Workshop, name: string, hasTables: boolean): Promise<Built> {
  const from = (file: string) => import(pathToFileURL(workshop.compiled(name, file)).href);
  const { createWorker } = await from("worker.js");
  const topics = await from("topics.js");
  const tables = hasTables ? await from("tables.js") : {};
  return { createWorker, topics, tables };
}

export async function run(
  workshop: Workshop,
  {
    name,
    pipeline,
    happenings,
    random,
  }: {
    readonly name: string;
    readonly pipeline: Pipeline;
    readonly happenings: readonly Happening[];
    readonly random: Random;
  },
): Promise<{ readonly meaning: Meaning; readonly course: Course }> {
  const models = pipeline.agents.flatMap((agent) => agent.tables);
  const { createWorker, tables, topics } = await load(workshop, name, models.length > 0);
  const delivery = random.pick(["exactly-once", "at-least-once"] as const);
  const driver = await openDriver(createWorker, { delivery });
  let starts = 1;
  const trouble = random.chance(0.4) ? random.int(happenings.length) : -1;
  for (const [index, happening] of happenings.entries()) {
    if (index === trouble) {
      if (random.chance(0.5)) await driver.idle();
      await (random.chance(0.5) ? driver.crash() : driver.rebalance());
      starts += 1;
    }
    await push(driver, topics[`in${happening.input}Topic`], happening);
  }
  await driver.idle();
  const course = { starts, advancedMs: 10_000 };
  await driver.advance("10s");
  const outputs: Record<string, readonly string[]> = {};
  const names = [
    "lines",
    "tallies",
    "latest",
    ...pipeline.inputs.map(({ number }) => `same${number}`),
  ];
  for (const topic of names) {
    const spec = topics[`${topic}Topic`];
    const records = spec === undefined ? [] : await driver.records(spec);
    if (records.length > 0)
      outputs[topic] = records
        .map(({ key, value, timestamp }) => shownRecord(key, value, timestamp))
        .sort();
  }
  const rows: Record<string, readonly string[]> = {};
  for (const { number } of models) {
    const spec = tables[`t${number}Table`];
    if (spec === undefined) throw new Error(`table t${number} was not generated`);
    const found = await driver.table(spec).rows();
    rows[`t${number}`] = [...found].map(([key, row]) => `${show(key)} ${show(row)}`).sort();
  }
  const skipped = driver.skipped.length;
  await driver.close();
  return { meaning: { outputs, rows, skipped }, course };
}

async function push(
  driver: Driver,
  topic: TopicSpec<unknown, unknown> | undefined,
  happening: Happening,
): Promise<void> {
  // An input that no agent reads is not part of the pipeline.
  if (topic === undefined) return;
  const { at, key, value } = happening;
  if (value === null) await driver.pushTombstone(topic, key);
  else await driver.push(topic, [value], { timestamp: at, ...(key !== undefined && { key }) });
}

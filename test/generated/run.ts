/** Runs what was built, on the embedded log, and shows what came of it as the interpreter does. */
import { pathToFileURL } from "node:url";
import type { TableSpec, TopicSpec, Worker, WorkerOptions } from "@streamgen/runtime";
import { type Driver, openDriver } from "@streamgen/runtime/testing";
import type { Workshop } from "./build.ts";
import type { Case, Trouble } from "./case.ts";
import { type Course, type Meaning, shownRecord } from "./interpret.ts";
import type { Happening, Pipeline, TableModel } from "./model.ts";
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

/** Runs a case to its end, and gives what it has come to. */
export async function run(
  workshop: Workshop,
  name: string,
  { happenings, pipeline, trouble }: Case,
): Promise<{ readonly meaning: Meaning; readonly course: Course }> {
  const tables = pipeline.agents.flatMap((agent) => agent.tables);
  const built = await load(workshop, name, tables.length > 0);
  const driver = await openDriver(built.createWorker, { delivery: trouble.delivery });
  for (const [index, happening] of happenings.entries()) {
    if (index === trouble.at) await disturb(driver, trouble);
    await push(driver, built.topics[`input${happening.input}Topic`], happening);
  }
  await driver.idle();
  await driver.advance("10s");
  const outputs = await readOutputs(driver, built, pipeline);
  const rows = await readRows(driver, built, tables);
  const skipped = driver.skipped.length;
  await driver.close();
  const starts = trouble.at >= 0 && trouble.at < happenings.length ? 2 : 1;
  return { meaning: { outputs, rows, skipped }, course: { starts, advancedMs: 10_000 } };
}

async function disturb(driver: Driver, { isIdle, kind }: Trouble): Promise<void> {
  if (isIdle) await driver.idle();
  await driver[kind]();
}

async function readOutputs(
  driver: Driver,
  { topics }: Built,
  { inputs }: Pipeline,
): Promise<Meaning["outputs"]> {
  const outputs: Record<string, readonly string[]> = {};
  const names = ["lines", "tallies", "latest", ...inputs.map(({ number }) => `same${number}`)];
  for (const name of names) {
    const spec = topics[`${name}Topic`];
    const records = spec === undefined ? [] : await driver.records(spec);
    const texts = records.map(({ key, value, timestamp }) => shownRecord(key, value, timestamp));
    if (texts.length > 0) outputs[name] = texts.sort();
  }
  return outputs;
}

async function readRows(
  driver: Driver,
  { tables }: Built,
  models: readonly TableModel[],
): Promise<Meaning["rows"]> {
  const rows: Record<string, readonly string[]> = {};
  for (const { number } of models) {
    const spec = tables[`t${number}Table`];
    if (spec === undefined) throw new Error(`table t${number} was not generated`);
    const found = await driver.table(spec).rows();
    rows[`t${number}`] = [...found].map(([key, row]) => `${show(key)} ${show(row)}`).sort();
  }
  return rows;
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

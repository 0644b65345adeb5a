/** Runs what was built, on the embedded log, and shows what came of it as the interpreter does. */
import { pathToFileURL } from "node:url";
import type {
  SetTableSpec,
  TableSpec,
  TopicSpec,
  WindowedTableSpec,
  Worker,
  WorkerOptions,
} from "@streamgen/runtime";
import { type Driver, openDriver } from "@streamgen/runtime/testing";
import { Writer } from "../../runtime/codec/writer.ts";
import type { Workshop } from "./build.ts";
import type { Case, Trouble } from "./case.ts";
import { type Course, keyOf, type Meaning, shownDeadLetter, shownRecord } from "./interpret.ts";
import {
  type Agent,
  type Happening,
  isBatch,
  type Pipeline,
  reads,
  type TableModel,
} from "./model.ts";
import { show } from "./show.ts";

interface Built {
  readonly createWorker: (options?: WorkerOptions) => Worker;
  readonly topics: Readonly<Record<string, TopicSpec<unknown, unknown>>>;
  readonly tables: Tables<TableSpec<unknown, unknown, unknown>>;
  readonly windows: Tables<WindowedTableSpec<unknown, unknown, unknown>>;
  readonly sets: Tables<SetTableSpec<unknown, unknown>>;
}

type Tables<Spec> = Readonly<Record<string, Spec>>;

async function load(workshop: Workshop, name: string, hasTables: boolean): Promise<Built> {
  const from = (file: string) => import(pathToFileURL(workshop.compiled(name, file)).href);
  const { createWorker } = await from("worker.js");
  const topics = await from("topics.js");
  const tables = hasTables ? await from("tables.js") : {};
  return { createWorker, topics, tables, windows: tables, sets: tables };
}

/** Runs a case to its end, and gives what it has come to. */
export async function run(
  workshop: Workshop,
  name: string,
  { happenings, pipeline, trouble }: Case,
): Promise<{ readonly meaning: Meaning; readonly course: Course }> {
  const tables = pipeline.agents.flatMap((agent) => agent.tables);
  const built = await load(workshop, name, tables.length > 0);
  const { delivery } = trouble;
  const driver = await openDriver(built.createWorker, { delivery, commitIntervalMs: 1000 });
  const partitions: number[] = [];
  for (const [index, happening] of happenings.entries()) {
    if (index === trouble.at) await disturb(driver, trouble, pipeline.agents.some(isBatch));
    const topic = built.topics[`input${happening.input}Topic`];
    const input = pipeline.inputs.find(({ number }) => number === happening.input);
    const place = { topic, partitions: input?.partitions ?? 1 };
    partitions.push(await push(driver, place, happening));
  }
  // What a batch has gathered waits for the clock; what is sent to others, for a commit.
  await driver.advance("30s");
  const outputs = await readOutputs(driver, built, pipeline);
  const rows = await readRows(driver, built, { happenings, pipeline });
  const skipped = driver.skipped.length;
  await driver.close();
  const starts = trouble.at >= 0 && trouble.at < happenings.length ? 2 : 1;
  return {
    meaning: { outputs, rows, skipped },
    course: { starts, advancedMs: 30_000, partitions },
  };
}

async function disturb(
  driver: Driver,
  { isIdle, kind }: Trouble,
  hasBatches: boolean,
): Promise<void> {
  if (isIdle && !hasBatches) await driver.idle();
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
  const dead = topics["deadTopic"] === undefined ? [] : await driver.records(topics["deadTopic"]);
  const letters = dead.map(({ headers }) =>
    shownDeadLetter(headers["sg-dlq-agent"] ?? "", Number(headers["sg-dlq-timestamp"])),
  );
  if (letters.length > 0) outputs["dead"] = letters.sort();
  return outputs;
}

async function readRows(
  driver: Driver,
  built: Built,
  given: Pick<Case, "happenings" | "pipeline">,
): Promise<Meaning["rows"]> {
  const rows: Record<string, readonly string[]> = {};
  for (const agent of given.pipeline.agents) {
    const keys = keysOf(agent, given);
    for (const table of agent.tables) {
      const found = await rowsOf(driver, built, { table, keys });
      rows[`t${table.number}`] = found.sort();
    }
  }
  return rows;
}

interface Wanted {
  readonly table: TableModel;
  readonly keys: readonly unknown[];
}

async function rowsOf(driver: Driver, built: Built, { table, keys }: Wanted): Promise<string[]> {
  const name = `t${table.number}Table`;
  const [rows, windows, sets] = [built.tables[name], built.windows[name], built.sets[name]];
  if (rows === undefined || windows === undefined || sets === undefined) {
    throw new Error(`table t${table.number} was not generated`);
  }
  const found: string[] = [];
  for (const key of table.kind === "windows" || table.kind === "set" ? keys : []) {
    const inSets = table.kind === "set" ? await driver.sets(sets).elements(key) : [];
    const inWindows = table.kind === "windows" ? await driver.windows(windows).windows(key) : [];
    found.push(...inSets.map((element) => `${show(key)} ${show(element)}`));
    found.push(...inWindows.map(({ value, window }) => `${show(key)} ${window.start} ${value}`));
  }
  if (table.kind !== "windows" && table.kind !== "set") {
    const all = await driver.table(rows).rows();
    found.push(...[...all].map(([key, row]) => `${show(key)} ${show(row)}`));
  }
  return found;
}

/** Every key that an agent may have met. */
function keysOf(
  agent: Agent,
  { happenings, pipeline }: Pick<Case, "happenings" | "pipeline">,
): readonly unknown[] {
  const input = pipeline.inputs.find(({ number }) => number === agent.from);
  const keys = new Map<string, unknown>();
  for (const { input: from, key, value } of happenings) {
    if (value === null) continue;
    const isOwn = reads(agent, from);
    // Tallies have the shown key of the agent that has sent them.
    const found = isOwn
      ? [keyOf(agent, input, { key, value })]
      : agent.from === "tallies"
        ? pipeline.agents
            .filter((sender) => reads(sender, from))
            .map((sender) => {
              const of = pipeline.inputs.find(({ number }) => number === sender.from);
              return show(keyOf(sender, of, { key, value }));
            })
        : [];
    for (const one of found) keys.set(show(one), one);
  }
  return [...keys.values()];
}

interface Place {
  readonly topic: TopicSpec<unknown, unknown> | undefined;
  readonly partitions: number;
}

const placesOf = (topic: string, partitions: number) =>
  Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));

function bytesOf({ key }: TopicSpec<unknown, unknown>, value: unknown): Uint8Array {
  const writer = new Writer(64);
  key.write(writer, value);
  return writer.written();
}

/** Gives the partition. */
async function push(
  driver: Driver,
  { topic, partitions }: Place,
  happening: Happening,
): Promise<number> {
  // An input that no agent reads is not part of the pipeline.
  if (topic === undefined) return 0;
  const ends = async (): Promise<readonly number[]> =>
    (await driver.log.offsets(placesOf(topic.name, partitions))).map(({ end }) => end);
  const before = await ends();
  const { at, key, value } = happening;
  if (value === null) {
    // It moves stream time like any other record, so it needs its own time, not the clock's.
    await driver.pushBytes(topic, { key: bytesOf(topic, key), value, timestamp: at });
  } else await driver.push(topic, [value], { timestamp: at, ...(key !== undefined && { key }) });
  return (await ends()).findIndex((end, partition) => end !== before[partition]);
}

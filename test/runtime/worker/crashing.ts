/** A pipeline of one topic, fed while its workers crash: what it answers, and what is left in the log. */
import { setTimeout as sleep } from "node:timers/promises";
import { type PipelineSpec, pipeline, type Worker } from "@streamgen/runtime";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";
import type { Random } from "../../random.ts";
import { KeptStores } from "../state/kept-stores.ts";
import { keyOf, silent, words } from "./small.ts";

export interface Trial {
  readonly spec: PipelineSpec;
  /** Values are "key:anything". */
  readonly values: readonly string[];
  /** Event times, where they matter. */
  readonly times?: readonly number[];
  readonly delivery: "exactly-once" | "at-least-once";
  readonly crashes: number;
  readonly numbers: Random;
}

export interface Verdict {
  /** What was sent to "out", in order. */
  readonly out: readonly string[];
  readonly log: MemoryLog;
}

async function feed(log: MemoryLog, { values, times }: Trial): Promise<void> {
  const { name, partitions = 1 } = words;
  await log.createTopics([
    { name, partitions, replicas: 1, cleanup: "delete", retentionMs: -1, config: {} },
  ]);
  const producer = await log.producer({});
  const batch = new BatchWriter();
  for (const [index, value] of values.entries()) {
    const out = batch.begin(times?.[index] ?? 1000, Buffer.from(keyOf(value)));
    out.append(Buffer.from(value));
    batch.end();
  }
  await producer.send({ topic: name, partition: 0 }, batch);
}

/** Every other crash is followed by a start on another machine, without what was on disk. */
export async function throughCrashes(trial: Trial): Promise<Verdict> {
  const { crashes, delivery, numbers, spec } = trial;
  const log = memoryLog({ sessionTimeoutMs: 100 });
  await feed(log, trial);
  let stores = new KeptStores();
  const begin = async (index: number) => {
    const connection = log.connect(`worker-${index}`);
    const worker = pipeline(1, spec, {
      ...{ log: connection, logger: silent, stores, instance: "one", delivery, env: {} },
      // Small enough that a run has many commits.
      ...{ commitIntervalMs: 10, stagedMaxBytes: 4000, settleMaxMs: 500 },
    });
    await worker.start();
    return { worker, crash: () => connection.crash() };
  };
  const crashed: Worker[] = [];
  for (let index = 0; index < crashes; index += 1) {
    const { crash, worker } = await begin(index);
    crashed.push(worker);
    await worker.ready();
    await sleep(numbers.int(40));
    crash();
    if (index % 2 === 1) stores = new KeptStores();
  }
  const { worker } = await begin(crashes);
  await worker.ready();
  await worker.idle();
  await worker.stop();
  // No call of theirs ever ends; this lets go of their timers.
  await Promise.allSettled(crashed.map((one) => one.stop()));
  return { out: log.records("out").map(({ value }) => String(value)), log };
}

/** The rows that a compacted changelog would keep. */
export function compacted(log: MemoryLog, topic: string): ReadonlyMap<string, Buffer> {
  const rows = new Map<string, Buffer>();
  for (const { key, value } of log.records(topic)) {
    const text = (key ?? Buffer.alloc(0)).toString("latin1");
    if (value === null) rows.delete(text);
    else rows.set(text, value);
  }
  return rows;
}

/** A program written with avsc and kafkajs alone writes what a worker reads, and reads what it writes. */
import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { type PipelineSpec, pipeline, type Worker, type WorkerOptions } from "@streamgen/runtime";
import { kafkaLog } from "@streamgen/runtime/kafka";
import { modelRegistry, openRegistry, serveModelRegistry } from "@streamgen/runtime/registry";
import { Kafka, logLevel } from "kafkajs";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import type { Log } from "../../../runtime/log/log.ts";
import { memoryLog } from "../../../runtime/log/memory-log.ts";
import { partitionOfKey } from "../../../runtime/log/partitioner.ts";
import { sharedRegistry, withoutRegistry } from "../../kafka/registry.ts";
import { sharedKafka, uniqueName, withoutKafka } from "../../kafka/shared.ts";
import {
  ForeignProgram,
  olderTransferSchema,
  transfer,
  transferSchema,
} from "./foreign-program.ts";
import { silent } from "./small.ts";

/** Loaded by its name, as the sources of fixtures are checked apart. */
const generated = import.meta.resolve("../../../fixtures/readme-transfers/in/generated/worker.ts");
const { createWorker }: { createWorker(options?: WorkerOptions): Worker } = await import(generated);

interface Message {
  readonly key: string;
  readonly value: Buffer;
}

/** Where the worker's topics are, and how another program gets at them. */
interface Place {
  readonly log: Log;
  readonly options: WorkerOptions;
  send(topic: string, messages: readonly Message[]): Promise<void>;
  /** The first `count` values of a topic. */
  receive(topic: string, count: number): Promise<readonly Buffer[]>;
}

async function inMemory(): Promise<Place> {
  const log = memoryLog();
  return {
    log,
    options: {},
    async send(topic, messages) {
      const producer = await log.producer({});
      for (const { key, value } of messages) {
        const batch = new BatchWriter();
        batch.begin(Date.now(), Buffer.from(key)).append(value);
        batch.end();
        const partition = partitionOfKey(Buffer.from(key), 4);
        await producer.send({ topic, partition }, batch);
      }
    },
    receive: async (topic) => log.records(topic).map(({ value }) => Buffer.from(value ?? [])),
  };
}

async function onKafka(t: TestContext): Promise<Place> {
  const { bootstrap } = await sharedKafka();
  const log = kafkaLog({ bootstrap, clientId: "interop" });
  const kafka = new Kafka({ brokers: [...bootstrap], logLevel: logLevel.NOTHING });
  t.after(() => log.close());
  return {
    log,
    options: { delivery: "at-least-once" },
    async send(topic, messages) {
      const producer = kafka.producer();
      await producer.connect();
      await producer.send({ topic, messages: [...messages] });
      await producer.disconnect();
    },
    async receive(topic, count) {
      const consumer = kafka.consumer({ groupId: uniqueName("reader") });
      await consumer.connect();
      await consumer.subscribe({ topic, fromBeginning: true });
      const values: Buffer[] = [];
      await new Promise<void>((resolve) => {
        consumer.run({
          eachMessage: async ({ message }) => {
            values.push(message.value ?? Buffer.alloc(0));
            if (values.length === count) resolve();
          },
        });
      });
      await consumer.disconnect();
      return values;
    },
  };
}

/** The pipeline under names that nobody else uses. */
function uniquePipeline(): { readonly spec: PipelineSpec; nameOf(topic: string): string } {
  const { spec } = createWorker();
  const stem = uniqueName("bank");
  const nameOf = (topic: string): string => `${stem}-${topic}`;
  const topics = Object.fromEntries(spec.topics.map(({ name }) => [name, { name: nameOf(name) }]));
  const groups = spec.groups.map((group) => ({
    ...group,
    tables: group.tables.map((table) => ({ ...table, changelog: nameOf(table.changelog) })),
  }));
  return { spec: { ...spec, groups, config: { ...spec.config, app: stem, topics } }, nameOf };
}

async function exchange(place: Place, registryUrl: string): Promise<void> {
  const { spec, nameOf } = uniquePipeline();
  const registry = openRegistry({ urls: [registryUrl] }, undefined);
  assert.ok(registry !== undefined);
  const worker = pipeline(1, spec, {
    ...{ log: place.log, registry, logger: silent, ...place.options },
  });
  await worker.start();
  try {
    await worker.ready();
    const foreign = new ForeignProgram(registryUrl);
    const transfers = nameOf("transfers");
    const older = await foreign.writer(`${transfers}-value`, olderTransferSchema);
    const same = await foreign.writer(`${transfers}-value`, transferSchema);
    await place.send(transfers, [
      { key: "ann", value: older(transfer(1, "ann", "bob", 12_34)) },
      { key: "ann", value: same(transfer(2, "ann", "cid", 1_500_00)) },
      { key: "bob", value: same(transfer(3, "bob", "ann", 2_00)) },
      { key: "bob", value: older(transfer(4, "bob", "cid", 1)) },
    ]);
    await worker.idle();

    const balances = await values(foreign, await place.receive(nameOf("balances"), 8));
    assert.deepEqual(last(balances), {
      ann: { account: "ann", amount: -1_510_34, entries: 3 },
      bob: { account: "bob", amount: 10_33, entries: 3 },
      cid: { account: "cid", amount: 1_500_01, entries: 2 },
    });
    const [excess] = await values(foreign, await place.receive(nameOf("excesses"), 1));
    const found = excess?.["last"] as Readonly<Record<string, unknown>>;
    assert.deepEqual([excess?.["account"], found["sequence"], found["tags"]], ["ann", 2, ["x"]]);
  } finally {
    await worker.stop();
  }
}

async function values(
  foreign: ForeignProgram,
  list: readonly Buffer[],
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return Promise.all(list.map((value) => foreign.read(value)));
}

/** The last balance of each account, with its decimal as cents. */
function last(balances: readonly Readonly<Record<string, unknown>>[]): object {
  return Object.fromEntries(
    balances
      .map(({ account, amount, entries }) => {
        const { data } = amount as { readonly data: readonly number[] };
        const cents = Number(
          BigInt.asIntN(8 * data.length, BigInt(`0x${Buffer.from(data).toString("hex")}`)),
        );
        return { account, amount: cents, entries };
      })
      .sort((a, b) => Number(a.entries) - Number(b.entries))
      .map((balance) => [balance.account, balance]),
  );
}

async function modelUrl(t: TestContext): Promise<string> {
  const server = await serveModelRegistry(modelRegistry());
  t.after(() => server.close());
  return server.url;
}

test("over the embedded log, through the model registry", async (t) => {
  await exchange(await inMemory(), await modelUrl(t));
});

test("over the embedded log, through Apicurio", { skip: withoutRegistry() }, async () => {
  await exchange(await inMemory(), await sharedRegistry());
});

test("over Kafka, through the model registry", { skip: withoutKafka() }, async (t) => {
  await exchange(await onKafka(t), await modelUrl(t));
});

test("over Kafka, through Apicurio", { skip: withoutKafka() || withoutRegistry() }, async (t) => {
  await exchange(await onKafka(t), await sharedRegistry());
});

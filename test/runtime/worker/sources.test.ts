/** Generated code runs: what a source says about how its records are handed out. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  createProducer,
  type Logger,
  readTopic,
  type TopicRecord,
  type Worker,
} from "@streamgen/runtime";
import { modelRegistry } from "@streamgen/runtime/codec";
import { balancesTable } from "../../../fixtures/sources/in/generated/tables.ts";
import {
  archivedTopic,
  depositsTopic,
  doneTopic,
  jobsTopic,
  readingsTopic,
  reportsTopic,
  withdrawalsTopic,
} from "../../../fixtures/sources/in/generated/topics.ts";
import { createWorker } from "../../../fixtures/sources/in/generated/worker.ts";
import { type ManualClock, manualClock } from "../../../runtime/clock.ts";
import { type MemoryLog, memoryLog } from "../../../runtime/log/memory-log.ts";

const silent = (): void => undefined;
const logger: Logger = { debug: silent, info: silent, warn: silent, error: silent };

/** The fixture's worker on a log whose clock is turned by hand. */
class Sources {
  readonly clock: ManualClock = manualClock(1_700_000_000_000);
  readonly log: MemoryLog = memoryLog({ clock: this.clock });
  readonly registry = modelRegistry();
  readonly settings = { log: this.log, registry: this.registry, now: this.clock.now };
  readonly worker: Worker;

  constructor() {
    const { clock, log, registry } = this;
    this.worker = createWorker({ log, clock, registry, logger });
  }

  async start(): Promise<void> {
    const external = { replicas: 1, cleanup: "delete", retentionMs: -1, config: {} } as const;
    await this.log.createTopics([
      { name: readingsTopic.name, partitions: 2, ...external },
      { name: jobsTopic.name, partitions: 1, ...external },
      { name: depositsTopic.name, partitions: 2, ...external },
      { name: withdrawalsTopic.name, partitions: 2, ...external },
    ]);
    await this.worker.start();
  }

  /** Lets time pass in small steps, so that what functions wait for has its turns. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 25) await this.clock.advance(25);
  }

  async values<V>(records: AsyncIterable<TopicRecord<unknown, V>>): Promise<V[]> {
    const found: V[] = [];
    for await (const { value } of records) if (value !== null) found.push(value);
    return found;
  }
}

test("readings are taken three at a time, or by time", async () => {
  const sources = new Sources();
  await sources.start();
  const producer = await createProducer(readingsTopic, sources.settings);
  for (const celsius of [1, -99, 2, 3, 4]) {
    await producer.send({ sensor: "a", at: new Date(sources.clock.now()), celsius });
  }
  const reports = () => sources.values(readTopic(reportsTopic, sources.settings));
  await sources.pass(1000);
  assert.deepEqual(
    (await reports()).map(({ highest }) => highest),
    [1, 2, 3],
  );
  await sources.pass(10_000);
  assert.deepEqual(await reports().then((all) => all.at(-1)), {
    sensor: "a",
    readings: 4,
    highest: 4,
  });
  await sources.worker.stop();
});

test("jobs become words at a rate; a word that is not ready comes again, others behind it wait", async () => {
  const sources = new Sources();
  await sources.start();
  const producer = await createProducer(jobsTopic, sources.settings);
  await producer.send("a b ?c d", { key: "one" });
  const done = () => sources.values(readTopic(doneTopic, sources.settings));
  await sources.pass(500);
  assert.deepEqual(await done(), [], "a job is acknowledged after its last word");
  await sources.pass(5000);
  const ready = (await done()).sort();
  assert.ok(ready.includes("a") && ready.includes("b") && !ready.includes("?c"));
  assert.ok((sources.worker.health().counts["nacks"] ?? 0) >= 1);
  await sources.pass(60_000);
  assert.ok((sources.worker.health().counts["nacks"] ?? 0) >= 2);
  await sources.worker.stop();
});

test("readings are archived together, without the one that cannot be", async () => {
  const sources = new Sources();
  await sources.start();
  const producer = await createProducer(readingsTopic, sources.settings);
  for (const celsius of [1, Number.NaN, 2, 3, 4]) {
    await producer.send({ sensor: "a", at: new Date(sources.clock.now()), celsius });
  }
  await sources.pass(6000);
  const archived = await sources.values(readTopic(archivedTopic, sources.settings));
  assert.deepEqual(archived, ["a 1", "a 2, a 3", "a 4"]);
  assert.equal(sources.worker.health().counts["skipped"], 1);
  const done = await sources.values(readTopic(doneTopic, sources.settings));
  assert.deepEqual(done, ["first of a"]);
  await sources.worker.stop();
});

test("words come together with their keys", async () => {
  const sources = new Sources();
  await sources.start();
  const producer = await createProducer(jobsTopic, sources.settings);
  await producer.send("x", { key: "one" });
  await sources.pass(3000);
  const archived = await sources.values(readTopic(archivedTopic, sources.settings));
  assert.deepEqual(archived, ["0: x"]);
  await sources.worker.stop();
});

test("two topics are merged by event time, and each record says which one it is of", async () => {
  const sources = new Sources();
  await sources.start();
  const [add, take] = await Promise.all([
    createProducer(depositsTopic, sources.settings),
    createProducer(withdrawalsTopic, sources.settings),
  ]);
  const now = sources.clock.now();
  const times = [1, 2, 3, 4, 5, 6, 7, 8];
  for (const time of times) {
    const common = { account: "ann", at: new Date(now + time) };
    if (time % 3 === 0) await take.send({ ...common, withdrawn: time });
    else await add.send({ ...common, deposited: time });
  }
  await sources.pass(1500);
  const archived = await sources.values(readTopic(archivedTopic, sources.settings));
  const expected = times.map((time) => `ann ${time % 3 === 0 ? "-" : "+"}${time}`);
  assert.deepEqual(archived, expected);
  const rows = sources.log.records(balancesTable.changelog);
  assert.equal(rows.length, 1, "one row, by the key that both topics have");
  await sources.worker.stop();
});

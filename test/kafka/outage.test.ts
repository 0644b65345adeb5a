import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { Producer } from "../../runtime/log/log.ts";
import { batchOf, type Driver, valuesOf } from "../runtime/log/contract/driver.ts";
import { startKafka } from "./broker.ts";
import { settingsFor, withLog } from "./enter.ts";
import { freePorts } from "./ports.ts";
import { uniqueName, withoutKafka } from "./shared.ts";

const skip = withoutKafka();

/** Sends numbers from 0 on, one after the other, until it is told to stop. */
class Load {
  readonly #driver: Driver;
  readonly #topic: string;
  readonly #partitions: number;
  #isStopped = false;
  #sent = 0;
  readonly done: Promise<void>;

  constructor(driver: Driver, topic: string, partitions: number) {
    this.#driver = driver;
    this.#topic = topic;
    this.#partitions = partitions;
    this.done = this.#run();
  }

  /** How many numbers the brokers have acknowledged. */
  get sent(): number {
    return this.#sent;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.done;
  }

  /** Waits until so many more are acknowledged. */
  async progress(more: number): Promise<void> {
    const goal = this.#sent + more;
    while (this.#sent < goal) await Promise.race([this.done, pause(20)]);
  }

  async #run(): Promise<void> {
    const producer = await this.#driver.log.producer({});
    while (!this.#isStopped) {
      await this.#send(producer, this.#sent);
      this.#sent++;
    }
  }

  async #send(producer: Producer, number: number): Promise<void> {
    const partition = number % this.#partitions;
    const batch = batchOf({ key: "k", value: String(number) });
    await producer.send({ topic: this.#topic, partition }, batch);
  }
}

/** Asserts that each partition holds its share of the numbers below `count`, in order, none missing. */
function isWhole(values: readonly (string | null)[], count: number, partitions: number): void {
  for (let partition = 0; partition < partitions; partition++) {
    const seen = new Set(values.map(Number).filter((number) => number % partitions === partition));
    const expected = Array.from({ length: count }, (_, n) => n).filter(
      (number) => number % partitions === partition,
    );
    assert.deepEqual([...seen], expected, `partition ${partition}`);
  }
}

test("brokers that are not there are one clear error that names them", { skip }, async () => {
  const [one, two] = await freePorts(2);
  const bootstrap = [`127.0.0.1:${one}`, `127.0.0.1:${two}`];
  const asking = withLog(
    { bootstrap, clientId: "test" },
    ({ log }) => log.describeTopics(["anything"]),
    { connectTimeoutMs: 2_000 },
  );
  await assert.rejects(asking, (error: Error & { code?: string }) => {
    assert.equal(error.code, "SG6020", error.message);
    for (const address of bootstrap) assert.ok(error.message.includes(address), error.message);
    assert.ok(!error.message.includes("\n"), error.message);
    return true;
  });
});

test("a broker killed twice under load loses nothing acknowledged", { skip }, async (t) => {
  const kafka = await startKafka();
  t.after(() => kafka.stop());
  await withLog(
    settingsFor(kafka, "plaintext"),
    async (driver) => {
      const topic = await driver.topic({ partitions: 2 });
      const group = uniqueName("group");
      const member = await driver.join("one", { group, topics: [topic] });
      const load = new Load(driver, topic, 2);
      let isDone = false;
      const reading = (async () => {
        while (!isDone) await member.poll();
      })();
      for (let round = 0; round < 2; round++) {
        await load.progress(100);
        await kafka.kill();
        await pause(500);
        await kafka.restart();
      }
      await load.progress(100);
      await load.stop();
      isDone = true;
      await reading;
      await driver.settle([member], () => new Set(valuesOf(member.records)).size >= load.sent);
      isWhole(valuesOf(member.records), load.sent, 2);
      const ends = [await driver.end(topic, 0), await driver.end(topic, 1)];
      await member.member.commit(
        ends.map((offset, partition) => ({ topic, partition, offset, metadata: "done" })),
      );
      await member.log.close();
      const next = await driver.join("two", { group, topics: [topic] });
      await driver.share([next], 2);
      const committed = await next.member.committed(
        [0, 1].map((partition) => ({ topic, partition })),
      );
      assert.deepEqual(
        committed.map(({ offset }) => offset),
        ends,
      );
      await next.log.close();
    },
    { callTimeoutMs: 60_000, requestTimeoutMs: 3_000 },
  );
});

test("a broker that answers nothing is an error in time, and then works again", {
  skip,
}, async (t) => {
  const kafka = await startKafka();
  t.after(() => kafka.stop());
  await withLog(
    settingsFor(kafka, "plaintext"),
    async (driver) => {
      const topic = await driver.topic();
      const producer = await driver.log.producer({});
      await driver.send(producer, topic, ["before"]);
      kafka.freeze();
      await assert.rejects(driver.send(producer, topic, ["lost or not"]), { code: "SG6011" });
      await assert.rejects(driver.log.offsets([{ topic, partition: 0 }]), (error: Error) => {
        assert.match(String((error as { code?: unknown }).code), /SG601[12]|SG6020/, error.message);
        return true;
      });
      kafka.thaw();
      await driver.send(producer, topic, ["after"]);
      const seen = await driver.visible(topic);
      assert.equal(seen[0], "before");
      assert.equal(seen.at(-1), "after");
    },
    { callTimeoutMs: 9_000, requestTimeoutMs: 3_000 },
  );
});

test("brokers that restart one after the other lose nothing acknowledged", { skip }, async (t) => {
  const kafka = await startKafka({ brokers: 3 });
  t.after(() => kafka.stop());
  await withLog(
    settingsFor(kafka, "plaintext"),
    async (driver) => {
      const topic = await driver.topic({ partitions: 3, replicas: 3 });
      const member = await driver.join("one", { group: uniqueName("group"), topics: [topic] });
      const load = new Load(driver, topic, 3);
      let isDone = false;
      const reading = (async () => {
        while (!isDone) await member.poll();
      })();
      for (const broker of [1, 2, 3]) {
        await load.progress(50);
        await kafka[broker === 2 ? "kill" : "shutDown"](broker);
        await load.progress(50);
        await kafka.restart(broker);
      }
      await load.progress(50);
      await load.stop();
      isDone = true;
      await reading;
      await driver.settle([member], () => new Set(valuesOf(member.records)).size >= load.sent);
      isWhole(valuesOf(member.records), load.sent, 3);
      await member.log.close();
    },
    { callTimeoutMs: 60_000, requestTimeoutMs: 3_000 },
  );
});

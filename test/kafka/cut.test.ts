/** Connections that break at any time, answers that are lost: what was done is done once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import type { LogRecord } from "../../runtime/log/record.ts";
import { random } from "../random.ts";
import { batchOf, type Driver, recordsOf, valuesOf } from "../runtime/log/contract/driver.ts";
import type { KafkaAccess } from "./access.ts";
import { type Kafka, startKafka } from "./broker.ts";
import { CutProxy } from "./cut-proxy.ts";
import { settingsFor, withLog } from "./enter.ts";
import { withoutKafka } from "./shared.ts";
import { Tally } from "./tally.ts";
import { WorkerProcess } from "./worker-process.ts";

const skip = withoutKafka();
const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
const cuts = 25;

/** Breaks connections at random, every other time after answers were lost. */
async function breakConnections(proxy: CutProxy): Promise<void> {
  const numbers = random(seed);
  for (let count = 0; count < cuts; count++) {
    await pause(numbers.int(300));
    if (numbers.chance(0.5)) {
      proxy.loseAnswers();
      await pause(numbers.int(100));
    }
    proxy.cut();
  }
}

/** One cluster for all: no other test of this machine may hold its proxy's door. It ends with this file. */
let cluster: Promise<Kafka> | undefined;

async function throughProxy(
  body: (kafka: KafkaAccess, proxy: CutProxy) => Promise<void>,
): Promise<void> {
  cluster ??= startKafka();
  const kafka = await cluster;
  const proxy = await CutProxy.open(kafka);
  try {
    await body(kafka, proxy);
    assert.ok(proxy.broken >= cuts / 2, `${proxy.broken} connections were broken`);
    assert.ok(proxy.lost > 0, "no answer was lost");
  } catch (error) {
    throw new Error(`seed ${seed}: ${error}`, { cause: error });
  } finally {
    await proxy.close();
  }
}

/** Sends numbers one after the other for as long as `until` takes; gives how many. */
async function sendNumbers(driver: Driver, topic: string, until: Promise<void>): Promise<number> {
  let isOver = false;
  const over = until.finally(() => {
    isOver = true;
  });
  const producer = await driver.log.producer({});
  let number = 0;
  for (; !isOver; number++) {
    await producer.send({ topic, partition: 0 }, batchOf({ value: String(number) }));
    await pause(5);
  }
  await over;
  return number;
}

test("a producer whose connections break writes each batch once and in order", { skip }, () =>
  throughProxy(async (kafka, proxy) => {
    const sent = await withLog(settingsFor(kafka, "proxied"), async (driver) => {
      const topic = await driver.topic();
      const count = await sendNumbers(driver, topic, breakConnections(proxy));
      return { topic, count };
    });
    await withLog(settingsFor(kafka, "plaintext"), async (driver) => {
      const end = await driver.end(sent.topic);
      const records = await driver.readCount(await driver.reader(sent.topic), end);
      assert.deepEqual(
        valuesOf(records),
        Array.from({ length: sent.count }, (_, number) => String(number)),
      );
    });
  }),
);

test("a reader whose connections break sees every record once and in order", { skip }, () =>
  throughProxy(async (kafka, proxy) => {
    await withLog(settingsFor(kafka, "plaintext"), async (writer) => {
      const topic = await writer.topic();
      const breaking = breakConnections(proxy);
      const [count, seen] = await Promise.all([
        sendNumbers(writer, topic, breaking),
        withLog(settingsFor(kafka, "proxied"), async (driver) => {
          const fetcher = await driver.reader(topic);
          let isOver = false;
          void breaking.finally(() => {
            isOver = true;
          });
          const records: LogRecord[] = [];
          while (!isOver || records.length < (await driver.end(topic))) {
            records.push(...recordsOf(await fetcher.poll(100)));
          }
          return valuesOf(records);
        }),
      ]);
      const expected = Array.from({ length: count }, (_, number) => String(number));
      assert.deepEqual(seen, expected.slice(0, seen.length));
      assert.ok(seen.length >= count - 5, `${seen.length} of ${count}`);
    });
  }),
);

test("a worker whose connections break loses nothing, and its tables are exact", { skip }, () =>
  throughProxy(async (kafka, proxy) => {
    const tally = new Tally(kafka);
    await tally.createInputs();
    const bootstrap = kafka.doors.proxied.join(",");
    const worker = WorkerProcess.start(tally, [bootstrap, tally.state()]);
    try {
      await worker.says(/^started/m);
      const breaking = breakConnections(proxy);
      const numbers = random(seed);
      for (let share = 0; share < 10; share++) {
        await tally.send("happenings", 1_000, { keys: 200, random: numbers });
        await tally.send("calls", 100, { keys: 20, random: numbers });
        await pause(300);
      }
      await breaking;
      await tally.committed("happenings", 60_000);
      await tally.committed("calls", 60_000);
      const { code } = await worker.stop();
      assert.equal(code, 0);
      await tally.verify("happenings");
      await tally.verify("calls");
    } catch (error) {
      const said = worker.said.slice(-3_000);
      throw new Error(`${error}; the worker has said:\n${said}`, { cause: error });
    } finally {
      await worker.kill();
      await tally.close();
    }
  }),
);

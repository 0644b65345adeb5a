/** A program beside the workers, on a real broker. */
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { openClient, type WorkerConfig } from "@streamgen/runtime";
import { sharedKafka, withoutKafka } from "./shared.ts";
import { Tally } from "./tally.ts";

const skip = withoutKafka();

test("a program sends and reads by the settings of the workers", { skip }, async () => {
  const tally = new Tally(await sharedKafka());
  const load = (name: string) =>
    import(pathToFileURL(path.join(tally.folder, `generated/${name}.ts`)).href);
  await tally.createInputs();
  const config: WorkerConfig = (await load("config")).config;
  const { happeningsProducer, happeningsReader } = await load("client");
  const client = await openClient(config, { env: { STREAMGEN_BOOTSTRAP: tally.bootstrap } });
  try {
    const producer = await happeningsProducer(client);
    await producer.send({ key: "a", number: 1 });
    await producer.close();
    const values: unknown[] = [];
    for await (const { value } of happeningsReader(client)) values.push(value);
    assert.deepEqual(values, [{ key: "a", number: 1 }]);
  } finally {
    await client.close();
    await tally.close();
  }
});

test("a program without a cluster is told what to set", async () => {
  const config: WorkerConfig = {
    app: "beside",
    delivery: "at-least-once",
    commitIntervalMs: 100,
    partitions: 1,
    replicas: 1,
    topics: { orders: { name: { env: "ORDERS" } } },
  };
  await assert.rejects(openClient(config, { env: { ORDERS: "o" } }), {
    code: "SG8005",
    message: /STREAMGEN_BOOTSTRAP/,
  });
  await assert.rejects(openClient(config, { env: {} }), { code: "SG8002", message: /ORDERS/ });
});

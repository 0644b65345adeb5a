/** Records by schemas other than the worker's own: waited for, resolved, or somebody's fault. */
import assert from "node:assert/strict";
import test from "node:test";
import { StreamgenError } from "@streamgen/runtime";
import { modelRegistry, type SchemaRegistry, staticRegistry } from "@streamgen/runtime/registry";
import { readOrderForOrders } from "../../../fixtures/shop/in/generated/codecs/shop.ts";
import {
  framed,
  order,
  orderPipeline,
  orderSchema,
  orderType,
  otherOrder,
  otherOrderSchema,
  otherOrderType,
  repartitionedPipeline,
  SchemaBench,
  twoInputPipeline,
} from "./schemas.ts";

/** A registry that does what a test says. */
class Told implements SchemaRegistry {
  readonly model = modelRegistry();
  /** What `schema` throws, while there is something. */
  failure: StreamgenError | undefined;
  readonly asked: number[] = [];

  register(subject: string, text: string): Promise<number> {
    return this.model.register(subject, text);
  }

  lookup(subject: string, text: string): Promise<number | undefined> {
    return this.model.lookup(subject, text);
  }

  async schema(id: number): Promise<string> {
    this.asked.push(id);
    if (this.failure !== undefined) throw this.failure;
    return this.model.schema(id);
  }
}

const away = (code: `SG${number}`): StreamgenError => new StreamgenError(code, "as the test says");

test("only what is written is registered; what is only read is looked up", async () => {
  const bench = new SchemaBench();
  await bench.create();
  const registry = modelRegistry();
  const worker = bench.worker(registry);
  await worker.start();
  await bench.settle();
  assert.deepEqual(registry.subjects(), ["large-value"]);
  await worker.stop();
});

test("another program's schema is fetched once and resolved, projections included", async () => {
  for (const read of [undefined, readOrderForOrders]) {
    const bench = new SchemaBench();
    await bench.create();
    const registry = new Told();
    registry.model.level = "NONE";
    const own = await registry.register("orders-value", orderSchema);
    const other = await registry.register("orders-value", otherOrderSchema);
    const spec = orderPipeline(read === undefined ? {} : { read });
    await bench.send(0, framed(own, orderType.toBuffer(order(1))));
    await bench.send(0, framed(other, otherOrderType.toBuffer(otherOrder(2))));
    await bench.send(0, framed(other, otherOrderType.toBuffer(otherOrder(3))));
    await bench.send(1, framed(other, otherOrderType.toBuffer(otherOrder(4))));
    const worker = bench.worker(registry, spec);
    await worker.start();
    await worker.idle();
    assert.deepEqual([...bench.totals].sort(), [2, 4, 6, 8]);
    assert.deepEqual(registry.asked, [other, other], "once in each partition");
    await worker.stop();
  }
});

test("the same schema in other words is the worker's own", async () => {
  const bench = new SchemaBench();
  await bench.create();
  const registry = modelRegistry();
  const words = JSON.stringify({ ...JSON.parse(orderSchema), doc: "Other words." });
  const id = await registry.register("orders-value", words);
  await bench.send(0, framed(id, orderType.toBuffer(order(5))));
  const worker = bench.worker(registry);
  await worker.start();
  await worker.idle();
  assert.deepEqual(bench.totals, [10]);
  await worker.stop();
});

// The last is a secret that cannot be read.
for (const code of ["SG5041", "SG5042", "SG5043", "SG8101"] as const) {
  test(`a registry that fails by ${code} holds up its partition, and no other`, async () => {
    const bench = new SchemaBench();
    await bench.create();
    const registry = new Told();
    registry.model.level = "NONE";
    const own = await registry.register("orders-value", orderSchema);
    const other = await registry.register("orders-value", otherOrderSchema);
    await bench.send(0, framed(other, otherOrderType.toBuffer(otherOrder(1))));
    await bench.send(0, framed(own, orderType.toBuffer(order(2))));
    await bench.send(1, framed(own, orderType.toBuffer(order(3))));
    registry.failure = away(code);
    const worker = bench.worker(registry, orderPipeline({ onError: "skip" }));
    await worker.start();
    await bench.settle();
    assert.deepEqual(bench.totals, [6]);
    assert.equal(worker.health().counts["partitionsWaitingForSchema"], 1);
    const waits = () => bench.lines.filter((line) => line.includes("waits for a schema"));
    assert.equal(waits().length, 1);
    assert.ok(waits()[0]?.includes(`"topic":"orders","partition":0,"offset":0,"schema":${other}`));
    assert.ok(waits()[0]?.includes(`"nextTryMs":1000,"code":"${code}"`));

    await bench.settle(70_000);
    assert.equal(waits().length, 7, "after 1, 2, 4, 8, 16 and 30 seconds");
    await bench.send(1, framed(own, orderType.toBuffer(order(4))));
    await bench.settle();
    assert.deepEqual(bench.totals, [6, 8]);
    assert.deepEqual(bench.skipped, []);

    registry.failure = undefined;
    await bench.settle(30_000);
    assert.deepEqual(bench.totals, [6, 8, 2, 4]);
    assert.equal(worker.health().counts["partitionsWaitingForSchema"], 0);
    await worker.stop();
  });
}

test("a schema that is missing twice, 30 s apart, is the record's fault", async () => {
  const bench = new SchemaBench();
  await bench.create();
  const registry = new Told();
  const own = await registry.register("orders-value", orderSchema);
  await bench.send(0, framed(77, orderType.toBuffer(order(1))));
  await bench.send(0, framed(own, orderType.toBuffer(order(2))));
  await bench.send(0, framed(77, orderType.toBuffer(order(3))));
  const worker = bench.worker(registry, orderPipeline({ onError: "skip" }));
  await worker.start();
  await bench.settle(29_000);
  assert.deepEqual(registry.asked, [77]);
  assert.deepEqual(bench.totals, []);
  await bench.settle(2000);
  assert.deepEqual(registry.asked, [77, 77]);
  assert.deepEqual(bench.totals, [4]);
  assert.deepEqual(
    bench.skipped.map(({ code, place }) => [code, place.partition, place.offset]),
    [
      ["SG5032", 0, 0],
      ["SG5032", 0, 2],
    ],
  );
  await worker.stop();
});

test("a missing schema stops the task where its agent says so", async () => {
  const bench = new SchemaBench();
  await bench.create();
  await bench.send(0, framed(77, orderType.toBuffer(order(1))));
  const worker = bench.worker(new Told());
  await worker.start();
  await bench.settle(31_000);
  assert.deepEqual(
    bench.errors.map(({ code, place }) => [code, place.topic, place.offset, place.agent]),
    [["SG5032", "orders", 0, "enlarge"]],
  );
  await worker.stop();
});

test("a registry that was away between two answers does not make it the record's fault", async () => {
  const bench = new SchemaBench();
  await bench.create();
  const registry = new Told();
  registry.model.level = "NONE";
  await registry.register("orders-value", orderSchema);
  const other = await registry.register("orders-value", otherOrderSchema);
  await bench.send(0, framed(other, otherOrderType.toBuffer(otherOrder(1))));
  registry.failure = away("SG5032");
  const worker = bench.worker(registry);
  await worker.start();
  await bench.settle();
  registry.failure = away("SG5041");
  await bench.settle(40_000);
  registry.failure = undefined;
  await bench.settle(40_000);
  assert.deepEqual(bench.totals, [2]);
  await worker.stop();
});

test("a schema that cannot be resolved is the record's fault at once, with the reason", async () => {
  const bench = new SchemaBench();
  await bench.create();
  const registry = modelRegistry();
  registry.level = "NONE";
  const strange = JSON.stringify({
    type: "record",
    name: "shop.Order",
    fields: [{ name: "id", type: "long" }],
  });
  const renamed = orderSchema.replace("shop.Order", "shop.Purchase");
  const wrong = [
    await registry.register("orders-value", strange),
    await registry.register("orders-value", renamed),
    await registry.register("orders-value", '"string"'),
  ];
  for (const id of wrong) await bench.send(0, framed(id, Buffer.from([0])));
  const worker = bench.worker(registry, orderPipeline({ onError: "skip" }));
  await worker.start();
  await worker.idle();
  assert.deepEqual(
    bench.skipped.map(({ code }) => code),
    ["SG5052", "SG5052", "SG5052"],
  );
  const [first, second, third] = bench.skipped.map(({ message }) => message);
  assert.match(first ?? "", /schema 1: field "id": it is long there and string here/);
  assert.match(second ?? "", /"shop\.Purchase" there and record "shop\.Order" here; if it is/);
  assert.match(third ?? "", /it is string there and record/);
  await worker.stop();
});

test("a worker that waits for a schema stops all the same, and the next one goes on", async () => {
  const bench = new SchemaBench();
  await bench.create();
  const registry = new Told();
  registry.model.level = "NONE";
  await registry.register("orders-value", orderSchema);
  const other = await registry.register("orders-value", otherOrderSchema);
  await bench.send(0, framed(other, otherOrderType.toBuffer(otherOrder(1))));
  registry.failure = away("SG5041");
  const worker = bench.worker(registry);
  await worker.start();
  await bench.settle();
  await worker.stop();
  registry.failure = undefined;
  const next = bench.worker(registry);
  await next.start();
  await next.idle();
  assert.deepEqual(bench.totals, [2]);
  await next.stop();
});

test("ids from the configuration need no server, and say so where they are missing", async () => {
  const bench = new SchemaBench();
  await bench.create();
  await bench.send(0, framed(11, orderType.toBuffer(order(1))));
  await bench.send(0, framed(99, orderType.toBuffer(order(2))));
  const registry = staticRegistry({ "orders-value": 11, "large-value": 12 });
  const worker = bench.worker(registry, orderPipeline({ onError: "skip" }));
  await worker.start();
  await worker.idle();
  assert.deepEqual(bench.totals, [2]);
  assert.equal(bench.log.records("large")[0]?.value?.[4], 12);
  assert.deepEqual(
    bench.skipped.map(({ code }) => code),
    ["SG5047"],
  );
  await worker.stop();

  const poor = bench.worker(staticRegistry({ "orders-value": 11 }));
  await poor.start();
  await assert.rejects(poor.ready(), /registry\.ids has no id for subject "large-value"/);
  await poor.stop();
});

test("values keep their id on the way through a repartition topic, which has none of its own", async () => {
  for (const registry of [
    staticRegistry({ "orders-value": 11, "large-value": 12 }),
    modelRegistry(),
  ]) {
    const bench = new SchemaBench();
    await bench.create();
    const id = (await registry.lookup("orders-value", orderSchema)) ?? 0;
    const own = id === 0 ? await registry.register("orders-value", orderSchema) : id;
    await bench.send(0, framed(own, orderType.toBuffer(order(3))));
    const worker = bench.worker(registry, repartitionedPipeline());
    await worker.start();
    await worker.idle();
    assert.deepEqual(bench.totals, [6]);
    if ("subjects" in registry)
      assert.deepEqual(registry.subjects(), ["large-value", "orders-value"]);
    await worker.stop();
  }
});

test("each missing schema is waited for once, and later ones are confirmed by one call", async () => {
  const bench = new SchemaBench();
  await bench.create();
  const registry = new Told();
  await registry.register("orders-value", orderSchema);
  const missing = [77, 78, 77, 78].map((id) => framed(id, orderType.toBuffer(order(1))));
  await bench.send(0, ...missing);
  const worker = bench.worker(registry, orderPipeline({ onError: "skip" }));
  await worker.start();
  await bench.settle(61_000);
  assert.equal(bench.skipped.length, 4);
  assert.deepEqual(registry.asked, [77, 77, 78, 78]);
  await bench.settle(60_000);
  await bench.send(0, ...missing);
  await bench.settle(1000);
  assert.equal(bench.skipped.length, 8);
  assert.deepEqual(registry.asked, [77, 77, 78, 78, 77, 78]);
  await worker.stop();
});

test("a registry that takes its time is mentioned before it answers", async () => {
  const bench = new SchemaBench();
  await bench.create();
  await bench.send(0, framed(77, orderType.toBuffer(order(1))));
  let answer = (_: string): void => undefined;
  const registry: SchemaRegistry = {
    register: async () => 5,
    lookup: async () => undefined,
    schema: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  };
  const worker = bench.worker(registry);
  await worker.start();
  await bench.settle(1900);
  assert.equal(bench.lines.length, 0);
  await bench.settle(10_000);
  assert.equal(bench.lines.length, 1);
  assert.ok(bench.lines[0]?.includes('"schema":77,"reason":"no answer yet"'));
  answer(orderSchema);
  await bench.settle();
  assert.deepEqual(bench.totals, [2]);
  await worker.stop();
});

test("where a task has two inputs, neither overtakes the one that waits", async () => {
  const bench = new SchemaBench();
  await bench.create();
  const registry = new Told();
  registry.model.level = "NONE";
  const own = await registry.register("orders-value", orderSchema);
  const other = await registry.register("orders-value", otherOrderSchema);
  await bench.send(0, framed(other, otherOrderType.toBuffer(otherOrder(1))));
  await bench.clock.advance(10);
  await bench.create("returns");
  await bench.send("returns/0", framed(own, orderType.toBuffer(order(2))));
  registry.failure = away("SG5041");
  const worker = bench.worker(registry, twoInputPipeline());
  await worker.start();
  await bench.settle(5000);
  assert.deepEqual(bench.totals, []);
  assert.equal(worker.health().counts["inputWaits"], undefined);
  registry.failure = undefined;
  await bench.settle(10_000);
  assert.deepEqual(bench.totals, [2, 4]);
  await worker.stop();
});

test("a registry that is away when a schema has to be registered ends the worker", async () => {
  const bench = new SchemaBench();
  await bench.create();
  const registry: SchemaRegistry = {
    register: async () => {
      throw away("SG5041");
    },
    lookup: async () => undefined,
    schema: async () => orderSchema,
  };
  const worker = bench.worker(registry);
  await worker.start();
  await assert.rejects(worker.ready(), /as the test says/);
  assert.equal(worker.health().state, "failed");
  await worker.stop().catch(() => undefined);
});

test("subjects are named by the strategy", async () => {
  for (const [strategy, subject] of [
    ["record", "shop.LargeOrder"],
    ["topic-record", "large-shop.LargeOrder"],
  ] as const) {
    const bench = new SchemaBench();
    await bench.create();
    const model = modelRegistry();
    const registry: SchemaRegistry = {
      strategy,
      register: (name, text) => model.register(name, text),
      lookup: (name, text) => model.lookup(name, text),
      schema: (id) => model.schema(id),
    };
    const worker = bench.worker(registry);
    await worker.start();
    await bench.settle();
    assert.deepEqual(model.subjects(), [subject]);
    await worker.stop();
  }
});

test("a log that outlives the worker, and no registry: the worker does not start", async () => {
  const bench = new SchemaBench();
  await bench.create();
  const { log, clock } = bench;
  const lasting = {
    createTopics: log.createTopics.bind(log),
    describeTopics: log.describeTopics.bind(log),
    offsets: log.offsets.bind(log),
    topicNames: log.topicNames.bind(log),
    offsetsAt: log.offsetsAt.bind(log),
    deleteRecords: log.deleteRecords.bind(log),
    join: log.join.bind(log),
    fetcher: log.fetcher.bind(log),
    producer: log.producer.bind(log),
    close: log.close.bind(log),
  };
  const { pipeline } = await import("@streamgen/runtime");
  const worker = pipeline(1, orderPipeline(), { log: lasting, clock });
  await assert.rejects(
    worker.start(),
    (error) =>
      error instanceof StreamgenError &&
      error.code === "SG5060" &&
      error.message.includes('"orders", "large"') &&
      error.message.includes("registry.url"),
  );
});

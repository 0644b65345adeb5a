import assert from "node:assert/strict";
import test from "node:test";
import {
  modelRegistry,
  openRegistry,
  staticRegistry,
  subjectOf,
} from "../../../../runtime/codec/registry/index.ts";
import { StreamgenError } from "../../../../runtime/errors.ts";
import { field, record, serve } from "./serving.ts";

const order = record("shop.Order", field("id", "string"));
const fails = (code: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof StreamgenError, String(error));
  assert.equal(error.code, code);
  assert.match(error.message, message);
  return true;
};

test("subjects are named by topic, by record, or by both", () => {
  assert.equal(subjectOf(undefined, "orders", order), "orders-value");
  assert.equal(subjectOf("topic", "orders", '"int"'), "orders-value");
  assert.equal(subjectOf("record", "orders", order), "shop.Order");
  assert.equal(subjectOf("topic-record", "orders", order), "orders-shop.Order");
  assert.throws(() => subjectOf("record", "orders", '"int"'), fails("SG5040", /no records/));
  assert.throws(() => subjectOf("record", "o", '["null"]'), fails("SG5040", /topic "o"/));
});

test("ids without a server", async () => {
  const registry = staticRegistry({ "orders-value": 17 });
  assert.equal(await registry.register("orders-value", order), 17);
  assert.equal(await registry.lookup("orders-value", order), 17);
  assert.equal(await registry.lookup("alerts-value", order), undefined);
  await assert.rejects(registry.register("alerts-value", order), fails("SG5047", /"alerts-value"/));
  await assert.rejects(registry.schema(17), fails("SG5047", /schema 17/));
  registry.introduce?.("orders-value", order);
  assert.equal(await registry.schema(17), order);
  for (const id of [0, -1, 1.5, 2_147_483_648, Number.NaN]) {
    assert.throws(() => staticRegistry({ a: id }), fails("SG5040", /subject "a"/));
  }
});

test("ids come first, and a server knows the rest", async () => {
  const behind = modelRegistry();
  const id = await behind.register("alerts-value", order);
  const registry = staticRegistry({ "orders-value": 17 }, { behind });
  assert.equal(await registry.register("orders-value", order), 17);
  assert.equal(await registry.register("alerts-value", order), id);
  assert.equal(await registry.schema(id), order);
  assert.deepEqual(behind.subjects(), ["alerts-value"]);
});

test("what a configuration says becomes a registry, or none", async (t) => {
  assert.equal(openRegistry(undefined, undefined), undefined);
  assert.equal(openRegistry({ urls: [] }, {}), undefined);
  const ids = { "shop.Order": 5 };
  const alone = openRegistry(undefined, ids, { subjects: "record" });
  assert.equal(alone?.strategy, "record");
  assert.equal(await alone?.lookup("shop.Order", order), 5);
  const { url } = await serve(t);
  const server = openRegistry({ urls: [url], subjects: "topic-record" }, undefined);
  assert.equal(server?.strategy, "topic-record");
  assert.equal(await server?.register("orders-shop.Order", order), 1);
  const both = openRegistry({ urls: [url], subjects: "record" }, ids);
  assert.equal(both?.strategy, "record");
  assert.equal(await both?.register("shop.Order", order), 5);
  assert.equal(await both?.schema(1), order);
});

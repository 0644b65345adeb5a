import assert from "node:assert/strict";
import test from "node:test";
import avsc from "avsc";
import { canonicalForm } from "../../../runtime/avro/canonical.ts";
import { fingerprint } from "../../../runtime/avro/fingerprint.ts";
import { type Schema, schemaText } from "../../../runtime/avro/schema.ts";

const status: Schema = { type: "enum", name: "shop.Status", symbols: ["new", "paid"] };
const line: Schema = {
  type: "record",
  name: "shop.Line",
  fields: [
    { name: "status", type: status },
    { name: "hash", type: { type: "fixed", name: "shop.Hash", size: 4 } },
  ],
};
const order: Schema = {
  type: "record",
  name: "shop.Order",
  doc: "Is not part of the canonical form.",
  fields: [
    { name: "status", type: status, aliases: ["state"] },
    { name: "lines", type: { type: "array", items: line } },
    { name: "first", type: ["null", line], default: null },
    { name: "next", type: ["null", "shop.Order"], default: null },
    { name: "attributes", type: { type: "map", values: "long" } },
    { name: "at", type: { type: "long", logicalType: "timestamp-millis" } },
  ],
};

test("a schema's text defines each name where it is used first", () => {
  const text = schemaText(order);
  assert.equal(text.match(/"name":"shop\.(?:Line|Status|Hash|Order)"/g)?.length, 4);
  const type = avsc.Type.forSchema(JSON.parse(text));
  assert.equal(type.name, "shop.Order");
});

test("the canonical form is the one that other implementations have", () => {
  const type = avsc.Type.forSchema(JSON.parse(schemaText(order)));
  assert.equal(canonicalForm(order), JSON.stringify(type.schema()));
});

test("fingerprints are those of Avro's specification", () => {
  const known: Readonly<Record<string, string>> = {
    null: "63dd24e7cc258f8a",
    boolean: "9f42fc78a4d4f764",
    int: "7275d51a3f395c8f",
    long: "d054e14493f41db7",
    string: "8f014872634503c7",
    bytes: "4fc016dac3201965",
  };
  for (const [name, expected] of Object.entries(known)) {
    assert.equal(fingerprint(name).toString(16).padStart(16, "0"), expected);
  }
  const reordered: Schema = { ...order, doc: "Other words." };
  assert.equal(fingerprint(reordered), fingerprint(order));
});

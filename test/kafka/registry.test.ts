import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedRegistry, withoutRegistry } from "./registry.ts";
import { uniqueName } from "./shared.ts";

test("a schema gets an id and is found by it", { skip: withoutRegistry() }, async () => {
  const url = await sharedRegistry();
  const schema = JSON.stringify({
    type: "record",
    name: uniqueName("R").replaceAll("-", "_"),
    fields: [],
  });
  const answer = await fetch(`${url}/subjects/${uniqueName("orders")}/versions`, {
    method: "POST",
    headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
    body: JSON.stringify({ schema }),
  });
  const { id } = (await answer.json()) as { id: number };
  const found = await fetch(`${url}/schemas/ids/${id}`);
  const { schema: text } = (await found.json()) as { schema: string };
  assert.deepEqual(JSON.parse(text), JSON.parse(schema));
});

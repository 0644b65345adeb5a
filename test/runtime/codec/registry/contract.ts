/** What every registry does that workers may be given, as the client sees it. */
import assert from "node:assert/strict";
import test from "node:test";
import { canonicalForm } from "../../../../runtime/avro/canonical.ts";
import { parseSchema } from "../../../../runtime/avro/parse.ts";
import {
  type RegistryClient,
  registryClient,
  staticRegistry,
} from "../../../../runtime/codec/registry/index.ts";
import { StreamgenError } from "../../../../runtime/errors.ts";
import { field, record } from "./serving.ts";

export interface ContractOptions {
  /** What the registry is called in the tests' names. */
  readonly name: string;
  readonly skip: string | false;
  url(): Promise<string>;
}

const fails =
  (code: string) =>
  (error: unknown): true => {
    assert.ok(error instanceof StreamgenError, String(error));
    assert.equal(error.code, code, error.message);
    return true;
  };

const sameSchema = (found: string, expected: string): void =>
  assert.equal(canonicalForm(parseSchema(found)), canonicalForm(parseSchema(expected)));

/** Adds the tests of the contract for one registry. */
export function registryContract({ name, skip, url }: ContractOptions): void {
  const stem = `t${process.pid}x${Date.now().toString(36)}`;
  let count = 0;

  function contract(
    what: string,
    run: (registry: RegistryClient, own: string, address: string) => Promise<void>,
  ): void {
    test(`${name}: ${what}`, { skip }, async () => {
      const address = await url();
      count += 1;
      await run(registryClient({ urls: [address] }), `${stem}n${count}`, address);
    });
  }

  contract("a schema has one id under all its subjects, and keeps it", async (registry, own) => {
    const schema = record(`shop.${own}`, field("id", "string"));
    assert.equal(await registry.lookup(`${own}-value`, schema), undefined);
    const id = await registry.register(`${own}-value`, schema);
    assert.equal(await registry.register(`${own}-value`, schema), id);
    assert.equal(await registry.register(`shop.${own}`, schema), id);
    assert.equal(await registry.register(`${own}-shop.${own}`, schema), id);
    assert.equal(await registry.lookup(`${own}-value`, schema), id);
    sameSchema(await registry.schema(id), schema);
  });

  contract("versions follow each other, and the latest is the last", async (registry, own) => {
    const first = record(own, field("id", "string"));
    const second = record(own, field("id", "string"), field("n", "long", { default: 7 }));
    assert.deepEqual(await registry.versions(own), []);
    assert.equal(await registry.version(own, "latest"), undefined);
    const ids = [await registry.register(own, first), await registry.register(own, second)];
    assert.equal(new Set(ids).size, 2);
    assert.deepEqual(await registry.versions(own), [1, 2]);
    const latest = await registry.version(own, "latest");
    assert.equal(latest?.version, 2);
    assert.equal(latest?.id, ids[1]);
    sameSchema(latest?.schema ?? "", second);
    assert.equal(await registry.version(own, 9), undefined);
    assert.ok((await registry.subjects()).includes(own));
  });

  contract("ids that nobody has are unknown", async (registry) => {
    await assert.rejects(registry.schema(2_147_483_000), fails("SG5032"));
  });

  contract("an incompatible schema is refused as such", async (registry, own) => {
    await registry.register(own, record(own, field("id", "string")));
    const worse = record(own, field("id", "string"), field("must", "string"));
    await assert.rejects(registry.register(own, worse), fails("SG5045"));
  });

  contract("what is no schema is refused", async (registry, own) => {
    const wrong = '{"type":"record","name":"X"}';
    await assert.rejects(registry.register(own, wrong), fails("SG5046"));
  });

  contract("references come whole", async (registry, own, address) => {
    const city = record(`shop.City${own}`, field("name", "string"));
    await registry.register(`city-${own}`, city);
    const answer = await fetch(`${address}/subjects/person-${own}/versions`, {
      method: "POST",
      headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
      body: JSON.stringify({
        schema: record(`shop.Person${own}`, field("home", `shop.City${own}`)),
        references: [{ name: `shop.City${own}`, subject: `city-${own}`, version: 1 }],
      }),
    });
    const { id } = (await answer.json()) as { readonly id: number };
    const whole = record(`shop.Person${own}`, field("home", JSON.parse(city)));
    sameSchema(await registry.schema(id), whole);
  });

  contract("ids of the configuration come before its own", async (registry, own) => {
    const schema = record(own, field("id", "string"));
    const both = staticRegistry({ [`${own}-value`]: 4711 }, { behind: registry });
    assert.equal(await both.register(`${own}-value`, schema), 4711);
    const id = await both.register(`${own}-other`, schema);
    sameSchema(await both.schema(id), schema);
  });
}

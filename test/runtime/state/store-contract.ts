/** What every store must do. Call it from a test file, once for each implementation. */
import assert from "node:assert/strict";
import test from "node:test";
import type { Checkpoint, Store } from "../../../runtime/state/store.ts";
import { packRows, type WriteBatch } from "../../../runtime/state/write-batch.ts";
import { type Random, random } from "../../random.ts";

const at = (changelogOffset: number): Checkpoint => ({
  changelogOffset,
  sourceOffsets: { orders: changelogOffset * 2 },
  streamTime: 1000 + changelogOffset,
  wallTimeMs: 1_700_000_000_000 + changelogOffset,
});
const bytes = (text: string): Buffer => Buffer.from(text, "latin1");
const rows = (store: Store, from?: string, to?: string): readonly string[] =>
  [...store.scan(from === undefined ? from : bytes(from), to === undefined ? to : bytes(to))].map(
    ([key, value]) => `${key.toString("latin1")}=${value.toString("latin1")}`,
  );
const batch = (list: Readonly<Record<string, string | null>>): WriteBatch =>
  packRows(
    Object.entries(list)
      .map(([key, value]) => [bytes(key), value === null ? null : bytes(value)] as const)
      .sort(([a], [b]) => Buffer.compare(a, b)),
  );

export function storeContract(name: string, open: () => Promise<Store>): void {
  const check = (what: string, body: (store: Store) => Promise<void>): void => {
    test(`${name}: ${what}`, async () => {
      const store = await open();
      try {
        await body(store);
      } finally {
        await store.close();
      }
    });
  };

  check("an empty store has no rows and no checkpoint", async (store) => {
    assert.equal(store.checkpoint, undefined);
    assert.equal(store.get(bytes("a")), undefined);
    assert.deepEqual(await store.getMany([bytes("a")]), [undefined]);
    assert.deepEqual(rows(store), []);
  });

  check("what is written is found, alone and together", async (store) => {
    await store.write(batch({ a: "1", b: "2" }), at(2));
    assert.equal(String(store.get(bytes("a"))), "1");
    const many = await store.getMany([bytes("b"), bytes("x"), bytes("a"), bytes("b")]);
    assert.deepEqual(many.map(String), ["2", "undefined", "1", "2"]);
  });

  check("values that getMany gives belong to the caller", async (store) => {
    await store.write(batch({ a: "1" }), at(1));
    const [value] = await store.getMany([bytes("a")]);
    value?.fill(0);
    assert.equal(String(store.get(bytes("a"))), "1");
  });

  check("a null value deletes, also where there is no row", async (store) => {
    await store.write(batch({ a: "1", b: "2" }), at(2));
    await store.write(batch({ a: null, z: null }), at(4));
    assert.equal(store.get(bytes("a")), undefined);
    assert.deepEqual(rows(store), ["b=2"]);
  });

  check("a later value replaces an earlier one, and an empty value is a value", async (store) => {
    await store.write(batch({ a: "1" }), at(1));
    await store.write(batch({ a: "" }), at(2));
    assert.equal(store.get(bytes("a"))?.length, 0);
    assert.deepEqual(rows(store), ["a="]);
  });

  check("the checkpoint is the last batch's", async (store) => {
    await store.write(batch({ a: "1" }), at(1));
    await store.write(batch({}), at(7));
    assert.deepEqual(store.checkpoint, at(7));
  });

  check("batches begun one after the other do not overtake", async (store) => {
    const writes = ["1", "2", "3", "4"].map((value, n) => store.write(batch({ a: value }), at(n)));
    await Promise.all(writes);
    assert.equal(String(store.get(bytes("a"))), "4");
    assert.deepEqual(store.checkpoint, at(3));
  });

  check("scans go by unsigned bytes, a prefix first", async (store) => {
    await store.write(batch({ "\xff": "4", a: "1", "a\x00": "2", "\x80": "3", "": "0" }), at(1));
    assert.deepEqual(rows(store), ["=0", "a=1", "a\x00=2", "\x80=3", "\xff=4"]);
  });

  check("a scan begins at its first bound and ends before its second", async (store) => {
    await store.write(batch({ a: "1", b: "2", c: "3", d: "4" }), at(1));
    assert.deepEqual(rows(store, "b", "d"), ["b=2", "c=3"]);
    assert.deepEqual(rows(store, "bb"), ["c=3", "d=4"]);
    assert.deepEqual(rows(store, undefined, "b"), ["a=1"]);
    assert.deepEqual(rows(store, "d", "b"), []);
  });

  check("a scan gives each untouched row once while others are written", async (store) => {
    await store.write(batch({ a: "1", c: "3", e: "5" }), at(1));
    const seen: string[] = [];
    for (const [key] of store.scan()) {
      seen.push(key.toString("latin1"));
      if (seen.length === 1) await store.write(batch({ b: "2", c: null, d: "4" }), at(2));
    }
    assert.deepEqual(
      seen.filter((key) => key === "a" || key === "e"),
      ["a", "e"],
    );
  });

  check("a range that nobody looks for is removed, and later rows of it stay", async (store) => {
    await store.write(batch({ a: "1", b: "2", ba: "3", c: "4" }), at(1));
    await store.discard(bytes("b"), bytes("c"));
    assert.deepEqual(rows(store), ["a=1", "c=4"]);
    assert.equal(store.get(bytes("ba")), undefined);
    assert.deepEqual(store.checkpoint, at(1));
    await store.write(batch({ bb: "5" }), at(2));
    assert.deepEqual(rows(store), ["a=1", "bb=5", "c=4"]);
    await store.discard(bytes("d"), bytes("e"));
    assert.deepEqual(rows(store), ["a=1", "bb=5", "c=4"]);
  });

  check("wiping removes every row and the checkpoint", async (store) => {
    await store.write(batch({ a: "1", b: "2" }), at(2));
    await store.wipe();
    assert.deepEqual(rows(store), []);
    assert.equal(store.checkpoint, undefined);
    await store.write(batch({ c: "3" }), at(1));
    assert.deepEqual(rows(store), ["c=3"]);
  });

  check("flushing changes nothing that can be read", async (store) => {
    await store.write(batch({ a: "1" }), at(1));
    await store.flush();
    assert.deepEqual(rows(store), ["a=1"]);
  });

  for (const seed of [1, 2, 3]) {
    check(`many batches leave what a map would hold (seed ${seed})`, (store) =>
      compareWithMap(store, random(seed)),
    );
  }
}

async function compareWithMap(store: Store, numbers: Random): Promise<void> {
  const model = new Map<string, string>();
  for (let round = 1; round <= 40; round += 1) {
    const list: Record<string, string | null> = Object.create(null);
    for (let write = numbers.int(60); write > 0; write -= 1) {
      const key = numbers.bytes(1 + numbers.int(2)).toString("latin1");
      list[key] = numbers.chance(0.3) ? null : String(numbers.int(1000));
    }
    await store.write(batch(list), at(round));
    for (const [key, value] of Object.entries(list)) {
      if (value === null) model.delete(key);
      else model.set(key, value);
    }
    if (numbers.chance(0.3)) {
      const expected = [...model]
        .sort(([a], [b]) => Buffer.compare(bytes(a), bytes(b)))
        .map(([key, value]) => `${key}=${value}`);
      assert.deepEqual(rows(store), expected);
    }
  }
  for (const [key, value] of model) assert.equal(String(store.get(bytes(key))), value);
}

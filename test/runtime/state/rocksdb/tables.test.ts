import assert from "node:assert/strict";
import test from "node:test";
import type { Store, StoreEngine } from "../../../../runtime/state/store.ts";
import { packRows } from "../../../../runtime/state/write-batch.ts";
import { type Random, random } from "../../../random.ts";
import { checkpointAt, newFolder, put, shown, withEngine } from "./folder.ts";

test("64 partitions of 4 tables live in one database, and are all there again", async () => {
  const folder = newFolder("many");
  const names = ["a", "b", "c", "d"];
  const each = async (engine: StoreEngine, use: (store: Store, at: number) => Promise<void>) => {
    const places = names.flatMap((name) =>
      Array.from({ length: 64 }, (_, at) => [name, at] as const),
    );
    await Promise.all(
      places.map(async ([name, partition], index) => {
        const store = await engine.open(name, partition);
        await use(store, index);
        await store.flush();
        await store.close();
      }),
    );
  };
  await withEngine(folder, (engine) =>
    each(engine, (store, index) => put(store, { a: String(index), b: "2" }, index)),
  );
  await withEngine(folder, (engine) =>
    each(engine, async (store, index) => {
      assert.deepEqual(store.checkpoint, checkpointAt(index));
      assert.deepEqual((await store.getMany([Buffer.from("a")])).map(String), [String(index)]);
    }),
  );
});

test("wiping a table leaves its neighbours, also over a restart", async () => {
  const folder = newFolder("wipe");
  await withEngine(folder, async (engine) => {
    const stores = await Promise.all(
      [0, 1, 2].map((partition) => engine.open("counts", partition)),
    );
    for (const [index, store] of stores.entries()) await put(store, { a: String(index) }, index);
    await stores[1]?.wipe();
    assert.deepEqual(stores.map(shown), ["a=0", "", "a=2"]);
    await stores[2]?.close();
    await engine.wipe("counts", 2);
    await engine.wipe("counts", 9);
  });
  await withEngine(folder, async (engine) => {
    const stores = await Promise.all(
      [0, 1, 2].map((partition) => engine.open("counts", partition)),
    );
    assert.deepEqual(stores.map(shown), ["a=0", "", ""]);
    assert.deepEqual(
      stores.map((store) => store.checkpoint),
      [checkpointAt(0), undefined, undefined],
    );
  });
});

test("a store is open once, wiped only while it is closed, and not used behind its end", async () => {
  const folder = newFolder("misuse");
  await withEngine(folder, async (engine) => {
    const store = await engine.open("counts", 0);
    await assert.rejects(engine.open("counts", 0), { code: "SG9702" });
    await assert.rejects(engine.wipe("counts", 0), { code: "SG9702" });
    await store.close();
    assert.throws(() => store.get(Buffer.from("a")), { code: "SG9702" });
    await assert.rejects(put(store, {}, 1), { code: "SG9702" });
    await (await engine.open("counts", 0)).close();
  });
  const { result } = await withEngine(folder, (engine) => engine.open("counts", 0));
  assert.throws(() => result.get(Buffer.from("a")), { code: "SG7018" });
  await assert.rejects(result.flush(), { code: "SG7018" });
});

test("rows of very different sizes are read and scanned whole", async () => {
  await withEngine(newFolder("sizes"), async (engine) => {
    const store = await engine.open("counts", 0);
    const sizes = [0, 1, 1_000_000, 3, 16_383, 16_384, 5_000_000, 40];
    const rows = sizes.map((size, index) => {
      const key = Buffer.concat([Buffer.from([index]), Buffer.alloc(size % 70_000, 7)]);
      return [key, Buffer.alloc(size, index)] as const;
    });
    await store.write(packRows(rows), checkpointAt(1));
    for (const [key, value] of rows) assert.ok(store.get(key)?.equals(value));
    const many = await store.getMany(rows.map(([key]) => key));
    assert.ok(many.every((value, index) => value?.equals(rows[index]?.[1] ?? Buffer.alloc(0))));
    const scanned = [...store.scan()];
    assert.equal(scanned.length, rows.length);
    assert.ok(scanned.every(([key], index) => key.equals(rows[index]?.[0] ?? Buffer.alloc(0))));
  });
});

test("a large batch holds up no reads: they are answered while it is written", async () => {
  await withEngine(newFolder("large"), async (engine) => {
    const [store, other] = [await engine.open("counts", 0), await engine.open("counts", 1)];
    await put(other, { a: "1" }, 1);
    const rows = Array.from({ length: 50_000 }, (_, index) => {
      const key = Buffer.alloc(8);
      key.writeUInt32BE(index);
      return [key, Buffer.from(String(index))] as const;
    });
    let isWritten = false;
    const writing = store.write(packRows(rows), checkpointAt(2)).then(() => {
      isWritten = true;
    });
    assert.equal(String(other.get(Buffer.from("a"))), "1");
    await other.getMany([Buffer.from("a")]);
    assert.equal(isWritten, false);
    await writing;
    assert.equal([...store.scan()].length, rows.length);
  });
});

for (const seed of [1, 2]) {
  test(`tables that are closed, wiped and reopened at random hold what maps would (seed ${seed})`, async () => {
    const numbers = random(seed);
    const folder = newFolder("random");
    const models = Array.from({ length: 3 }, (): Model => ({ rows: new Map(), at: undefined }));
    for (let life = 0; life < 4; life += 1) {
      await withEngine(folder, async (engine) => {
        for (const [partition, model] of models.entries()) {
          await liveThrough(engine, partition, model, numbers);
        }
      });
    }
  });
}

interface Model {
  readonly rows: Map<string, string>;
  at: number | undefined;
}

/** Opens a store twice, compares it with the model, and changes both alike. */
async function liveThrough(
  engine: StoreEngine,
  partition: number,
  model: Model,
  numbers: Random,
): Promise<void> {
  for (let visit = 0; visit < 2; visit += 1) {
    const store = await engine.open("counts", partition);
    assert.deepEqual(store.checkpoint, model.at === undefined ? undefined : checkpointAt(model.at));
    assert.equal(shown(store), modelShown(model));
    for (let left = numbers.int(12); left > 0; left -= 1) await change(store, model, numbers);
    if (numbers.chance(0.3)) await store.flush();
    await store.close();
    if (!numbers.chance(0.15)) continue;
    await engine.wipe("counts", partition);
    model.rows.clear();
    model.at = undefined;
  }
}

async function change(store: Store, model: Model, numbers: Random): Promise<void> {
  if (numbers.chance(0.05)) {
    await store.wipe();
    model.rows.clear();
    model.at = undefined;
    return;
  }
  const rows: Record<string, string | null> = {};
  for (let left = numbers.int(30); left > 0; left -= 1) {
    const value = numbers.chance(0.3) ? null : String(numbers.int(1000));
    const key = `k${numbers.int(60)}`;
    rows[key] = value;
    if (value === null) model.rows.delete(key);
    else model.rows.set(key, value);
  }
  model.at = numbers.int(1000);
  await put(store, rows, model.at);
}

function modelShown({ rows }: Model): string {
  return [...rows]
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([key, value]) => `${key}=${value}`)
    .join(" ");
}

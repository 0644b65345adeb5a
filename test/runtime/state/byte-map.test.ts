import assert from "node:assert/strict";
import test from "node:test";
import { ByteMap, hashBytes } from "../../../runtime/state/byte-map.ts";
import { random } from "../../random.ts";

test("a byte map holds what a map would, through growth and removal", () => {
  for (const seed of [1, 2, 3, 4]) {
    const numbers = random(seed);
    const map = new ByteMap<{ readonly key: Buffer; readonly hash: number; value: number }>();
    const model = new Map<string, number>();
    for (let step = 0; step < 5000; step += 1) {
      const key = numbers.bytes(1 + numbers.int(2));
      // Few hashes, so that probes are long and holes are filled from afar.
      const hash = hashBytes(key) & 0x3f;
      const text = key.toString("latin1");
      const entry = map.get(key, hash);
      assert.equal(entry?.value, model.get(text), `seed ${seed}, step ${step}`);
      if (entry !== undefined && numbers.chance(0.5)) {
        map.remove(entry);
        model.delete(text);
      } else if (entry === undefined) {
        map.add({ key, hash, value: step });
        model.set(text, step);
      }
      assert.equal(map.size, model.size);
    }
    assert.deepEqual(
      [...map.entries()].map(({ key }) => key.toString("latin1")).sort(),
      [...model.keys()].sort(),
    );
  }
});

test("keys that collide in one process do not in another", async () => {
  const file = new URL("../../../runtime/state/byte-map.ts?another", import.meta.url).href;
  const another: { readonly hashBytes: typeof hashBytes } = await import(file);
  const lowBits = 0x3ff;
  const colliding: Buffer[] = [];
  for (let number = 0; colliding.length < 64; number += 1) {
    const key = Buffer.from(`key-${number}`);
    if ((hashBytes(key) & lowBits) === 7) colliding.push(key);
  }
  const places = new Set(colliding.map((key) => another.hashBytes(key) & lowBits));
  assert.ok(places.size > 32, `${places.size} places`);
});

test("the order of entries does not depend on hashes", () => {
  const map = new ByteMap<{ readonly key: Buffer; readonly hash: number }>();
  for (const text of ["d", "b", "a", "c"]) {
    const key = Buffer.from(text);
    map.add({ key, hash: hashBytes(key) });
  }
  assert.equal(
    map
      .entries()
      .map(({ key }) => String(key))
      .join(""),
    "abcd",
  );
});

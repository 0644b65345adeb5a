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

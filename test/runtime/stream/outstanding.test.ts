/** What was handed out and is not acknowledged, against a plain set. */
import assert from "node:assert/strict";
import test from "node:test";
import { Outstanding } from "../../../runtime/stream/outstanding.ts";
import { readOffsets, writeOffsets } from "../../../runtime/worker/sources/agent-places.ts";
import { random } from "../../random.ts";

for (let seed = 1; seed <= 50; seed += 1) {
  test(`handing out, acknowledging and taking back in any order, seed ${seed}`, () => {
    const numbers = random(seed);
    const outstanding = new Outstanding<{ readonly offset: number }>();
    const model = new Set<number>();
    const items = new Map<number, { readonly offset: number }>();
    let next = 0;
    for (let step = 0; step < 400; step += 1) {
      const choice = numbers.int(5);
      if (choice < 2) {
        next += 1 + numbers.int(3);
        const item = { offset: next };
        items.set(next, item);
        outstanding.add(item);
        model.add(next);
      } else {
        const offset = numbers.int(next + 2);
        const item = items.get(offset);
        if (item === undefined) assert.equal(outstanding.find(offset), undefined);
        else if (choice < 4) assert.equal(outstanding.remove(item), model.delete(offset));
        else if (!model.has(offset)) {
          outstanding.add(item);
          model.add(offset);
        }
      }
      const sorted = [...model].sort((a, b) => a - b);
      assert.equal(outstanding.first?.offset, sorted[0]);
      assert.equal(outstanding.size, model.size);
      assert.deepEqual(
        outstanding.items.map(({ offset }) => offset),
        sorted,
      );
    }
    const offsets = outstanding.items.map(({ offset }) => offset);
    assert.deepEqual(readOffsets(writeOffsets(offsets)), offsets);
  });
}

test("text that is no list of offsets is refused", () => {
  for (const text of ["1,,2", "-1", "1.5", "x y", "1,zzzzzzzzzzzzzzzz"]) {
    assert.equal(readOffsets(text), undefined, text);
  }
});

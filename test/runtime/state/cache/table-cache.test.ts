import assert from "node:assert/strict";
import test from "node:test";
import { CacheBudget } from "../../../../runtime/state/cache/budget.ts";
import { TableCache } from "../../../../runtime/state/cache/table-cache.ts";
import { UndoLog } from "../../../../runtime/state/undo.ts";
import { random } from "../../../random.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");
const open = (budget: CacheBudget): TableCache =>
  new TableCache(budget, new UndoLog(), { undone: () => undefined, redo: () => undefined });

/** The keys of the next batch for the store, in its order. */
function flushedKeys(cache: TableCache): readonly string[] {
  const { flight, batch } = cache.takeOff();
  const cursor = batch.cursor();
  const keys: string[] = [];
  while (cursor.next()) keys.push(cursor.key().toString("latin1"));
  cache.committed.land(flight, true);
  assert.equal(batch.count, keys.length);
  return keys;
}

test("batches for the store are sorted by key, whatever the keys share", () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const numbers = random(seed);
    const cache = open(new CacheBudget(1 << 20));
    const prefix = "x".repeat(numbers.int(9));
    const keys = new Set<string>();
    for (let count = numbers.int(3000); count > 0; count -= 1) {
      // Zeros at the end, as keys that end early are compared as if they had some.
      const tail = numbers.bytes(numbers.int(4)).map((byte) => (numbers.chance(0.5) ? 0 : byte));
      const digits = numbers.chance(0.5) ? String(numbers.int(100_000)) : "";
      keys.add(prefix + digits + Buffer.from(tail).toString("latin1"));
    }
    if (numbers.chance(0.5)) keys.add("");
    for (const key of keys) cache.accept(bytes(key), bytes("v"), 0, 1);
    const expected = [...keys].sort((a, b) => Buffer.compare(bytes(a), bytes(b)));
    assert.deepEqual(flushedKeys(cache), expected, `seed ${seed}`);
  }
});

test("memory stays within the budget of all tables, and comes back", () => {
  const budget = new CacheBudget(1 << 20);
  const before = budget.usedBytes;
  const caches = Array.from({ length: 8 }, () => open(budget));
  const value = Buffer.alloc(100, 1);
  for (let round = 0; round < 200; round += 1) {
    for (const [index, cache] of caches.entries()) {
      for (let row = 0; row < 50; row += 1) {
        cache.accept(bytes(`${index}-${round}-${row}`), value, 0, value.length);
      }
      flushedKeys(cache);
    }
    // What moves needs room before its old place is free; an index grows at once.
    const boundBytes = budget.limitBytes + 2 * budget.slabBytes;
    assert.ok(budget.usedBytes <= boundBytes, `${budget.usedBytes} in round ${round}`);
  }
  assert.equal(budget.unflushedBytes, 0);
  for (const cache of caches) cache.close();
  assert.equal(budget.usedBytes, before);
});

test("rows that only the cache has are kept beyond the budget", () => {
  const budget = new CacheBudget(1 << 16, 4096);
  const cache = open(budget);
  const value = Buffer.alloc(100, 1);
  for (let row = 0; row < 2000; row += 1) cache.accept(bytes(`${row}`), value, 0, value.length);
  assert.ok(budget.usedBytes > budget.limitBytes);
  for (let row = 0; row < 2000; row += 1) assert.notEqual(cache.find(bytes(`${row}`)), 0);
  assert.equal(cache.committed.hasForgotten, false);
  flushedKeys(cache);
  for (let row = 0; row < 2000; row += 1) cache.accept(bytes("one"), value, 0, row % 100);
  cache.accept(bytes("two"), Buffer.alloc(3000, 1), 0, 3000);
  assert.ok(cache.committed.hasForgotten);
});

test("rows that are used stay while others go", () => {
  const budget = new CacheBudget(1 << 17, 4096);
  const cache = open(budget);
  const value = Buffer.alloc(50, 1);
  const often = Array.from({ length: 100 }, (_, index) => bytes(`often-${index}`));
  for (const key of often) cache.add(key, value);
  for (let row = 0; row < 20_000; row += 1) {
    cache.add(bytes(`once-${row}`), value);
    const used = cache.find(often[row % often.length] ?? Buffer.alloc(0));
    if (used !== 0) cache.refer(used);
  }
  const left = often.filter((key) => cache.find(key) !== 0);
  assert.equal(left.length, often.length);
  assert.equal(cache.find(bytes("once-1")), 0);
});

test("a value that grows with every write does not fill the memory", () => {
  const budget = new CacheBudget(1 << 20);
  const cache = open(budget);
  const slot = cache.touch(bytes("list"));
  const value = Buffer.alloc(20_000, 1);
  for (let length = 1; length < value.length; length += 20) cache.put(slot, value, 0, length, 0);
  assert.ok(cache.openBytes < 1_000_000, String(cache.openBytes));
});

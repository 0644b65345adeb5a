/**
 * Run by crash.test.ts until it is killed: checks that the store is some whole prefix of the batches
 * with its own checkpoint, says which, and writes on. Batch n is the same in every run.
 */
import assert from "node:assert/strict";
import { packRows } from "../../../../runtime/state/write-batch.ts";
import { random } from "../../../random.ts";
import { checkpointAt, withEngine } from "./folder.ts";

const flushEvery = 37;

/** Keys in order; `null` deletes. */
function batch(n: number): readonly (readonly [key: string, value: string | null])[] {
  const numbers = random(n);
  const rows = new Map<string, string | null>();
  for (let left = 1 + numbers.int(40); left > 0; left -= 1) {
    const value = numbers.chance(0.3) ? null : `${n}:${"x".repeat(numbers.int(400))}`;
    rows.set(`key ${String(numbers.int(300)).padStart(3, "0")}`, value);
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
}

function rowsAfter(batches: number): readonly string[] {
  const rows = new Map<string, string>();
  for (let n = 1; n <= batches; n += 1) {
    for (const [key, value] of batch(n)) {
      if (value === null) rows.delete(key);
      else rows.set(key, value);
    }
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${key}=${value}`);
}

const [folder = ""] = process.argv.slice(2);
await withEngine(folder, async (engine) => {
  const store = await engine.open("counts", 0);
  const batches = store.checkpoint?.changelogOffset ?? 0;
  const rows = [...store.scan()].map(([key, value]) => `${key}=${value}`);
  assert.deepEqual(rows, rowsAfter(batches));
  if (batches > 0) assert.deepEqual(store.checkpoint, checkpointAt(batches));
  process.stdout.write(`begin ${batches}\n`);
  for (let n = batches + 1; ; n += 1) {
    const packed = packRows(
      batch(n).map(([key, value]) => [
        Buffer.from(key),
        value === null ? null : Buffer.from(value),
      ]),
    );
    await store.write(packed, checkpointAt(n));
    if (n % flushEvery === 0) await store.flush();
    process.stdout.write(`wrote ${n}\n`);
  }
});

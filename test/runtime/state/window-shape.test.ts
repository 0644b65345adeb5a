/** Windows as numbers, against their definition; and where their rows are. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  firstRowKey,
  markKey,
  startOf,
  windowPrefix,
} from "../../../runtime/state/windows/window-key.ts";
import { WindowShape } from "../../../runtime/state/windows/window-shape.ts";
import { random } from "../../random.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

test("the windows of a time are those that begin at multiples of the step and hold it", () => {
  const numbers = random(seed);
  for (let round = 0; round < 2000; round += 1) {
    const sizeMs = 1 + numbers.int(40);
    const advanceMs = 1 + numbers.int(sizeMs);
    const [graceMs, expiresMs] = [numbers.int(20), numbers.int(20)];
    const shape = new WindowShape({ sizeMs, advanceMs, graceMs, expiresMs });
    const time = numbers.int(400) - 200;
    const streamTime = numbers.int(400) - 200;
    const starts: number[] = [];
    for (let n = -400; n <= 400; n += 1) starts.push(n * advanceMs);
    const holding = starts.filter((start) => start <= time && time < start + sizeMs);
    const about = `seed ${seed}: ${JSON.stringify({ sizeMs, advanceMs, graceMs, time, streamTime })}`;
    assert.equal(shape.first(time), holding[0], about);
    assert.equal(shape.last(time), holding.at(-1), about);
    const isOpen = (start: number) => start + sizeMs + graceMs > streamTime;
    assert.equal(shape.firstOpen(streamTime), starts.find(isOpen), about);
    assert.equal(shape.isLate(time, streamTime), !holding.some(isOpen), about);
    const isKept = (start: number) => start + sizeMs + graceMs + expiresMs > streamTime;
    assert.equal(shape.firstKept(streamTime), starts.find(isKept), about);
    assert.equal(shape.isLate(time, shape.closesAt(time) - 1), false, about);
    assert.equal(shape.isLate(time, shape.closesAt(time)), true, about);
  }
});

test("rows are in the order of their windows, before and after 1970, behind the mark", () => {
  const far = 2 ** 53 - 1;
  const starts = [-far, -(2 ** 40), -(2 ** 32), -1, 0, 1, 2 ** 32 - 1, 2 ** 32, 2 ** 40, far];
  const keys = starts.map(windowPrefix);
  assert.deepEqual(keys.map(startOf), starts);
  assert.deepEqual(keys.toSorted(Buffer.compare), keys);
  const [first = markKey] = keys;
  assert.ok(Buffer.compare(markKey, firstRowKey) < 0);
  assert.ok(Buffer.compare(firstRowKey, first) < 0);
});

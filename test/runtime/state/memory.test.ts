import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import test from "node:test";
import { temporaryFolder } from "../../temporary.ts";

const mib = 1024 * 1024;
/** Rows lie outside of these, and V8 would let them grow by what nobody needs. */
const smallHeaps = ["--max-old-space-size=64", "--max-semi-space-size=4"];
/** Beside the budgets: the heaps of two threads, and what the allocator keeps. */
const surroundingsBytes = 96 * mib;

test("256 tables of 300 MB stay within the budgets, whatever is written to them", () => {
  const program = path.join(import.meta.dirname, "memory-of-tables.ts");
  const output = execFileSync(
    process.execPath,
    [...smallHeaps, "--import=tsx", "--conditions=@streamgen/source", program, temporaryFolder()],
    { encoding: "utf8" },
  );
  const report: Readonly<Record<string, number>> = JSON.parse(output);
  const { budgetBytes = 0, cacheBytes = 0, cachePeakBytes = 0, dataBytes = 0 } = report;
  assert.equal(report["wrong"], 0, "rows were lost or mixed up");
  assert.ok(cachePeakBytes <= cacheBytes * 1.01, output);
  const boundBytes = budgetBytes + surroundingsBytes;
  assert.ok(boundBytes < dataBytes, "the test proves nothing: all rows would fit");
  assert.ok((report["grownBytes"] ?? Number.NaN) <= boundBytes, output);
});

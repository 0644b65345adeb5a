import assert from "node:assert/strict";
import test from "node:test";
import { partitionShare } from "../../../../runtime/log/kafka/options.ts";

test("partitions share what may be fetched, down to what makes sense for one", () => {
  const mib = 1024 * 1024;
  const options = { fetchMaxBytes: 32 * mib, partitionMaxBytes: mib };
  assert.equal(partitionShare(options, 0), mib);
  assert.equal(partitionShare(options, 16), mib);
  assert.equal(partitionShare(options, 64), mib / 4);
  assert.equal(partitionShare(options, 10_000), mib / 16);
  assert.equal(partitionShare({ ...options, partitionMaxBytes: 1_000 }, 64), 1_000);
});

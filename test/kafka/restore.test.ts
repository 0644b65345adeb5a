/** A worker that is killed while it restores its tables from a broker goes on where it was. */
import assert from "node:assert/strict";
import test from "node:test";
import { sharedKafka, withoutKafka } from "./shared.ts";
import { Tally } from "./tally.ts";
import { WorkerProcess } from "./worker-process.ts";

const skip = withoutKafka();
const keys = 200_000;
const patienceMs = 120_000;

/** Records read by the restores of the large table that a worker has finished. */
function restoredRecords(said: string): number {
  return [...said.matchAll(/^restored \S+-happenings \d+ (\d+)$/gm)]
    .map((match) => Number(match[1]))
    .reduce((sum, records) => sum + records, 0);
}

test("200,000 rows over four partitions: a restore that is killed is resumed", {
  skip,
}, async () => {
  const tally = new Tally(await sharedKafka());
  const start = (state: string): WorkerProcess =>
    WorkerProcess.start(tally, [tally.bootstrap, state, "worker-0"]);
  try {
    await tally.createInputs();
    await tally.sendKeys(
      "happenings",
      // Long ones, so that a partition's restore flushes several times on its way.
      Array.from({ length: keys }, (_, index) => `key-${index}`.padEnd(200, "-")),
    );
    const first = start(tally.state());
    await first.says(/^started$/m, patienceMs);
    await tally.committed("happenings", patienceMs);
    await first.stop();

    const state = tally.state();
    const killed = start(state);
    // More than what is flushed at a time, and not all of it.
    await killed.says(/^restoring counts \d [23]\d{4} of /m, patienceMs);
    await killed.kill();
    assert.ok(restoredRecords(killed.said) < keys, "it was killed too late");

    const second = start(state);
    for (const partition of [0, 1, 2, 3]) {
      await second.says(new RegExp(`^restored \\S+-happenings ${partition} `, "m"), patienceMs);
    }
    const records = restoredRecords(second.said);
    assert.ok(records > 0 && records < keys, `${records} of ${keys} were read again`);
    await tally.send("happenings", 1000, { keys: 1, random: { int: () => 0 } });
    await tally.committed("happenings", patienceMs);
    await second.says(/^started$/m, patienceMs);
    assert.equal((await second.stop()).code, 0, second.said);
    await tally.verify("happenings");
    await tally.verifyStores(state);
  } finally {
    await tally.close();
  }
});

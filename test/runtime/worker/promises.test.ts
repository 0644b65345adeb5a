import assert from "node:assert/strict";
import { createHook } from "node:async_hooks";
import test from "node:test";
import { BatchWriter } from "../../../runtime/log/batch-writer.ts";
import { Bench, countTable, each, group, out, spec } from "./small.ts";

/** Starting, polling and committing make some 350 promises, whatever the number of records. */
const records = 50_000;

async function fill(bench: Bench): Promise<void> {
  await bench.create("words");
  const batch = new BatchWriter();
  for (let n = 0; n < records; n += 1) {
    batch.begin(1000, Buffer.from(`key-${n % 100}`)).append(Buffer.from(`key-${n % 100}`));
    batch.end();
  }
  const producer = await bench.log.producer({});
  await producer.send({ topic: "words", partition: 0 }, batch);
}

test("a synchronous agent makes less than one promise per 100 records", async () => {
  const agent = each("count", (task) => {
    const rows = task.table(countTable);
    const sink = task.sink(out);
    return (value) => sink.send(`${value}:${rows.update(value, (n) => n + 1)}`);
  });
  const bench = new Bench(spec([group([agent])]));
  await fill(bench);
  let promises = 0;
  const hook = createHook({
    init(_, type) {
      if (type === "PROMISE") promises += 1;
    },
  });
  hook.enable();
  try {
    await bench.run();
  } finally {
    hook.disable();
  }
  assert.equal(bench.values("out").length, records);
  assert.ok(promises > 0, "the hook has counted");
  assert.ok(promises < records / 100, `${promises} promises for ${records} records`);
});

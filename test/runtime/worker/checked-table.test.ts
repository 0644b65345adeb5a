import assert from "node:assert/strict";
import test from "node:test";
import { source, type TopicSpec } from "@streamgen/runtime";
import { Bench, countTable, each, group, spec, words } from "./small.ts";

const partitions = 4;
const wide: TopicSpec<string, string> = {
  ...words,
  partitions,
  keyOf: (value) => value.split(":")[0] ?? "",
};

/** A bench whose agent counts by what `keyOf` makes of a value. */
function counting(keyOf: (value: string) => string): Bench {
  const agent = each("count", (task) => {
    const counts = task.checkedTable(countTable);
    return (value) => counts.update(keyOf(value), (n) => n + 1);
  });
  const sources = [source({ topic: wide, agents: [agent] })];
  return new Bench(spec([group([], { sources })], { topics: [wide] }));
}

test("a table may be used by the record's own key, and by others of its partition", async () => {
  const bench = counting((value) => value.split(":")[0] ?? "");
  await bench.send(["a:1", "b:1", "a:2", "c:1"], wide);
  await bench.run();
  assert.equal(bench.worker.health().error, undefined);
});

test("a key whose rows are in another partition stops the task and names groupBy", async () => {
  const bench = counting((value) => value.split(":")[1] ?? "");
  await bench.send(["a:one", "b:two", "c:three", "d:four"], wide);
  await assert.rejects(bench.run(), (error) => {
    assert.ok(error instanceof Error && "code" in error);
    assert.equal(error.code, "SG8026");
    assert.match(error.message, /table "counts" is used by the key "\w+".*groupBy/);
    return true;
  });
});

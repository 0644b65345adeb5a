/** A worker with a table of sets: what its changelog holds, crashes, keys of other partitions, views. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  type SetTableSpec,
  type SetViewHandle,
  type StartSpec,
  source,
  type TopicSpec,
} from "@streamgen/runtime";
import { stringKey } from "@streamgen/runtime/codec";
import { random } from "../../random.ts";
import { compacted, throughCrashes } from "./crashing.ts";
import { Bench, each, group, keyOf, out, spec, words } from "./small.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

const tags: SetTableSpec<string, string> = {
  name: "tags",
  key: stringKey,
  element: stringKey,
  changelog: "small-tags-changelog",
};

/** "key:+a" adds, "key:-a" deletes, "key:!" clears; each answers with all that the key has. */
const tagging = each("tag", (task) => {
  const sets = task.set(tags);
  const sink = task.sink(out);
  return (value) => {
    const key = keyOf(value);
    const verb = value.charAt(key.length + 1);
    const tag = value.slice(key.length + 2);
    if (verb === "+") sets.add(key, tag);
    else if (verb === "-") sets.delete(key, tag);
    else sets.clear(key);
    sink.send(`${key}:${[...sets.elements(key)].join(" ")}`);
  };
});
const shape = spec([group([tagging], { tables: [tags] })]);

function operations(count: number): readonly string[] {
  const numbers = random(seed);
  return Array.from({ length: count }, () => {
    const key = `k${numbers.int(5)}`;
    if (numbers.chance(0.05)) return `${key}:!`;
    return `${key}:${numbers.chance(0.6) ? "+" : "-"}t${numbers.int(8)}`;
  });
}

/** The answers, and what is left. */
function interpret(values: readonly string[]) {
  const sets = new Map<string, Set<string>>();
  const answers = values.map((value) => {
    const key = keyOf(value);
    const set = sets.get(key) ?? new Set<string>();
    sets.set(key, set);
    const tag = value.slice(key.length + 2);
    if (value.includes("+")) set.add(tag);
    else if (value.includes("-")) set.delete(tag);
    else set.clear();
    return `${key}:${[...set].sort().join(" ")}`;
  });
  const left = [...sets].flatMap(([key, set]) => [...set].map((tag) => `${key}\0\x01${tag}`));
  return { answers, left: left.sort() };
}

for (const delivery of ["exactly-once", "at-least-once"] as const) {
  test(`sets survive crashes between any two records, ${delivery}, seed ${seed}`, async () => {
    const values = operations(4000);
    const numbers = random(seed);
    const found = await throughCrashes({
      ...{ spec: shape, values, delivery, numbers },
      crashes: 8,
    });
    const { answers, left } = interpret(values);
    const last = found.out.slice(-answers.length);
    if (delivery === "exactly-once") assert.deepEqual(found.out, answers);
    else assert.deepEqual(last.slice(-100), answers.slice(-100));
    const rows = compacted(found.log, tags.changelog);
    assert.deepEqual([...rows.keys()].sort(), left, "the changelog compacts to what is there");
  });
}

test("a set by a key of another partition is refused", async () => {
  const wide: TopicSpec<string, string> = { ...words, partitions: 4, keyOf };
  const foreign = each("foreign", (task) => {
    const sets = task.checkedSet(tags);
    return (value) => {
      sets.add(value.slice(value.indexOf(":") + 1), "x");
    };
  });
  const sources = [source({ topic: wide, agents: [foreign] })];
  const bench = new Bench(spec([group([], { sources, tables: [tags] })], { topics: [wide] }));
  await bench.send(["a:a", "b:b"], wide);
  await bench.run();
  await bench.send(["a:one", "b:two", "c:three", "d:four"], wide);
  await assert.rejects(bench.worker.idle(), { code: "SG8026" });
  await bench.worker.stop();
});

test("a view sees the elements that are committed", async () => {
  let view: SetViewHandle<string, string> | undefined;
  const look: StartSpec = {
    name: "look",
    open(scope) {
      view = scope.setView(tags);
      return () => undefined;
    },
  };
  const bench = new Bench(spec([group([tagging], { tables: [tags] })], { starts: [look] }));
  await bench.send(["a:+y", "a:+x", "b:+z"]);
  await bench.run();
  assert.ok(view);
  assert.equal(await view.has("a", "x"), true);
  assert.equal(await view.has("a", "z"), false);
  const found: string[] = [];
  for await (const tag of view.elements("a")) found.push(tag);
  assert.deepEqual(found, ["x", "y"]);
  await bench.worker.stop();
});

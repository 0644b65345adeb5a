/** Joins of two tables against a join of all rows at once, with crashes anywhere. One seed is one run. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  changes,
  joinLeft,
  joinRight,
  type OuterRows,
  type PipelineSpec,
  source,
  type TableJoinSpec,
  type TableSpec,
  type TaskScope,
} from "@streamgen/runtime";
import { stringCodec, stringKey } from "@streamgen/runtime/codec";
import { random } from "../../random.ts";
import { compacted, throughCrashes } from "./crashing.ts";
import { Bench, each, out, spec, words } from "./small.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

type TextTable = TableSpec<string, string, string | undefined>;

const textTable = (name: string): TextTable => ({
  name,
  key: stringKey,
  value: stringCodec,
  missing: () => undefined,
  changelog: `small-${name}-changelog`,
});

const lefts = textTable("lefts");
/** What is found in place of a row must not count as one. */
const rights: TableSpec<string, string, string> = { ...textTable("rights"), missing: () => "none" };
const results = textTable("results");

/** "key:L:text" and "key:R:text" write a row of either side; without a text they delete it. */
const keep = each("keep", (task) => {
  const sides = { L: task.table(lefts), R: task.table(rights) };
  return (value) => {
    const [key = "", side, text = ""] = value.split(":");
    const rows = side === "L" ? sides.L : sides.R;
    if (text === "") rows.delete(key);
    else rows.set(key, text);
  };
});

type Kind = TableJoinSpec<string, string, string>["kind"];

const textOf = ({ left, right }: { left: string | undefined; right: string | undefined }) =>
  left === undefined && right === undefined ? undefined : `${left ?? "-"} ${right ?? "-"}`;

/** Keeps the results as a table, and tells each call. */
function materialise(task: TaskScope): (pair: OuterRows<string, string, string>) => void {
  const rows = task.table(results);
  const sink = task.sink(out);
  return (pair) => {
    const text = textOf(pair);
    if (text === undefined) rows.delete(pair.key);
    else rows.set(pair.key, text);
    sink.send(`${pair.key}:${text ?? "ended"}`);
  };
}

function joinOf(kind: Kind): TableJoinSpec<string, string, string> {
  return {
    ...{ name: "match", onError: "stop", left: lefts, right: rights, kind },
    open: materialise,
  };
}

function pipelineOf(kind: Kind): PipelineSpec {
  const join = joinOf(kind);
  return spec([
    {
      name: "words",
      sources: [
        source({ topic: words, agents: [keep] }),
        changes({ table: lefts, agents: [joinLeft(join)] }),
        changes({ table: rights, agents: [joinRight(join)] }),
      ],
      tables: [lefts, rights, results],
      timers: [],
    },
  ]);
}

/** What the rows come to in the end, joined at once. */
function oracle(kind: Kind, values: readonly string[]): readonly string[] {
  const sides = { L: new Map<string, string>(), R: new Map<string, string>() };
  for (const value of values) {
    const [key = "", side, text = ""] = value.split(":");
    const rows = side === "L" ? sides.L : sides.R;
    if (text === "") rows.delete(key);
    else rows.set(key, text);
  }
  const keys = [...new Set([...sides.L.keys(), ...sides.R.keys()])];
  const found = keys.flatMap((key) => {
    const pair = { left: sides.L.get(key), right: sides.R.get(key) };
    if (kind !== "outer" && pair.left === undefined) return [];
    if (kind === "inner" && pair.right === undefined) return [];
    return [`${key}:${textOf(pair)}`];
  });
  return found.sort();
}

function randomValues(numbers: { int(below: number): number }, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => {
    const row = `k${numbers.int(40)}:${numbers.int(2) === 0 ? "L" : "R"}`;
    return numbers.int(3) === 0 ? `${row}:` : `${row}:${index}`;
  });
}

for (const kind of ["inner", "left", "outer"] as const) {
  for (const delivery of ["exactly-once", "at-least-once"] as const) {
    test(`${kind} joins of tables come to the join of all rows, through crashes: ${delivery}`, async () => {
      const numbers = random(seed);
      const values = randomValues(numbers, 900);
      const { log } = await throughCrashes({
        ...{ spec: pipelineOf(kind), values, delivery, crashes: 5, numbers },
      });
      const rows = compacted(log, results.changelog);
      const found = [...rows].map(([key, value]) => `${key}:${value.subarray(1)}`).sort();
      assert.deepEqual(found, oracle(kind, values), `seed ${seed}`);
    });
  }
}

const calls: Readonly<Record<Kind, readonly string[]>> = {
  inner: ["a:1 2", "a:1 3", "a:ended"],
  left: ["a:1 -", "a:1 2", "a:1 3", "a:1 -", "a:ended"],
  outer: ["a:1 -", "a:1 2", "a:1 3", "a:1 -", "a:ended"],
};

for (const kind of ["inner", "left", "outer"] as const) {
  test(`${kind}: a call for each change that has a result, or ends one`, async () => {
    const bench = new Bench(pipelineOf(kind));
    await bench.worker.start();
    // A left row, a right one, another, none; no left row; a right row alone for a moment.
    for (const value of ["a:L:1", "a:R:2", "a:R:3", "a:R:", "a:L:"]) {
      await bench.send([value]);
      await bench.worker.idle();
    }
    const inner = kind === "inner" ? ["a:ended"] : [];
    assert.deepEqual(bench.values("out"), [...calls[kind], ...inner]);
    await bench.send(["b:R:1"]);
    await bench.worker.idle();
    const alone = kind === "outer" ? ["b:- 1"] : [];
    assert.deepEqual(bench.values("out"), [...calls[kind], ...inner, ...alone]);
    await bench.worker.stop();
  });
}

/** Functions that get what has changed in a table: once for each key and commit, whatever crashes. */
import assert from "node:assert/strict";
import test from "node:test";
import {
  type ChangeAgentSpec,
  changes,
  type ElementChange,
  elementChanges,
  type GroupSpec,
  type PipelineSpec,
  type SetTableSpec,
  source,
  type TableChange,
  type TableSpec,
  type WindowChange,
  type WindowedTableSpec,
  windowChanges,
} from "@streamgen/runtime";
import { intCodec, intKey, stringCodec, stringKey } from "@streamgen/runtime/codec";
import { random } from "../../random.ts";
import { compacted, throughCrashes } from "./crashing.ts";
import { Bench, each, keyOf, out, spec, type TextAgent, words } from "./small.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

const latest: TableSpec<string, string, string | undefined> = {
  name: "latest",
  key: stringKey,
  value: stringCodec,
  missing: () => undefined,
  changelog: "small-latest-changelog",
};
const mirror: TableSpec<string, string, string | undefined> = {
  ...latest,
  name: "mirror",
  changelog: "small-mirror-changelog",
};

/** "key:text" is written, "key:" deletes the row. */
const keep = each("keep", (task) => {
  const rows = task.table(latest);
  return (value) => {
    const [key = "", text = ""] = value.split(":");
    if (text === "") rows.delete(key);
    else rows.set(key, text);
  };
});

type Teller = ChangeAgentSpec<TableChange<string, string>>;

const tell: Teller = {
  name: "tell",
  onError: "stop",
  open(task) {
    const sink = task.sink(out);
    return ({ key, value }) => sink.send(`${key}:${value ?? "-"}`);
  },
};

/** Makes another table of what changes in the first. */
const copy: Teller = {
  name: "copy",
  onError: "stop",
  open(task) {
    const rows = task.table(mirror);
    return ({ key, value }) => (value === undefined ? rows.delete(key) : rows.set(key, value));
  },
};

function pipelineOf(
  agents: readonly Teller[],
  more: Partial<GroupSpec> = {},
  writers: readonly TextAgent[] = [keep],
): PipelineSpec {
  return spec([
    {
      name: "words",
      sources: [
        source({ topic: words, agents: writers }),
        ...(agents.length === 0 ? [] : [changes({ table: latest, agents })]),
      ],
      tables: [latest, mirror],
      timers: [],
      ...more,
    },
  ]);
}

test("a change is a key's last value of a commit, at the event time that the task has come to", async () => {
  const bench = new Bench(pipelineOf([tell]));
  await bench.send(["a:1", "b:1", "a:2", "c:1", "c:"]);
  await bench.run();
  assert.deepEqual([...bench.values("out")].sort(), ["a:2", "b:1", "c:-"]);
  await bench.send(["b:"]);
  await bench.worker.idle();
  assert.deepEqual(bench.values("out").slice(3), ["b:-"]);
  // The clock is at a million: event time is the records', and nothing else moves it.
  assert.deepEqual(
    bench.log.records("out").map(({ timestamp }) => timestamp),
    [1004, 1004, 1004, 1004],
  );
  assert.equal(bench.worker.health().counts["tombstones"], undefined);
  await bench.worker.stop();
});

test("a function that is new gets the rows that are there; after a restart, only what is new", async () => {
  const bench = new Bench(pipelineOf([]));
  await bench.send(["a:1", "b:1"]);
  await bench.run();
  await bench.worker.stop();
  for (const expected of [
    ["a:1", "b:1"],
    ["a:1", "b:1"],
  ]) {
    const worker = bench.make(pipelineOf([tell]));
    await worker.start();
    await worker.idle();
    assert.deepEqual(bench.values("out"), expected);
    await worker.stop();
  }
  const worker = bench.make(pipelineOf([tell]));
  await bench.send(["a:2"]);
  await worker.start();
  await worker.idle();
  assert.deepEqual(bench.values("out"), ["a:1", "b:1", "a:2"]);
  await worker.stop();
});

test("what fails is tried again with its work undone, and left out in the end", async () => {
  let calls = 0;
  const failing: Teller = {
    name: "failing",
    onError: { retries: 1, firstWaitMs: 10, waitMaxMs: 10, last: "skip" },
    open(task) {
      const sink = task.sink(out);
      return ({ key, value }) => {
        sink.send(`${key}:${value}`);
        calls += 1;
        if (key === "b" || (key === "a" && calls === 1)) throw new Error("not now");
      };
    },
  };
  const bench = new Bench(pipelineOf([failing]));
  await bench.send(["a:1", "b:1", "c:1"]);
  await bench.worker.start();
  const idle = bench.worker.idle();
  for (let step = 0; step < 20; step += 1) await bench.clock.advance(100);
  await idle;
  assert.deepEqual([...bench.values("out")].sort(), ["a:1", "c:1"]);
  assert.deepEqual(
    bench.skipped.map(({ message, place }) => `${place.agent} ${place.topic}: ${message}`),
    ['failing small-latest-changelog: agent "failing" threw: not now'],
  );
  await bench.worker.stop();
});

const tags: SetTableSpec<string, number> = {
  name: "tags",
  key: stringKey,
  element: intKey,
  changelog: "small-tags-changelog",
};

test("sets tell each element that came and went", async () => {
  const seen: ElementChange<string, number>[] = [];
  const tag = each("tag", (task) => {
    const sets = task.set(tags);
    return (value) => {
      const [key = "", element = ""] = value.split(":");
      if (element.startsWith("-")) sets.delete(key, Number(element.slice(1)));
      else sets.add(key, Number(element));
    };
  });
  const look: ChangeAgentSpec<ElementChange<string, number>> = {
    name: "look",
    onError: "stop",
    open: () => (change) => {
      seen.push(change);
    },
  };
  const bench = new Bench(
    pipelineOf([], {
      sources: [
        source({ topic: words, agents: [tag] }),
        elementChanges({ table: tags, agents: [look] }),
      ],
      tables: [tags],
    }),
  );
  await bench.send(["a\u0000b:7", "a:1", "a:2"]);
  await bench.run();
  await bench.send(["a:-2"]);
  await bench.worker.idle();
  assert.deepEqual(
    seen.map(({ key, element, isThere }) => `${JSON.stringify(key)} ${element} ${isThere}`),
    ['"a\\u0000b" 7 true', '"a" 1 true', '"a" 2 true', '"a" 2 false'],
  );
  await bench.worker.stop();
});

const counts: WindowedTableSpec<string, number, number> = {
  name: "window-counts",
  key: stringKey,
  value: intCodec,
  missing: () => 0,
  changelog: "small-window-counts-changelog",
  windows: { sizeMs: 2, advanceMs: 2, graceMs: 10, expiresMs: 0 },
};

async function windowsTold(
  table: typeof counts,
  values: readonly string[],
): Promise<readonly WindowChange<string, number>[]> {
  const seen: WindowChange<string, number>[] = [];
  const count = each("count", (task) => {
    const rows = task.windowed(table);
    return (value) => {
      rows.update(keyOf(value), (n) => n + 1);
    };
  });
  const look: ChangeAgentSpec<WindowChange<string, number>> = {
    name: "look",
    onError: "stop",
    open: () => (change) => {
      seen.push(change);
    },
  };
  const bench = new Bench(
    pipelineOf([], {
      sources: [
        source({ topic: words, agents: [count] }),
        windowChanges({ table, agents: [look] }),
      ],
      tables: [table],
    }),
  );
  // At 1000, 1001, and so on.
  await bench.send(values);
  await bench.run();
  await bench.worker.stop();
  return seen.map(({ key, value, window, timestamp }) => ({ key, value, window, timestamp }));
}

test("windows tell each key and window", async () => {
  assert.deepEqual(await windowsTold(counts, ["a", "a", "b"]), [
    { key: "a", value: 2, window: { start: 1000, end: 1002 }, timestamp: 1002 },
    { key: "b", value: 1, window: { start: 1002, end: 1004 }, timestamp: 1002 },
  ]);
});

test("sessions and sliding windows tell each key and window", async () => {
  const life = { graceMs: 10, expiresMs: 0 };
  const merge = (a: number, b: number): number => a + b;
  const sessions = { ...counts, windows: { kind: "session", gapMs: 1, ...life, merge } } as const;
  assert.deepEqual(await windowsTold(sessions, ["a", "a", "b", "b", "a"]), [
    { key: "a", value: 2, window: { start: 1000, end: 1002 }, timestamp: 1004 },
    { key: "b", value: 2, window: { start: 1002, end: 1004 }, timestamp: 1004 },
    { key: "a", value: 1, window: { start: 1004, end: 1005 }, timestamp: 1004 },
  ]);
  const sliding = { ...counts, windows: { kind: "sliding", sizeMs: 2, ...life } } as const;
  assert.deepEqual(await windowsTold(sliding, ["a", "b", "a"]), [
    { key: "a", value: 1, window: { start: 999, end: 1001 }, timestamp: 1002 },
    { key: "b", value: 1, window: { start: 1000, end: 1002 }, timestamp: 1002 },
    { key: "a", value: 1, window: { start: 1001, end: 1003 }, timestamp: 1002 },
  ]);
});

for (const delivery of ["exactly-once", "at-least-once"] as const) {
  test(`tables made of changes are the first ones in the end, through crashes: ${delivery}`, async () => {
    const numbers = random(seed);
    const values = Array.from({ length: 1500 }, (_, index) => {
      const key = `k${numbers.int(60)}`;
      return numbers.int(4) === 0 ? `${key}:` : `${key}:${index}`;
    });
    const { log, out: told } = await throughCrashes({
      spec: pipelineOf([copy, tell]),
      ...{ values, delivery, crashes: 6, numbers },
    });
    const rows = compacted(log, latest.changelog);
    assert.ok(rows.size > 0, `seed ${seed}`);
    assert.deepEqual(sorted(compacted(log, mirror.changelog)), sorted(rows), `seed ${seed}`);
    if (delivery === "at-least-once") return;
    // A text's length is before it.
    const changed = log
      .records(latest.changelog)
      .map(({ key, value }) => `${key}:${value?.subarray(1) ?? "-"}`);
    assert.deepEqual(told, changed, `seed ${seed}`);
  });
}

function sorted(rows: ReadonlyMap<string, Buffer>): readonly string[] {
  return [...rows].map(([key, value]) => `${key}:${value.toString("latin1")}`).sort();
}

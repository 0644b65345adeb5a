/** What the log refuses for its content, although it was checked when it was sent. */
import assert from "node:assert/strict";
import test from "node:test";
import { source, type WorkerOptions } from "@streamgen/runtime";
import { random } from "../../random.ts";
import { Bench, countTable, each, group, keyOf, out, spec, words } from "./small.ts";

/** Counts, and sends as much as the value says: "key:bytes". */
const fill = (onError: "stop" | "skip") =>
  each(
    "fill",
    (task) => {
      const rows = task.table(countTable);
      const sink = task.sink(out);
      return (value) => {
        const count = rows.update(keyOf(value), (n) => n + 1);
        sink.send(`${keyOf(value)}:${count}:${"x".repeat(Number(value.split(":")[1]))}`);
      };
    },
    onError,
  );

/** A worker that does not know of the limit of 300 bytes: it was set after it had looked. */
async function narrow(onError: "stop" | "skip", values: readonly string[], options: WorkerOptions) {
  const bench = new Bench(spec([group([fill(onError)])]), options);
  await bench.create("words");
  await bench.worker.start();
  bench.log.alterTopic("out", { config: { "max.message.bytes": "300" } });
  await bench.send(values);
  return bench;
}

async function settle(bench: Bench): Promise<void> {
  await bench.clock.advance(20_000);
  await bench.worker.idle();
}

const shown = (bench: Bench): readonly string[] =>
  bench.values("out").map((value) => value.split(":").slice(0, 2).join(":"));

for (const delivery of ["at-least-once", "exactly-once"] as const) {
  test(`a record that leads to something too large is found and skipped: ${delivery}`, async () => {
    const values = Array.from({ length: 40 }, (_, n) => `key-${n}:${n === 23 ? 400 : 1}`);
    const bench = await narrow("skip", values, { delivery });
    await settle(bench);
    assert.deepEqual(
      bench.skipped.map(({ code, place }) => [code, place.topic, place.offset]),
      [["SG8046", "words", 23]],
    );
    assert.match(String(bench.skipped[0]?.message), /"out"|out/);
    const expected = values.flatMap((value, n) => (n === 23 ? [] : [`${keyOf(value)}:1`]));
    assert.deepEqual([...new Set(shown(bench))], expected);
    if (delivery === "exactly-once") assert.deepEqual(shown(bench), expected);
    const { aborts } = bench.worker.health();
    assert.ok(aborts <= 8, `${aborts} aborts: halves, not one by one`);
    const rows = bench.log.records(countTable.changelog);
    assert.equal(rows.findLast(({ key }) => String(key) === "key-23")?.value ?? null, null);
  });

  test(`a task whose agent stops says which record it was, and commits what is before it: ${delivery}`, async () => {
    const bench = await narrow("stop", ["a:1", "b:1", "c:400", "d:1"], { delivery });
    await assert.rejects(settle(bench), (error: Error & { place?: object }) => {
      assert.match(error.message, /the log refuses what this record leads to.*max.message.bytes/);
      assert.deepEqual(error.place, { topic: "words", partition: 0, offset: 2, agent: "fill" });
      return true;
    });
    assert.deepEqual([...new Set(shown(bench))], ["a:1", "b:1"]);
    assert.equal(bench.log.committed("small")[0]?.offset, 2);
  });

  test(`tasks that do not send what is refused go on: ${delivery}`, async () => {
    const others = { ...words, name: "others" };
    const calm = { ...out, name: "calm" };
    const echo = each("echo", (task) => {
      const sink = task.sink(calm);
      return (value) => sink.send(value);
    });
    const groups = [
      group([fill("stop")]),
      group([], {
        name: "others",
        tables: [],
        sources: [source({ topic: others, agents: [echo] })],
      }),
    ];
    const bench = new Bench(spec(groups, { topics: [words, out, others, calm] }), { delivery });
    await bench.create("words");
    await bench.worker.start();
    bench.log.alterTopic("out", { config: { "max.message.bytes": "300" } });
    await bench.send(["a:1", "b:400", "c:1"]);
    await bench.send(["x", "y"], others);
    await bench.clock.advance(2000);
    await bench.send(["z"], others);
    await bench.clock.advance(2000);
    const states = bench.worker.health().tasks.map(({ group, state }) => `${group} ${state}`);
    assert.deepEqual(states.sort(), ["others running", "words failed"]);
    assert.deepEqual([...new Set(bench.values("calm"))], ["x", "y", "z"]);
  });

  test(`any number of refused records among any others is found: ${delivery}`, async () => {
    for (let seed = 1; seed <= 12; seed += 1) {
      const numbers = random(seed);
      const values = Array.from(
        { length: 5 + numbers.int(60) },
        (_, n) => `key-${n}:${numbers.chance(0.1) ? 400 : 1}`,
      );
      const bench = await narrow("skip", values, { delivery });
      await settle(bench);
      const good = values
        .filter((value) => value.endsWith(":1"))
        .map((value) => `${keyOf(value)}:1`);
      assert.deepEqual([...new Set(shown(bench))], good, `seed ${seed}`);
      assert.equal(bench.skipped.length, values.length - good.length, `seed ${seed}`);
      await bench.worker.stop();
    }
  });
}

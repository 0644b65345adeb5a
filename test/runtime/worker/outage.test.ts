/** A log that is away for a while. */
import assert from "node:assert/strict";
import test from "node:test";
import { Bench, countTable, each, group, out, silent, spec } from "./small.ts";

const count = each("count", (task) => {
  const rows = task.table(countTable);
  const sink = task.sink(out);
  return (value) => sink.send(`${value}:${rows.update(value, (n) => n + 1)}`);
});
const shape = spec([group([count])]);

interface Line {
  readonly level: "warn" | "info";
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

/** A worker whose log takes nothing while `away.is` is true. */
function awayBench(delivery: "at-least-once" | "exactly-once") {
  const lines: Line[] = [];
  const logger = {
    ...silent,
    warn: (text: string, fields?: Line["fields"]) =>
      void lines.push({ level: "warn", text, fields }),
    info: (text: string, fields?: Line["fields"]) =>
      void lines.push({ level: "info", text, fields }),
  };
  const bench = new Bench(shape, { delivery, logger, settleMaxMs: 2000 });
  const away = { is: false };
  bench.log.faults.decide = () => (away.is ? "refuse" : undefined);
  return { bench, away, lines };
}

for (const delivery of ["at-least-once", "exactly-once"] as const) {
  test(`a log that is away is waited for, with one line, and nothing is lost: ${delivery}`, async () => {
    const { bench, away, lines } = awayBench(delivery);
    await bench.send(["a", "b"]);
    await bench.run();
    await bench.send(["a", "a"]);
    away.is = true;
    await bench.clock.advance(20_000);
    const waits = lines.filter(({ text }) => /does not answer/.test(text));
    assert.equal(waits.length, 1);
    assert.match(String(waits[0]?.fields?.["reason"]), /refused/);
    away.is = false;
    await bench.clock.advance(2000);
    await bench.worker.idle();
    assert.deepEqual(bench.values("out"), ["a:1", "b:1", "a:2", "a:3"]);
    const last = lines.filter(({ level }) => level === "info").at(-1);
    assert.match(last?.text ?? "", /answers again/);
    assert.ok(Number(last?.fields?.["waitedMs"]) >= 19_000);
    assert.deepEqual(bench.errors, []);
  });
}

test("a worker that has nothing to do notices, too", async () => {
  const { bench, away, lines } = awayBench("at-least-once");
  await bench.send(["a"]);
  await bench.run();
  bench.log.faults.decide = ({ kind }) => (away.is && kind === "offsets" ? "refuse" : undefined);
  away.is = true;
  await bench.clock.advance(20_000);
  away.is = false;
  await bench.clock.advance(2000);
  assert.deepEqual(
    lines.map(({ level }) => level),
    ["warn", "info"],
  );
});

test("a short silence is not worth a line", async () => {
  const { bench, away, lines } = awayBench("at-least-once");
  await bench.send(["a"]);
  await bench.run();
  away.is = true;
  await bench.clock.advance(4000);
  away.is = false;
  await bench.clock.advance(2000);
  await bench.send(["a"]);
  await bench.worker.idle();
  assert.deepEqual(lines, []);
});

test("outputs are not sent again and again while the log takes them and gives no answer", async () => {
  const { bench } = awayBench("at-least-once");
  await bench.send(["a", "b"]);
  bench.log.faults.next("send", "lose");
  await bench.run();
  assert.equal(bench.worker.health().aborts, 0);
  assert.deepEqual([...new Set(bench.values("out"))], ["a:1", "b:1"]);
});

test("a worker stops although the log is away; what it had not committed is done again", async () => {
  const { bench, away } = awayBench("at-least-once");
  await bench.send(["a"]);
  await bench.run();
  await bench.send(["b"]);
  await bench.clock.advance(10);
  away.is = true;
  let isStopped = false;
  bench.worker.stop().then(
    () => {
      isStopped = true;
    },
    () => {
      isStopped = true;
    },
  );
  await bench.clock.advance(2500);
  assert.ok(isStopped);
  away.is = false;
  await bench.clock.advance(60_000);
  const next = bench.make(shape, { delivery: "at-least-once", log: bench.log.connect("next") });
  await bench.send(["b"]);
  await next.start();
  await bench.clock.advance(1000);
  await next.idle();
  assert.deepEqual([...new Set(bench.values("out"))], ["a:1", "b:1", "b:2"]);
});

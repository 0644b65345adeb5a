/** Questions whose askers, answerers or answers are lost on the way. */
import assert from "node:assert/strict";
import test from "node:test";
import { openDriver } from "@streamgen/runtime/testing";
import { balancesTable } from "../../../../fixtures/asking/in/generated/tables.ts";
import { depositsTopic, ordersTopic } from "../../../../fixtures/asking/in/generated/topics.ts";
import { createWorker } from "../../../../fixtures/asking/in/generated/worker.ts";
import { random } from "../../../random.ts";
import { echoAsk, Gate, gatedWorker, out, said, words } from "./gated.ts";

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test("a question that its worker has not answered is answered by the one that takes over", async () => {
  const gate = new Gate();
  await using driver = await openDriver(gatedWorker({ gate }));
  const echo = await driver.asker(echoAsk);
  const answers = ["a", "b", "c"].map((word) => echo.ask(word));
  await settled();
  assert.deepEqual(gate.asked, ["a", "b", "c"]);
  const stopping = driver.rebalance();
  await settled();
  gate.letAll();
  await stopping;
  assert.deepEqual(await Promise.all(answers), ["a!", "b!", "c!"]);
});

test("a question that was under way in a crash is asked again", async () => {
  const gate = new Gate();
  await using driver = await openDriver(gatedWorker({ gate }));
  const echo = await driver.asker(echoAsk);
  const answers = ["a", "b", "c"].map((word) => echo.ask(word));
  await settled();
  gate.let("b");
  assert.equal(await answers[1], "b!");
  await driver.crash();
  gate.letAll();
  assert.deepEqual(await Promise.all(answers), ["a!", "b!", "c!"]);
  // Only the answers were sent by the one that crashed: what functions send is there once, in order.
  assert.deepEqual(await driver.values(said), ["a", "b", "c"]);
});

test("commits end before the first question that is not answered, and wait for none", async () => {
  const gate = new Gate();
  await using driver = await openDriver(gatedWorker({ gate }), { commitIntervalMs: 1000 });
  const echo = await driver.asker(echoAsk);
  const first = echo.ask("a");
  const open = echo.ask("b");
  const behind = echo.ask("c");
  await settled();
  gate.let("a");
  gate.let("c");
  assert.deepEqual([await first, await behind], ["a!", "c!"]);
  await driver.advance("1s");
  const visible = () => driver.log.records("said").map(({ value }) => String(value));
  assert.deepEqual(visible(), ["a"]);
  gate.let("b");
  assert.equal(await open, "b!");
  await driver.idle();
  assert.deepEqual(visible(), ["a", "b", "c"]);
});

test("a worker that asks and crashes asks again, and emits once", async () => {
  const gate = new Gate();
  await using driver = await openDriver(gatedWorker({ gate }));
  await driver.push(words, ["x", "y", "z"]);
  await settled();
  assert.ok(gate.asked.length > 0);
  await driver.crash();
  gate.letAll();
  assert.deepEqual((await driver.values(out)).sort(), ["x!", "y!", "z!"]);
});

test("records that wait for answers move to another worker with their questions", async () => {
  const gate = new Gate();
  await using driver = await openDriver(gatedWorker({ gate }), { workers: 2 });
  const list = Array.from({ length: 20 }, (_, index) => `word-${index}`);
  await driver.push(words, list);
  await settled();
  const moving = driver.rebalance();
  await settled();
  gate.letAll();
  await moving;
  assert.deepEqual((await driver.values(out)).sort(), list.map((word) => `${word}!`).sort());
});

for (const seed of [1, 2, 3, 4]) {
  test(`answers come although sends are refused, lost and repeated, seed ${seed}`, async () => {
    const numbers = random(seed);
    const gate = new Gate();
    gate.letAll();
    await using driver = await openDriver(gatedWorker({ gate }), { workers: 2 });
    const echo = await driver.asker(echoAsk);
    driver.log.faults.decide = ({ kind }) =>
      kind === "send" && numbers.int(3) === 0
        ? numbers.pick(["refuse", "lose", "repeat"] as const)
        : undefined;
    const list = Array.from({ length: 60 }, (_, index) => `${index}`);
    const asking = Promise.all(list.map((word) => echo.ask(word)));
    for (let step = 0; step < 60; step += 1) await driver.advance("500ms");
    driver.log.faults.decide = undefined;
    assert.deepEqual(
      await asking,
      list.map((word) => `${word}!`),
    );
  });
}

for (const seed of [1, 2, 3]) {
  test(`what is cast is done exactly once through crashes, seed ${seed}`, async () => {
    const numbers = random(seed);
    await using shop = await openDriver(createWorker, { workers: 2 });
    await shop.push(depositsTopic, [{ customer: "eve", cents: 1_000_000 }]);
    let spent = 0;
    for (let round = 0; round < 8; round += 1) {
      const orders = Array.from({ length: 5 }, (_, index) => ({
        id: `${round}-${index}`,
        customer: "eve",
        cents: 1001 + numbers.int(100),
      }));
      spent += orders.reduce((sum, { cents }) => sum + cents, 0);
      await shop.push(ordersTopic, orders);
      const next = numbers.int(3);
      if (next === 0) await shop.crash();
      else if (next === 1) await shop.rebalance();
      else await shop.advance("1s");
    }
    await shop.idle();
    assert.equal(await shop.table(balancesTable).get("eve"), 1_000_000 - spent);
  });
}

test("an async function is not asked for more than it has places for", async () => {
  const gate = new Gate();
  await using driver = await openDriver(gatedWorker({ gate, options: { atOnce: 3 } }));
  const echo = await driver.asker(echoAsk);
  const answers = Array.from({ length: 10 }, (_, index) => echo.ask(`${index}`));
  await settled();
  assert.deepEqual(gate.asked, ["0", "1", "2"]);
  gate.let("1");
  await settled();
  // A place is free again when what was done there is part of the task, in the order of the questions.
  assert.deepEqual(gate.asked, ["0", "1", "2"]);
  gate.let("0");
  await settled();
  assert.deepEqual(gate.asked, ["0", "1", "2", "3", "4"]);
  gate.letAll();
  assert.equal((await Promise.all(answers)).length, 10);
});

test("what waits for an answer ends with whoever waits", async () => {
  const gate = new Gate();
  await using driver = await openDriver(gatedWorker({ gate }));
  const echo = await driver.asker(echoAsk);
  const ended = assert.rejects(echo.ask("a"), { code: "SG8905" });
  await settled();
  await driver.close();
  await ended;
  await assert.rejects(echo.ask("b"), { code: "SG8905" });
});

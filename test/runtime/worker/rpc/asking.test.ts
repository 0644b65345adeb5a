/** Functions that ask and answer, as they are generated, over the embedded log. */
import assert from "node:assert/strict";
import test from "node:test";
import { AnswerError } from "@streamgen/runtime";
import { openDriver } from "@streamgen/runtime/testing";
import {
  countdownAsk,
  discountAsk,
  priceAsk,
  rememberAsk,
  riskAsk,
  spendAsk,
} from "../../../../fixtures/asking/in/generated/asks.ts";
import { balancesTable } from "../../../../fixtures/asking/in/generated/tables.ts";
import {
  askedAnswersTopic,
  depositsTopic,
  notesTopic,
  ordersTopic,
  quotesTopic,
} from "../../../../fixtures/asking/in/generated/topics.ts";
import { createWorker } from "../../../../fixtures/asking/in/generated/worker.ts";

const order = (id: string, cents = 10, customer = "eve") => ({ id, customer, cents });

for (const delivery of ["exactly-once", "at-least-once"] as const) {
  test(`${delivery}: whoever asks gets the answer, before anything is committed`, async () => {
    await using shop = await openDriver(createWorker, { delivery });
    const prices = await shop.asker(priceAsk);
    assert.deepEqual(await prices.ask(order("a")), { order: "a", cents: 7 });
    assert.deepEqual(await (await shop.asker(discountAsk)).ask("alice"), 5);
    const notes = await shop.values(notesTopic);
    assert.deepEqual(notes.sort(), ["priced a", "priced first"]);
  });

  test(`${delivery}: a function with a table answers where its rows are`, async () => {
    await using shop = await openDriver(createWorker, { delivery, workers: 2 });
    const customers = Array.from({ length: 12 }, (_, index) => `customer-${index}`);
    await shop.push(
      depositsTopic,
      customers.map((customer) => ({ customer, cents: 100 })),
    );
    await shop.idle();
    const spending = await shop.asker(spendAsk);
    for (const customer of customers) {
      const paid = await spending.ask(order("x", 60, customer));
      assert.deepEqual(paid, { left: 40, isPaid: true });
      // It has seen what the one before has written, which is not committed.
      const refused = await spending.ask(order("y", 60, customer));
      assert.deepEqual(refused, { left: 40, isPaid: false });
    }
    const balances = shop.table(balancesTable);
    for (const customer of customers) assert.equal(await balances.get(customer), 40);
  });

  test(`${delivery}: a record waits for the answers it has asked for`, async () => {
    await using shop = await openDriver(createWorker, { delivery, workers: 2 });
    const ids = Array.from({ length: 40 }, (_, index) => `order-${index}`);
    await shop.push(
      ordersTopic,
      ids.map((id) => order(id)),
    );
    const quotes = await shop.values(quotesTopic);
    assert.deepEqual(quotes.map((quote) => quote.order).sort(), [...ids].sort());
    assert.ok(quotes.every(({ cents }) => cents === 7));
  });

  test(`${delivery}: an answer may wait for the commit`, async () => {
    await using shop = await openDriver(createWorker, { delivery });
    const memory = await shop.asker(rememberAsk);
    let isAnswered = false;
    const asked = memory.ask(order("a", 50)).then((answer) => {
      isAnswered = true;
      return answer;
    });
    await shop.advance("1s");
    assert.equal(isAnswered, false);
    await shop.idle();
    assert.equal(await asked, undefined);
    assert.equal(await shop.table(balancesTable).get("eve"), 50);
  });
}

test("an error comes back with its name and message, and its work is undone", async () => {
  await using shop = await openDriver(createWorker);
  const prices = await shop.asker(priceAsk);
  await assert.rejects(prices.ask(order("bad", -1)), (error: unknown) => {
    assert.ok(error instanceof AnswerError);
    assert.equal(error.name, "RangeError");
    assert.equal(error.message, "order bad costs less than nothing");
    assert.equal(error.code, "SG8904");
    assert.equal(error.place.agent, "price");
    return true;
  });
  // The ones behind it are answered all the same.
  assert.equal((await prices.ask(order("good"))).cents, 7);
  await shop.idle();
  assert.equal(shop.skipped.length, 1);
});

test("functions ask themselves and each other, in the same task too", async () => {
  await using shop = await openDriver(createWorker);
  const counting = await shop.asker(countdownAsk);
  const many = await Promise.all([12, 9, 5].map((from) => counting.ask(from)));
  const down = (from: number) => Array.from({ length: from + 1 }, (_, index) => from - index);
  assert.deepEqual(many, [down(12), down(9), down(5)]);
  const risks = await shop.asker(riskAsk);
  assert.equal(await risks.ask(order("a", 100)), 2);
});

test("answers of map come in the order of the questions, and so many wait at once", async () => {
  await using shop = await openDriver(createWorker, { workers: 2 });
  const prices = await shop.asker(priceAsk);
  let asked = 0;
  let answered = 0;
  let most = 0;
  function* questions() {
    for (let index = 0; index < 300; index += 1) {
      asked += 1;
      most = Math.max(most, asked - answered);
      yield order(`order-${index}`);
    }
  }
  const found: string[] = [];
  for await (const quote of prices.map(questions(), { atOnce: 20 })) {
    answered += 1;
    found.push(quote.order);
  }
  assert.deepEqual(
    found,
    Array.from({ length: 300 }, (_, index) => `order-${index}`),
  );
  assert.ok(most <= 21, `${most} questions were taken at once`);
});

test("map ends with the first answer that fails", async () => {
  await using shop = await openDriver(createWorker);
  const prices = await shop.asker(priceAsk);
  const questions = [order("a"), order("bad", -1), order("c")];
  const found: string[] = [];
  await assert.rejects(async () => {
    for await (const quote of prices.map(questions)) found.push(quote.order);
  }, /costs less than nothing/);
  assert.deepEqual(found, ["a"]);
});

test("ten thousand questions wait at once, and one more is refused", async () => {
  await using shop = await openDriver(createWorker);
  const discounts = await shop.asker(discountAsk);
  const all = Array.from({ length: 10_000 }, (_, index) => discounts.ask("x".repeat(index % 50)));
  await assert.rejects(discounts.ask("one more"), { code: "SG8903" });
  const answers = await Promise.all(all);
  assert.deepEqual(
    answers,
    all.map((_, index) => index % 50),
  );
  assert.equal(await discounts.ask("again"), 5);
  assert.equal(shop.log.records("shop-answers").length >= 10_001, true);
  assert.equal(askedAnswersTopic.name, "shop-answers");
});

test("what nobody answers in time is an error, and its late answer is dropped", async () => {
  await using shop = await openDriver(createWorker);
  await shop.stopWorker();
  const discounts = await shop.asker(discountAsk);
  const asked = discounts.ask("alice", { timeout: "1s" });
  const late = assert.rejects(asked, { code: "SG8902" });
  await shop.advance("2s");
  await late;
  await shop.startWorker();
  await shop.idle();
  assert.equal(await discounts.ask("bob"), 3);
});

test("a signal ends the wait, one before the question too", async () => {
  await using shop = await openDriver(createWorker);
  const discounts = await shop.asker(discountAsk);
  await shop.stopWorker();
  const stop = new AbortController();
  const asked = discounts.ask("alice", { signal: stop.signal });
  stop.abort();
  await assert.rejects(asked, { code: "SG8906" });
  await assert.rejects(discounts.ask("alice", { signal: stop.signal }), { code: "SG8906" });
});

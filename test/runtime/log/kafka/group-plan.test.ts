import assert from "node:assert/strict";
import test from "node:test";
import { planGroup } from "../../../../runtime/log/kafka/group-plan.ts";
import type { Subscription } from "../../../../runtime/log/kafka/subscription.ts";
import type { TopicPartition } from "../../../../runtime/log/log.ts";
import { partitionKey } from "../../../../runtime/log/partition-key.ts";
import { random } from "../../../random.ts";

const counts = new Map([
  ["left", 4],
  ["right", 4],
]);

function member(owned: readonly TopicPartition[], generation = 1): Subscription {
  return { topics: ["left", "right"], copartitioned: [["left", "right"]], owned, generation };
}

const places = (...partitions: readonly number[]): readonly TopicPartition[] =>
  partitions.flatMap((partition) => [
    { topic: "left", partition },
    { topic: "right", partition },
  ]);

const keys = (partitions: readonly TopicPartition[] = []): readonly string[] =>
  partitions.map(partitionKey).sort();

test("a partition that another member holds is given to nobody, until it is let go", () => {
  const first = planGroup(
    new Map([
      ["a", member(places(0, 1, 2, 3))],
      ["b", member([])],
    ]),
    counts,
  );
  assert.equal(first.get("a")?.length, 4);
  assert.deepEqual(first.get("b"), []);
  const kept = first.get("a") ?? [];
  const second = planGroup(
    new Map([
      ["a", member(kept, 2)],
      ["b", member([], 2)],
    ]),
    counts,
  );
  assert.deepEqual(keys(second.get("a")), keys(kept));
  assert.equal(second.get("b")?.length, 4);
});

test("of two members that claim a partition, the one of the later generation has it", () => {
  const plan = planGroup(
    new Map([
      ["stale", member(places(0, 1, 2, 3), 3)],
      ["right", member(places(0, 1), 5)],
    ]),
    counts,
  );
  assert.deepEqual(keys(plan.get("right")), keys(places(0, 1)));
  assert.deepEqual(keys(plan.get("stale")), keys(places(2, 3)));
});

test("whatever members come and go, no partition has two, and the group comes to rest", () => {
  const seed = 429;
  const { chance, pick } = random(seed);
  const owned = new Map<string, readonly TopicPartition[]>();
  let generation = 0;
  let names = 0;
  const rebalance = (): boolean => {
    generation++;
    const subscriptions = new Map([...owned].map(([id, held]) => [id, member(held, generation)]));
    let isAtRest = true;
    const plan = planGroup(subscriptions, counts);
    for (const [id, held] of owned) {
      const given = new Set(keys(plan.get(id)));
      if (held.some((place) => !given.has(partitionKey(place)))) isAtRest = false;
    }
    const all = [...plan.values()].flat().map(partitionKey);
    assert.equal(new Set(all).size, all.length, `seed ${seed}, generation ${generation}`);
    for (const [id, partitions] of plan) {
      for (const { topic, partition } of partitions) {
        const others = [...owned].filter(([other]) => other !== id).flatMap(([, held]) => held);
        const isHeld = others.some((one) => one.topic === topic && one.partition === partition);
        assert.ok(!isHeld, `seed ${seed}: ${topic}/${partition} is another's`);
      }
    }
    for (const [id, partitions] of plan) owned.set(id, partitions);
    return isAtRest;
  };
  for (let round = 0; round < 300; round++) {
    if (owned.size === 0 || (owned.size < 6 && chance(0.5))) owned.set(`m${++names}`, []);
    else owned.delete(pick([...owned.keys()]));
    let steps = 0;
    while (owned.size > 0 && !rebalance()) {
      steps++;
      assert.ok(steps < 4, `seed ${seed}, round ${round}: the group does not settle`);
    }
    const held = [...owned.values()].flat();
    assert.equal(held.length, owned.size === 0 ? 0 : 8, `seed ${seed}, round ${round}`);
  }
});

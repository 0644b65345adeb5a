import assert from "node:assert/strict";
import test from "node:test";
import { type AssignedMember, assignPartitions } from "../../../runtime/log/assignor.ts";
import type { TopicPartition } from "../../../runtime/log/log.ts";
import { partitionKey } from "../../../runtime/log/partition-key.ts";
import { random } from "../../random.ts";

const member = (
  id: string,
  topics: readonly string[],
  owned: readonly TopicPartition[] = [],
  copartitioned: readonly (readonly string[])[] = [],
): AssignedMember => ({ id, topics, owned, copartitioned });

function assign(
  members: readonly AssignedMember[],
  topics: Readonly<Record<string, number>>,
): Record<string, string[]> {
  const plan = assignPartitions(members, new Map(Object.entries(topics)));
  return Object.fromEntries([...plan].map(([id, owned]) => [id, owned.map(partitionKey)]));
}

const all = (topic: string, count: number): TopicPartition[] =>
  Array.from({ length: count }, (_, partition) => ({ topic, partition }));

test("one member gets everything", () => {
  assert.deepEqual(assign([member("a", ["t", "u"])], { t: 2, u: 1 }), { a: ["t/0", "t/1", "u/0"] });
});

test("a second member takes half and no more", () => {
  const plan = assign([member("a", ["t"], all("t", 4)), member("b", ["t"])], { t: 4 });
  assert.deepEqual(plan, { a: ["t/0", "t/1"], b: ["t/2", "t/3"] });
});

test("survivors keep what they have when a member goes", () => {
  const plan = assign(
    [
      member(
        "a",
        ["t"],
        [
          { topic: "t", partition: 0 },
          { topic: "t", partition: 3 },
        ],
      ),
      member(
        "c",
        ["t"],
        [
          { topic: "t", partition: 5 },
          { topic: "t", partition: 2 },
        ],
      ),
    ],
    { t: 6 },
  );
  assert.deepEqual(plan, { a: ["t/0", "t/1", "t/3"], c: ["t/2", "t/4", "t/5"] });
});

test("equal partitions of co-partitioned topics go to one member", () => {
  const together = [["left", "right"]];
  const plan = assign(
    [
      member("a", ["left", "right", "other"], [], together),
      member("b", ["left", "right", "other"], [], together),
    ],
    { left: 3, right: 3, other: 1 },
  );
  for (const partitions of Object.values(plan)) {
    for (const key of partitions.filter((one) => one.startsWith("left/"))) {
      assert.ok(partitions.includes(key.replace("left", "right")), `${key} is split`);
    }
  }
  assert.equal(Object.values(plan).flat().length, 7);
});

test("many topics with one partition each are spread over the members", () => {
  const topics = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`t${i}`, 1]));
  const names = Object.keys(topics);
  const owned = names.map((topic) => ({ topic, partition: 0 }));
  const plan = assign([member("a", names, owned), member("b", names)], topics);
  assert.deepEqual([plan["a"]?.length, plan["b"]?.length], [5, 5]);
});

test("each family is spread evenly, not only the total", () => {
  const plan = assign([member("a", ["t", "u"]), member("b", ["t", "u"])], { t: 2, u: 2 });
  for (const partitions of Object.values(plan)) {
    assert.deepEqual(partitions.map((key) => key.slice(0, 1)).sort(), ["t", "u"]);
  }
});

test("a member gets only topics that it reads", () => {
  const plan = assign([member("a", ["t"]), member("b", ["t", "u"])], { t: 1, u: 3 });
  assert.deepEqual(plan["a"], ["t/0"]);
  assert.deepEqual(plan["b"], ["u/0", "u/1", "u/2"]);
});

test("a topic that does not exist has no partitions", () => {
  assert.deepEqual(assign([member("a", ["t"])], {}), { a: [] });
});

test("random memberships: everything is assigned once, evenly, and nothing moves without need", () => {
  for (let seed = 1; seed <= 150; seed++) {
    const from = random(seed);
    const topics = { a: 1 + from.int(8), b: 1 + from.int(8), c: 1 + from.int(8) };
    const together = from.chance(0.5) ? [["a", "b"]] : [];
    let members: AssignedMember[] = [];
    for (let step = 0; step < 8; step++) {
      const isJoin = members.length < 2 || from.chance(0.5);
      const gone = isJoin ? undefined : from.pick(members);
      const left = members.filter((one) => one !== gone);
      const joined = isJoin ? [member(`m${step}`, ["a", "b", "c"], [], together)] : [];
      const now = from.shuffle([...left, ...joined]);
      const plan = assignPartitions(now, new Map(Object.entries(topics)));
      const again = assignPartitions(from.shuffle(now), new Map(Object.entries(topics)));
      for (const [id, partitions] of plan) {
        assert.deepEqual(again.get(id), partitions, `seed ${seed}: the order of members matters`);
      }
      const given = [...plan.values()].flat().map(partitionKey);
      const expected = Object.entries(topics).flatMap(([topic, count]) => all(topic, count));
      assert.deepEqual(given.sort(), expected.map(partitionKey).sort(), `seed ${seed}`);
      members = now.map((one) => ({ ...one, owned: plan.get(one.id) ?? [] }));
      const settled = assignPartitions(members, new Map(Object.entries(topics)));
      assert.deepEqual(settled, plan, `seed ${seed}: a second look moves something`);
    }
  }
});

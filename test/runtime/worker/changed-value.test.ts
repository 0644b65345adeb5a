import assert from "node:assert/strict";
import test from "node:test";
import { type AgentSpec, source, type TopicSpec } from "@streamgen/runtime";
import { bare, type Codec, encode, stringCodec, stringKey } from "@streamgen/runtime/codec";
import { Bench, group, out, spec } from "./small.ts";

/** Words in a list, with a space between. */
const listCodec: Codec<string[]> = {
  schema: "string",
  write: (writer, list) => stringCodec.write(writer, list.join(" ")),
  read: (reader) => stringCodec.read(reader).split(" "),
  toJson: (list) => list.join(" "),
  fromJson: (json) => stringCodec.fromJson(json).split(" "),
};

const lists: TopicSpec<string, string[]> = {
  name: "lists",
  partitions: 1,
  key: stringKey,
  value: bare(listCodec),
};

type ListAgent = AgentSpec<string, string[]>;

const spoil: ListAgent = {
  kind: "each",
  name: "spoil",
  onError: "stop",
  mayChangeValue: true,
  open: () => (list) => void list.push("spoilt"),
};
const spoilLater: ListAgent = {
  kind: "each",
  name: "spoilLater",
  onError: "stop",
  mayChangeValue: true,
  open: () => async (list) => void list.push("spoilt"),
};
const tell: ListAgent = {
  kind: "each",
  name: "tell",
  onError: "stop",
  open(task) {
    const sink = task.sink(out);
    return (list) => sink.send(list.join(" "));
  },
};

for (const first of [spoil, spoilLater]) {
  test(`what an agent does to its value is not seen by the next: ${first.name}`, async () => {
    const sources = [source({ topic: lists, agents: [first, tell] })];
    const bench = new Bench(spec([group([], { sources })], { topics: [lists, out] }));
    await bench.create("lists");
    await bench.sendBytes("lists", "a", encode(listCodec, ["b", "c"]).toString());
    await bench.run();
    assert.deepEqual(
      bench.log.records("out").map(({ value }) => value?.toString()),
      ["b c"],
    );
  });
}

const bounds = { name: "several", max: 3, withinMs: 1000, mayChangeValue: true } as const;

/** Sends what it was given, has done something to each, and fails where one of them says so. */
const together: ListAgent = {
  ...bounds,
  kind: "batch",
  onError: "skip",
  open(task) {
    const sink = task.sink(out);
    return (all) => {
      for (const list of all) {
        list.push(`${list.length}`);
        sink.send(list.join(" "));
      }
      if (all.some(([first]) => first === "bad")) throw new Error("bad");
    };
  },
};
const eventsTogether: ListAgent = {
  ...bounds,
  kind: "events",
  onError: "skip",
  open(task) {
    const sink = task.sink(out);
    return (all) => {
      for (const { key, offset, value } of all) {
        value.push(`${value.length}`);
        sink.send(`${key} ${offset} ${value.join(" ")}`);
      }
      if (all.some(({ value }) => value[0] === "bad")) throw new Error("bad");
    };
  },
};

for (const [agent, expected] of [
  [together, ["a 1", "c 1"]],
  [eventsTogether, ["k0 0 a 1", "k2 2 c 1"]],
] as const) {
  test(`an array that is given again has values of its own: ${agent.kind}`, async () => {
    const sources = [source({ topic: lists, agents: [agent] })];
    const bench = new Bench(spec([group([], { sources })], { topics: [lists, out] }));
    await bench.create("lists");
    for (const [index, word] of ["a", "bad", "c"].entries()) {
      await bench.sendBytes("lists", `k${index}`, encode(listCodec, [word]).toString());
    }
    await bench.run();
    assert.deepEqual(bench.values("out"), expected);
    assert.equal(bench.skipped.length, 1);
  });
}

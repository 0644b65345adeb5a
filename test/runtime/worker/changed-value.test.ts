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

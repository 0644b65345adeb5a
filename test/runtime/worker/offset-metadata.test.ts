import assert from "node:assert/strict";
import test from "node:test";
import {
  checkMetadataRoom,
  noTime,
  readOffsetMetadata,
  readPlace,
  writeOffsetMetadata,
} from "../../../runtime/worker/commit/offset-metadata.ts";
import { countTable, group } from "./small.ts";

const offset = (value: number, metadata = "") => ({
  topic: "words",
  partition: 0,
  offset: value,
  metadata,
});

test("metadata is read as it was written", () => {
  const metadata = { changelogs: { counts: 42, "other table": 7 }, streamTime: 1_700_000_000_000 };
  const read = readOffsetMetadata(writeOffsetMetadata(metadata));
  assert.deepEqual({ ...read?.changelogs }, metadata.changelogs);
  assert.equal(read?.streamTime, metadata.streamTime);
});

test("text of other tools says nothing, text of a newer streamgen is refused", () => {
  for (const text of ["", "reset by hand", "[1]", "7", '{"offset":3}']) {
    assert.equal(readOffsetMetadata(text), undefined);
  }
  assert.throws(() => readOffsetMetadata('{"v":3}'), {
    code: "SG8030",
    message: /format 3.*update/,
  });
});

test("ends that are no offsets are left out", () => {
  const text = '{"v":1,"time":"x","changelogs":{"a":-1,"b":1.5,"c":"9","d":3,"__proto__":4}}';
  const read = readOffsetMetadata(text);
  assert.deepEqual(Object.keys(read?.changelogs ?? {}).sort(), ["__proto__", "d"]);
  assert.equal(read?.streamTime, noTime);
});

test("a group that has committed nothing begins at the start, with empty tables", () => {
  assert.deepEqual(readPlace([offset(-1), offset(-1)], [5, 0]), {
    changelogs: undefined,
    isForeign: false,
    offsets: [5, 0],
    streamTime: noTime,
  });
});

test("a time before the first event survives being written", () => {
  const text = writeOffsetMetadata({ changelogs: {}, streamTime: noTime });
  assert.equal(text, '{"v":1,"time":null,"changelogs":{}}');
  assert.equal(readOffsetMetadata(text)?.streamTime, noTime);
});

test("an input that is new beside others begins at its start; tables without an end count whole", () => {
  const place = readPlace([offset(9, "by hand"), offset(-1)], [5, 2]);
  assert.deepEqual(place, {
    ...{ changelogs: {}, isForeign: true },
    ...{ offsets: [9, 2], streamTime: noTime },
  });
});

test("so many tables that their places do not fit beside an offset are refused", () => {
  const tables = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ ...countTable, name: `table-number-${n}` }));
  checkMetadataRoom(group([], { tables: tables(80) }));
  assert.throws(() => checkMetadataRoom(group([], { tables: tables(200) })), { code: "SG8031" });
});

test("places are found beside whichever input was first when they were committed", () => {
  const metadata = writeOffsetMetadata({ changelogs: { counts: 3 }, streamTime: 4 });
  const place = readPlace([offset(-1), offset(9, metadata)], [5, 2]);
  assert.equal(place.changelogs?.["counts"], 3);
  assert.equal(place.streamTime, 4);
});

test("agents that are behind the others are read as they were written", () => {
  const behind = { words: { until: 11, agents: { slow: 4, slower: 2 } } };
  const text = writeOffsetMetadata({ changelogs: {}, streamTime: 4, behind });
  assert.deepEqual(plain(readPlace([offset(2, text)], [0]).behind), behind);
  const odd =
    '{"v":1,"behind":{"a":{"until":-1,"agents":{}},"b":7,"c":{"until":3,"agents":{"x":"y"}}}}';
  assert.deepEqual(plain(readOffsetMetadata(odd)?.behind), { c: { until: 3, agents: {} } });
});

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

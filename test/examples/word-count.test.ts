/** examples/word-count: posts are split into words, which are counted where their key belongs. */
import assert from "node:assert/strict";
import test from "node:test";
import { openDriver } from "@streamgen/runtime/testing";
import { wordCountsTable } from "../../examples/word-count/generated/tables.ts";
import { postsTopic, wordsTopic } from "../../examples/word-count/generated/topics.ts";
import { createWorker } from "../../examples/word-count/generated/worker.ts";
import { splitPost } from "../../examples/word-count/src/word-count.ts";

test("a post is split into its words", () => {
  const words = [...splitPost("Faust, or: Faust’s word")].map(({ word }) => word);
  assert.deepEqual(words, ["faust", "or", "faust", "s", "word"]);
});

test("words are counted, logged, and told to whoever asks", async () => {
  await using words = await openDriver(createWorker, { workers: 2 });
  await words.push(postsTopic, ["the word and the table", "The table"]);
  await words.crash();
  const expected = [
    ["and", 1],
    ["table", 2],
    ["the", 3],
    ["word", 1],
  ];
  const rows = await words.table(wordCountsTable).rows();
  assert.deepEqual([...rows].sort(), expected);
  const sent = await words.records(wordsTopic);
  assert.ok(sent.every(({ key, value }) => key === value?.word));
  await words.advance("10s");
  const logged = words.lines
    .filter(({ text }) => text === "words")
    .map(({ fields }) => [fields["word"], fields["count"]]);
  assert.deepEqual(logged.sort(), expected);
  const answer = await words.request("GET", "/count/table");
  assert.deepEqual(answer.json(), { word: "table", count: 2 });
});

import assert from "node:assert/strict";
import test from "node:test";
import { programFromJson, programToJson } from "../../../compiler/model/json.ts";
import type { Program } from "../../../compiler/model/program.ts";

const span = { file: "src/a.ts", start: 1, end: 2, line: 1, column: 2 };
const empty: Program = {
  app: "shop",
  records: [],
  enums: [],
  fixed: [],
  topics: [],
  tables: [],
  agents: [],
  groups: [],
};

const program: Program = {
  ...empty,
  tables: [
    {
      name: "counts",
      alias: "Counts",
      key: { kind: "string" },
      value: { kind: "array", items: { kind: "map", values: { kind: "int" } } },
      valueDeclaration: undefined,
      default: [],
      changelog: "shop-counts-changelog",
      span,
    },
  ],
};

test("the order in which properties were made does not change a byte", () => {
  const turned = Object.fromEntries(Object.entries(program).reverse()) as unknown as Program;
  const tables = program.tables.map((table) => Object.fromEntries(Object.entries(table).reverse()));
  assert.equal(programToJson({ ...turned, tables: tables as never }), programToJson(program));
});

test("what was written is read back", () => {
  const text = programToJson(program);
  assert.equal(programToJson(programFromJson(text)), text);
  assert.ok(text.endsWith("}\n"));
  assert.ok(text.split("\n").every((line) => line.length <= 100));
});

test("a model of another version is refused", () => {
  assert.throws(() => programFromJson('{ "version": 99 }'), /version 99/);
});

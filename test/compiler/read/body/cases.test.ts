/** The answers, case by case: each function's comment says what must come out. */
import assert from "node:assert/strict";
import test from "node:test";
import { ask, casesOf, columnsOf, files, keyOfCase, openProject } from "./asking.ts";

const project = openProject();
const cases = casesOf(project, files);

test("the cases are many, and each has a name of its own", () => {
  assert.ok(cases.length >= 250, `${cases.length} cases`);
  const names = cases.map(({ file, name }) => `${file}.${name}`);
  assert.equal(new Set(names).size, names.length);
});

for (const each of cases) {
  test(`${each.file}: ${each.name}`, () => {
    const columns = columnsOf(ask(each.fn, keyOfCase(each)));
    assert.deepEqual(columns, each.expected.slice(0, 4));
  });
}

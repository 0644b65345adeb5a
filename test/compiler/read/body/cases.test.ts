/** The answers, case by case: each function's comment says what must come out. */
import assert from "node:assert/strict";
import path from "node:path";
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

test("what is too deep or too much is given up, with the reason", () => {
  const sum = Array.from({ length: 3000 }, () => "order.amount").join(" + ");
  const helpers = Array.from(
    { length: 15 },
    (_, n) => `function h${n}(o: Order): number { return h${n + 1}(o) + h${n + 1}(o); }`,
  );
  const file = project.createSourceFile(
    path.join(import.meta.dirname, "cases/large.ts"),
    `import type { Each } from "streamgen";
import type { Counts, Order, Orders } from "./order.ts";
export function deep(order: Each<Orders>, counts: Counts): number { return ${sum}; }
export function wide(order: Each<Orders>, counts: Counts): number { return h0(order); }
${helpers.join("\n")}
function h15(o: Order): number { return o.amount; }`,
  );
  for (const name of ["deep", "wide"]) {
    const body = ask(file.getFunctionOrThrow(name), { kind: "field", field: "customerId" });
    assert.equal(body.reads, "all", name);
    assert.match(body.readsBecause?.text ?? "", /^there is too much in it/);
    assert.deepEqual(
      body.accesses.map(({ method, key }) => [method, key.kind]),
      [["?", "unknown"]],
    );
  }
});

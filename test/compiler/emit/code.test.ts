import assert from "node:assert/strict";
import test from "node:test";
import { Script } from "node:vm";
import {
  array,
  type Code,
  call,
  code,
  comment,
  doc,
  ident,
  literal,
  member,
  numberLiteral,
  object,
  printCode,
  propertyName,
} from "../../../compiler/emit/code.ts";
import { random } from "../../random.ts";

const text = (value: Code, column = 0): string =>
  printCode(value, { column, indentation: 0, reserved: 0 });

/** Texts that would do harm if they reached code as they are. */
const hostile = [
  '"; process.exit(1); "',
  "`${process.exit(1)}`",
  "*/ process.exit(1) /*",
  "a\nprocess.exit(1)",
  "a\r\nb",
  "a\u2028process.exit(1)\u2029",
  "\\",
  '\\"',
  "{{constructor}} {{{x}}} {{#each}}",
  "«0»",
  "__proto__",
  "\u0000\u0007\u001b[31m",
  "\ufeff\u0085",
  "\ud800",
  "</script>",
];

/** The value of an expression, worked out by the engine that would run it. */
const evaluate = (source: string): unknown =>
  JSON.parse(JSON.stringify({ it: new Function(`"use strict"; return (${source});`)() })).it;

test("a literal is the text it was made of, whatever that is", () => {
  for (const each of hostile) {
    const source = text(literal(each));
    assert.ok(!/[\n\r\u2028\u2029]/.test(source), JSON.stringify(each));
    assert.equal(new Function(`return ${source}`)(), each);
  }
});

test("a property keeps its name, __proto__ too", () => {
  for (const name of [...hostile, "plain", "two words", "constructor", "1", "class"]) {
    const source = text(object([code`${propertyName(name)}: 1`]));
    assert.deepEqual(Object.entries(new Function(`return (${source})`)()), [[name, 1]]);
    const read = new Function("value", `return value${text(member(name))}`);
    assert.equal(read({ [name]: "found" }), "found");
  }
});

test("a comment does not end before its text does", () => {
  for (const each of hostile) {
    for (const source of [`${text(doc(each))} 7`, `// ${text(comment(each))}\n7`]) {
      assert.equal(evaluate(source), 7, JSON.stringify(source));
    }
  }
});

test("a name that is no identifier, or is a word of the language, is refused", () => {
  for (const name of [
    ...hostile.filter((each) => each !== "__proto__"),
    "",
    "1a",
    "a-b",
    "class",
    "await",
    "eval",
  ]) {
    assert.throws(() => ident(name), /SG9001/, name);
  }
  assert.equal(text(ident("größe")), "größe");
});

test("numbers read as people write them", () => {
  assert.equal(text(numberLiteral(604_800_000)), "604_800_000");
  assert.equal(text(numberLiteral(-10_000)), "-10_000");
  assert.equal(text(numberLiteral(1000)), "1000");
  assert.equal(text(numberLiteral(0.25)), "0.25");
  assert.throws(() => numberLiteral(Number.NaN), /SG9002/);
});

test("text does not get into code but through a door", () => {
  const topic = 'x"; process.exit(1); "';
  assert.equal(text(code`name: ${literal(topic)}`), `name: '${topic}'`);
  // @ts-expect-error: a plain text in a slot.
  assert.throws(() => text(code`name: ${topic}`));
});

test("a literal is its text again, whatever quotes and escapes are in it", () => {
  const source = random(4711);
  const pieces = [
    '"',
    "'",
    "\\",
    "`",
    "${",
    "}",
    "\n",
    "\r",
    "\u2028",
    "\u0000",
    "*/",
    "\ud800",
    "a",
    "é",
  ];
  for (let round = 0; round < 2000; round++) {
    const given = Array.from({ length: source.int(8) }, () => source.pick(pieces)).join("");
    const script = new Script(text(literal(given)));
    assert.equal(script.runInNewContext(), given);
  }
});

test("a list stays on its line while it fits, and breaks at each of its commas when it does not", () => {
  const list = array(["first", "second", "third"].map(literal));
  assert.equal(text(list), '["first", "second", "third"]');
  assert.equal(text(list, 90), '[\n  "first",\n  "second",\n  "third",\n]');
  const width = '["first", "second", "third"]'.length;
  assert.equal(text(list, 100 - width).split("\n").length, 1);
  assert.equal(text(list, 101 - width).split("\n").length, 5);
});

test("what is outside breaks before what is inside", () => {
  const inner = call(ident("source"), [object([code`topic: ordersTopic`, code`agents: [a, b]`])]);
  assert.equal(text(array([inner]), 60), "[\n  source({ topic: ordersTopic, agents: [a, b] }),\n]");
});

test("no line of a breakable list is wider than a page, unless one of its items is", () => {
  const seed = Date.now() % 100_000;
  const { int } = random(seed);
  for (let round = 0; round < 200; round++) {
    const items = Array.from({ length: int(12) }, () => literal("x".repeat(int(30))));
    const column = int(40);
    const printed = text(
      call(ident("f"), [object([code`a: ${array(items)}`]), array(items)]),
      column,
    );
    const lines = `${" ".repeat(column)}${printed}`.split("\n");
    assert.ok(
      lines.every((line) => line.length <= 100),
      `seed ${seed}:\n${lines.join("\n")}`,
    );
  }
});

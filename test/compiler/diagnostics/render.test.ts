import assert from "node:assert/strict";
import test from "node:test";
import { arrange, limit } from "../../../compiler/diagnostics/arrange.ts";
import type { Diagnostic } from "../../../compiler/diagnostics/diagnostic.ts";
import { renderGithub } from "../../../compiler/diagnostics/render-github.ts";
import { renderJson } from "../../../compiler/diagnostics/render-json.ts";
import { renderText } from "../../../compiler/diagnostics/render-text.ts";
import { suggest } from "../../../compiler/diagnostics/suggest.ts";
import type { Span } from "../../../compiler/model/span.ts";

const span = (line: number, column: number, length = 1, file = "src/a.ts"): Span => {
  const start = line * 100 + column;
  return { file, start, end: start + length, line, column };
};

const one: Diagnostic = {
  code: "SG3001",
  severity: "error",
  message: 'topic "orders" is keyed by "custmer", but Order has no such field',
  span: span(2, 8, 7),
  related: [{ message: "Order is declared here", span: span(1, 18) }],
  fix: 'write "customer"',
};

const source = 'export interface Order {}\nkeyBy: "custmer";\n';
const text = (diagnostics: readonly Diagnostic[], content = source): string =>
  renderText(diagnostics, { readSource: () => content });

test("a diagnostic shows its place, the code, what is known besides and a way out", () => {
  assert.equal(
    text([one]),
    `error SG3001: topic "orders" is keyed by "custmer", but Order has no such field
  src/a.ts:2:8
    2 | keyBy: "custmer";
      |        ^^^^^^^
  note  Order is declared here: src/a.ts:1:18
  fix   write "customer"
`,
  );
});

test("without the source there is no frame, and without a place no place", () => {
  const { span: _, ...rest } = one;
  const bare = { ...rest, span: undefined, related: [], fix: undefined };
  assert.equal(text([bare]), `error SG3001: ${one.message}\n`);
  const lost = renderText([{ ...one, related: [] }], { readSource: () => undefined });
  assert.match(lost, /src\/a\.ts:2:8\n {2}fix/);
});

test("colours are for those who ask for them", () => {
  const options = { readSource: () => source, color: true };
  const escapes = /\p{Cc}\[\d+m/gu;
  assert.match(renderText([one], options), escapes);
  assert.equal(renderText([one], options).replaceAll(escapes, ""), text([one]));
});

test("a user's text cannot move the cursor or turn the writing around", () => {
  const nasty = "\u001B[2J\u202E\u0007\r";
  const shown = text([{ ...one, message: nasty, fix: nasty }], `a\nkeyBy: "x${nasty.trim()}"`);
  assert.doesNotMatch(shown.replaceAll("\n", ""), /[\p{Cc}\p{Bidi_Control}]/u);
});

test("a mark stands below tabs, at the end of a line, and within long lines", () => {
  assert.match(text([{ ...one, span: span(1, 2, 3) }], "\tabc"), /\| {2}abc\n {6}\| {2}\^\^\^\n/);
  assert.match(text([{ ...one, span: span(1, 4, 1) }], "abc"), /\| {4}\^\n/);
  assert.match(text([{ ...one, span: span(1, 1, 500) }], "abc\ndef"), /\| \^\^\^\n/);
  const long = `${"x".repeat(300)}here${"y".repeat(300)}`;
  const [, line = "", mark = ""] =
    /\| (.*)\n {6}\| (.*)\n/.exec(text([{ ...one, span: span(1, 301, 4) }], long)) ?? [];
  assert.ok(line.length <= 100);
  assert.equal(line.slice(mark.indexOf("^"), mark.length), "here");
});

test("diagnostics come sorted by file and offset, each of them once", () => {
  const at = (file: string, line: number): Diagnostic => ({ ...one, span: span(line, 1, 1, file) });
  const { span: _, ...rest } = one;
  const nowhere: Diagnostic = { ...rest, span: undefined };
  const arranged = arrange([at("b.ts", 1), at("a.ts", 2), at("a.ts", 1), at("b.ts", 1), nowhere]);
  assert.deepEqual(
    arranged.map((diagnostic) => diagnostic.span && [diagnostic.span.file, diagnostic.span.line]),
    [undefined, ["a.ts", 1], ["a.ts", 2], ["b.ts", 1]],
  );
});

test("at most 50 are shown, errors first, and the rest is counted", () => {
  const warnings = Array.from({ length: 60 }, (_, line): Diagnostic => {
    return { ...one, severity: "warning", span: span(line, 1) };
  });
  const last: Diagnostic = { ...one, span: span(1000, 1) };
  const { shown, hidden } = limit(arrange([...warnings, last]));
  assert.equal(shown.length, 50);
  assert.equal(hidden, 11);
  assert.equal(shown.at(-1), last);
  assert.match(text([...warnings, last]), /\nand 11 more\n$/);
  assert.equal(
    renderJson([...warnings, last])
      .trim()
      .split("\n").length,
    61,
  );
});

test("for programs each line is an object", () => {
  assert.deepEqual(JSON.parse(renderJson([one])), one);
});

test("for GitHub each line is a command, with its separators escaped", () => {
  assert.equal(
    renderGithub([{ ...one, message: "100%\nof a,b", span: span(2, 8, 1, "src/a:b,c.ts") }]),
    '::error file=src/a%3Ab%2Cc.ts,line=2,col=8,title=SG3001::100%25%0Aof a,b%0Afix: write "customer"\n',
  );
});

test("a misspelt word gets the word that is meant, any other the whole list", () => {
  assert.equal(suggest("custmer", ["id", "customer"]), 'write "customer"');
  assert.equal(suggest("xyz", ["id", "customer"]), "write one of: id, customer");
});

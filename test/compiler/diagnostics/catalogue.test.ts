import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";

const root = path.join(import.meta.dirname, "../../..");
const compiler = path.join(root, "compiler");

/** The codes in the factories of a folder, with the comment that must stand above each. */
function codesIn(
  folder: string,
): readonly { readonly code: string; readonly documented: string }[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => {
      const text = readFileSync(path.join(folder, file), "utf8");
      const documented = [...text.matchAll(/^\/\*\* (SG\d{4}): /gm)].map((match) => match[1] ?? "");
      const used = [...text.matchAll(/"(SG[1-5]\d{3})"/g)].map((match) => match[1] ?? "");
      return used.map((code) => ({ code, documented: documented.includes(code) ? code : "" }));
    });
}

const pages = readdirSync(path.join(root, "docs/diagnostics"))
  .filter((file) => /^SG\d{4}\.md$/.test(file))
  .map((file) => file.slice(0, 6));
const fixtures = readdirSync(path.join(root, "fixtures"))
  .filter((name) => /^SG\d{4}-/.test(name))
  .map((name) => name.slice(0, 6));

/** What the front end reports: each of these has a program that is wrong in just that way. */
const front = codesIn(path.join(compiler, "diagnostics"));

test("each diagnostic of the front end has a code, a factory, a page and a fixture", () => {
  const codes = front.map(({ code }) => code).sort();
  assert.ok(codes.length >= 45);
  assert.deepEqual(codes, [...new Set(codes)], "a code has two factories");
  assert.deepEqual([...new Set(fixtures)].sort(), codes);
  assert.deepEqual(
    codes.filter((code) => !pages.includes(code)),
    [],
  );
  assert.deepEqual(
    front.filter(({ code, documented }) => documented !== code),
    [],
    "a factory's comment names its code",
  );
});

test("each page is about a diagnostic that exists", () => {
  const codes = codesIn(compiler).map(({ code }) => code);
  assert.deepEqual(
    pages.filter((code) => !codes.includes(code)),
    [],
  );
});

test("each page of the front end says what is wrong, shows it, and shows what is right", () => {
  for (const { code } of front) {
    const text = readFileSync(path.join(root, "docs/diagnostics", `${code}.md`), "utf8");
    assert.match(text, new RegExp(`^# ${code}: \\S.*\n\n\\S`), code);
    assert.equal(text.match(/^```/gm)?.length, 4, `${code} has two pieces of code`);
  }
});

test("what people read has one form: a clause without a stop, and a way out", () => {
  const factories = [
    ...["reading", "records", "values", "topology", "agents", "wiring", "names"],
    ...["tables", "errors"],
  ];
  for (const name of factories) {
    const text = readFileSync(path.join(compiler, "diagnostics", `${name}.ts`), "utf8");
    const reports = text.match(/\b(?:error|warning|info)\(\{/g)?.length;
    assert.equal(
      text.match(/^ +fix:?/gm)?.length,
      reports,
      `${name}.ts has a diagnostic without a fix`,
    );
    for (const [, end] of text.matchAll(/^ +message: .*?(.)[`"],$/gm)) assert.notEqual(end, ".");
  }
});

/** The bands of codes, in order. */
const bands = {
  SG1: "Reading the sources",
  SG2: "Types and Avro",
  SG3: "Topics, tables and agents",
  SG4: "Names and output",
  SG5: "Configuration",
};

test("the index lists every page by its title; UPDATE=1 writes it", () => {
  const folder = path.join(root, "docs/diagnostics");
  const titleOf = (code: string): string =>
    readFileSync(path.join(folder, `${code}.md`), "utf8")
      .split("\n")[0]
      ?.slice(10) ?? "";
  const sections = Object.entries(bands).map(([band, title]) => {
    const codes = pages.filter((code) => code.startsWith(band)).sort();
    const lines = codes.map((code) => `- [${code}](${code}.md) ${titleOf(code)}\n`);
    return `## ${band}xxx: ${title}\n\n${lines.join("")}`;
  });
  const opening =
    "# Diagnostics\n\nEach says where it is, what is wrong, and one way out. Errors stop a build before anything is written; warnings do not.\n";
  const text = [opening, ...sections].join("\n");
  const index = path.join(folder, "README.md");
  if (process.env["UPDATE"] === "1") writeFileSync(index, text);
  assert.equal(readFileSync(index, "utf8"), text);
});

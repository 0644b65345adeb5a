/** What the documentation shows is what there is. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { streamgen, temporaryProject } from "./project.ts";

const root = path.join(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");

/** The TypeScript blocks of a page, in order. */
const blocks = (page: string): readonly string[] =>
  [...read(page).matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => match[1] ?? "");

test("the README begins with the program that init makes", () => {
  assert.equal(blocks("README.md")[0], read("templates/init/hello.ts"));
});

test("the other programs of the README compile", async () => {
  const exported = read("compiler/language/index.ts").matchAll(/^ {2}(\w+),$|\{ ([\w, ]+) \}/gm);
  const names = [...exported].flatMap(([, one, several]) => one ?? several?.split(", ") ?? []);
  const program = blocks("README.md")
    .slice(1)
    .join("\n")
    .replaceAll(/^import [^;]*;$/gm, "");
  const folder = temporaryProject({
    "src/readme.ts": `import type { ${names.join(", ")} } from "streamgen";\n${program}`,
  });
  const built = await streamgen(folder, "build");
  assert.equal(built.status, 0, built.stdout + built.stderr);
  const checked = await streamgen(folder, "check");
  assert.equal(checked.status, 0, checked.stdout + checked.stderr);
});

test("the page about generated code shows what is generated", () => {
  const folder = "fixtures/shop/in/generated";
  const files = readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => read(path.join(folder, file)));
  const shown = blocks("docs/generated-code.md");
  assert.ok(shown.length > 8);
  for (const block of shown)
    assert.ok(
      files.some((text) => text.includes(block)),
      block,
    );
});

test("the page about testing shows tests that run", () => {
  const files = ["templates/init/hello.test.ts", "test/runtime/testing/page.test.ts"].map(read);
  const shown = blocks("docs/testing.md");
  assert.ok(shown.length > 5);
  const others = shown.filter((block) => !files.some((text) => text.includes(block)));
  assert.deepEqual(others, []);
});

test("every code that the runtime throws is explained", () => {
  const files = readdirSync(path.join(root, "runtime"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.startsWith("dist"))
    .map((file) => read(path.join("runtime", file)));
  const thrown = files.flatMap((text) =>
    [...text.matchAll(/"(SG[5-8]\d{3})"/g)].map(([, code]) => code),
  );
  const pages = read("docs/errors.md") + read("docs/cli.md");
  const missing = [...new Set(thrown)].filter(
    (code) => code !== undefined && !pages.includes(code),
  );
  assert.ok(thrown.length > 50);
  assert.deepEqual(missing, []);
});

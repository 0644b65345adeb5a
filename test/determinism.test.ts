/** The output depends on the sources, and on nothing else of the machine. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { repository, shopSource, temporaryProject } from "./project.ts";

const sources = {
  "src/shop.ts": shopSource(),
  // Names that some languages sort, or turn to capitals, in ways of their own.
  "src/names.ts": `import type { Each, To, Topic } from "streamgen";
export type Iı = Topic<"I-names", { value: Item; key: string; external: true }>;
export interface Item { i: string; I: string }
export function ılık(value: Each<Iı>): To<Iı> { return { key: value.i, value }; }
`,
};

/** Builds the sources in a folder of their own and gives each file's text. */
function build(environment: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const folder = temporaryProject(sources);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...["--conditions=@streamgen/source", "--import", import.meta.resolve("tsx")],
      ...[path.join(repository, "test/streamgen.ts"), "build"],
    ],
    {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, NODE_TEST_CONTEXT: "", ...environment },
    },
  );
  assert.equal(status, 0, stdout + stderr);
  const generated = path.join(folder, "generated");
  const files = readdirSync(generated, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(generated, path.join(entry.parentPath, entry.name)))
    .sort();
  return new Map(files.map((file) => [file, readFileSync(path.join(generated, file), "utf8")]));
}

test("two folders, two languages and two time zones give the same bytes", () => {
  const here = build({ LC_ALL: "C", TZ: "UTC" });
  const there = build({ LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8", TZ: "Asia/Kathmandu" });
  assert.ok(here.size > 10);
  assert.deepEqual(there, here);
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test, { before } from "node:test";
import { type Finished, streamgen, temporaryProject } from "../../project.ts";

const source = `import type { Each, Topic } from "streamgen";

export interface Word {
  word: string;
}

export type Words = Topic<"words", { value: Word; keyBy: "word"; format: "json"; external: true }>;

export function look(_word: Each<Words>): void {}
`;
const root = temporaryProject({ "src/words.ts": source });

before(async () => {
  const { status, stderr } = await streamgen(root, "build");
  assert.equal(status, 0, stderr);
});

function worker(env: Readonly<Record<string, string>>, ...args: readonly string[]): Finished {
  const flags = ["--conditions=@streamgen/source", "--import", import.meta.resolve("tsx")];
  return spawnSync(process.execPath, [...flags, "generated/main.ts", ...args], {
    cwd: root,
    encoding: "utf8",
    timeout: 60_000,
    env: { ...process.env, NODE_TEST_CONTEXT: "", ...env },
  });
}

test("the embedded log has one thread, and more are refused with one sentence", () => {
  const flags = ["--embedded", "--until-idle"];
  for (const { status, stderr } of [
    worker({}, ...flags, "--threads", "2"),
    worker({ STREAMGEN_THREADS: "2" }, ...flags),
  ]) {
    assert.equal(status, 2);
    assert.match(stderr, /^error SG8105: the embedded log lives in one thread, and 2 .*\n$/);
  }
  assert.equal(worker({}, ...flags, "--threads", "auto").status, 0);
});

test("what keeps the first thread from starting is told once", () => {
  const { status, stderr } = worker({}, "--threads", "2");
  assert.equal(status, 2);
  assert.match(stderr, /^error SG8005: .*STREAMGEN_BOOTSTRAP.*\n$/);
});

test("a wrong number of threads is refused by the name of who said it", () => {
  const flag = worker({}, "--embedded", "--threads", "many");
  assert.equal(flag.status, 2);
  assert.match(flag.stderr, /--threads is "many": use a whole number from 1 to 64, or auto/);
  const variable = worker({ STREAMGEN_THREADS: "0" }, "--embedded");
  assert.equal(variable.status, 2);
  assert.match(variable.stderr, /STREAMGEN_THREADS is "0"/);
});

/** The language is checked by the user's own compiler: the same answers from each that is supported. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import test from "node:test";

const root = path.join(import.meta.dirname, "../..");

for (const compiler of ["typescript-5.9", "typescript-6", "typescript"]) {
  test(`${compiler} accepts what is right and refuses what is wrong`, () => {
    const { stdout, status } = spawnSync(
      process.execPath,
      [path.join(root, "node_modules", compiler, "bin/tsc"), "-p", import.meta.dirname],
      { cwd: root, encoding: "utf8" },
    );
    assert.equal(stdout, "");
    assert.equal(status, 0);
  });
}

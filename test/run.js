/**
 * Runs every `*.test.ts` under the folders given (all of `test/` without any) on the sources, by the
 * Node that runs this file: `node test/run.js [folder…]`.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";

const roots = process.argv.length > 2 ? process.argv.slice(2) : ["test"];
const files = roots.flatMap((root) =>
  statSync(root).isFile()
    ? [root]
    : readdirSync(root, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".test.ts"))
        .sort()
        .map((name) => path.join(root, name)),
);
if (files.length === 0) {
  process.stderr.write(`no test files under ${roots.join(", ")}\n`);
  process.exit(2);
}
const { status } = spawnSync(
  process.execPath,
  [
    ...["--import", "tsx", "--conditions=@streamgen/source"],
    ...["--test", "--test-reporter=spec", "--test-concurrency=2"],
    ...files,
  ],
  { stdio: "inherit" },
);
process.exit(status ?? 1);

/**
 * From packed tarballs to the first greeting, as somebody new does it: `npx streamgen init hello`,
 * `npm install`, `npm start`. Prints the seconds of each step; the bar is 60 s in all.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { install, packBoth, runUntil, succeed, useTarballs } from "../../test/package/packed.ts";

const barS = 60;
const folder = mkdtempSync(path.join(tmpdir(), "streamgen-greeting-"));
const project = path.join(folder, "hello");
let total = 0;

async function step(name: string, action: () => unknown): Promise<void> {
  const begun = performance.now();
  await action();
  const seconds = (performance.now() - begun) / 1000;
  total += seconds;
  console.log(`${name.padEnd(28)} ${seconds.toFixed(1)} s`);
}

try {
  const tarballs = packBoth(folder);
  const init = [
    "exec",
    "--yes",
    `--package=${tarballs.streamgen}`,
    "--",
    "streamgen",
    "init",
    "hello",
  ];
  await step("npx streamgen init hello", () => succeed("npm", init, folder));
  useTarballs(project, tarballs);
  await step("npm install", () => install(project));
  const start = { program: "npm", args: ["start", "--silent"], cwd: project };
  await step("npm start, to the greeting", () => runUntil(/^Hello!/m, start));
  console.log(
    `${"in all".padEnd(28)} ${total.toFixed(1)} s  bar ${barS} s${total > barS ? "  MISSED" : ""}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

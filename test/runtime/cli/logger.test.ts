import assert from "node:assert/strict";
import test from "node:test";
import { readableLogger } from "../../../runtime/cli/logger.ts";

/** The levels that are printed. */
function printed(levels: { readonly isQuiet: boolean; readonly isVerbose: boolean }): string {
  const lines: string[] = [];
  const logger = readableLogger(
    (line) => lines.push(line),
    () => 0,
    levels,
  );
  for (const level of ["debug", "info", "warn", "error"] as const) logger[level]("x", { n: 1 });
  assert.ok(
    lines.every((line) => /^00:00:00 \w+ +x n=1\n$/.test(line)),
    lines.join(""),
  );
  return lines.map((line) => line.split(" ")[1]).join(" ");
}

test("debug lines are for --verbose, and --quiet leaves warnings and errors", () => {
  assert.equal(printed({ isQuiet: false, isVerbose: false }), "info warn error");
  assert.equal(printed({ isQuiet: false, isVerbose: true }), "debug info warn error");
  assert.equal(printed({ isQuiet: true, isVerbose: false }), "warn error");
  assert.equal(printed({ isQuiet: true, isVerbose: true }), "warn error");
});

test("what is logged stays on its line", () => {
  const lines: string[] = [];
  const levels = { isQuiet: false, isVerbose: false };
  readableLogger(
    (line) => lines.push(line),
    () => 0,
    levels,
  ).warn("a\nb", { text: "c d" });
  assert.deepEqual(lines, ['00:00:00 warn  a\\nb text="c d"\n']);
});

/** The page of features says of each row where it stands, and of what works which test shows it. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";

const root = path.join(import.meta.dirname, "..");
const page = readFileSync(path.join(root, "docs/features.md"), "utf8");
const rows = page
  .split("\n")
  .filter((line) => /^\| [A-Z]+-?\d+ \|/.test(line))
  .map((line) => line.slice(2, -2).split(" | "));

test("each row has a state: works, with a test that is there; not yet; not, with a reason; later", () => {
  const wrong = rows.filter(([, , state = "", shown = ""]) => {
    const files = [...shown.matchAll(/\(\.\.\/(test\/[^)]+)\)/g)].map((match) => match[1] ?? "");
    if (state === "works")
      return files.length === 0 || !files.every((file) => existsSync(path.join(root, file)));
    if (state === "not") return shown.length < 10;
    return state !== "not yet" && state !== "later";
  });
  assert.deepEqual(wrong, []);
});

test("no row is missing, and none is there twice", () => {
  const counts: Readonly<Record<string, number>> = {
    ...{ APP: 18, AGT: 25, STR: 22, TOP: 11, CH: 1, EVT: 4, PRD: 4, TRN: 1, TBL: 25, WIN: 17 },
    ...{ MOD: 11, COD: 3, SCH: 2, JN: 3, TSK: 5, LC: 4, TST: 1 },
  };
  const faust = Object.entries(counts).flatMap(([kind, count]) =>
    Array.from({ length: count }, (_, index) => `${kind}-${index + 1}`),
  );
  const range = (from: number, to: number): readonly string[] =>
    Array.from({ length: to - from + 1 }, (_, index) => `A${from + index}`);
  const streams = [...range(1, 22), ...range(32, 36), ...range(44, 46)];
  assert.deepEqual(rows.map(([row]) => row).sort(), [...faust, ...streams].sort());
});

test("few rows are not there yet, and few shall never be", () => {
  const count = (state: string): number => rows.filter(([, , each]) => each === state).length;
  assert.ok(count("not yet") <= 10, `${count("not yet")} rows are not there yet`);
  assert.ok(count("not") <= 15, `${count("not")} rows shall not be there`);
});

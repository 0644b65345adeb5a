/**
 * Three pipelines as a reader of the README writes them: what they do with their input is what a
 * plain loop over the same lines computed.
 */
import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import test from "node:test";
import { repository, streamgenProcess, temporaryProject } from "./project.ts";

interface Line {
  readonly [name: string]: unknown;
}

interface Output {
  /** What the order of records is fixed within. */
  readonly orderedBy: (line: Line) => unknown;
  /** Only the last record of each key is fixed, as its records come from several partitions. */
  readonly isLastOnly?: boolean;
  /** A property that the clock decides. */
  readonly without?: string;
}

interface Pipeline {
  readonly name: string;
  readonly flags: readonly string[];
  readonly outputs: Readonly<Record<string, Output>>;
}

const by =
  (...names: readonly string[]) =>
  (line: Line): unknown =>
    names.map((name) => line[name]).join();

const pipelines: readonly Pipeline[] = [
  {
    name: "views",
    flags: [],
    outputs: {
      views: { orderedBy: by("visitor") },
      "slow-views": { orderedBy: by("visitor") },
      "page-counts": { orderedBy: by("section"), isLastOnly: true },
      sessions: { orderedBy: by("visitor") },
    },
  },
  {
    name: "transfers",
    flags: [],
    outputs: {
      entries: { orderedBy: by("transfer", "account") },
      balances: { orderedBy: by("account"), isLastOnly: true },
      excesses: { orderedBy: by("account") },
    },
  },
  {
    name: "sensors",
    flags: ["--envelope"],
    outputs: {
      measurements: { orderedBy: by("key") },
      inhabited: { orderedBy: by("key") },
      alarms: { orderedBy: by("key") },
      starts: { orderedBy: by("key"), without: "timestamp" },
    },
  },
];

/** A copy of a fixture without what was generated for it. */
function projectOf(fixture: string): string {
  const project = temporaryProject({});
  rmSync(path.join(project, "streamgen.config.json"));
  for (const part of ["src", "data", "streamgen.config.ts"]) {
    cpSync(path.join(fixture, "in", part), path.join(project, part), { recursive: true });
  }
  return project;
}

function linesByKey(file: string, output: Output): Readonly<Record<string, readonly Line[]>> {
  const lines: Record<string, Line[]> = {};
  for (const text of readFileSync(file, "utf8").trim().split("\n")) {
    const line: Line = JSON.parse(text);
    const key = String(output.orderedBy(line));
    const kept = Object.entries(line).filter(([name]) => name !== output.without);
    lines[key] = [...(output.isLastOnly ? [] : (lines[key] ?? [])), Object.fromEntries(kept)];
  }
  return lines;
}

for (const { name, flags, outputs } of pipelines) {
  test(`the ${name} written from the README give what a plain loop gives`, () => {
    const fixture = path.join(repository, "fixtures", `readme-${name}`);
    const project = projectOf(fixture);
    const inputs = readdirSync(path.join(project, "data")).map(
      (file) => `--input=${path.basename(file, ".jsonl")}=data/${file}`,
    );
    const collected = Object.keys(outputs).map((topic) => `--output=${topic}=${topic}.jsonl`);
    const all = ["--embedded", "--until-idle", ...flags, ...inputs, ...collected];
    const { status, stderr } = streamgenProcess(project, "run", ...all);
    assert.equal(status, 0, stderr);
    for (const [topic, output] of Object.entries(outputs)) {
      const actual = linesByKey(path.join(project, `${topic}.jsonl`), output);
      const expected = linesByKey(path.join(fixture, "expected", `${topic}.jsonl`), output);
      assert.deepEqual(actual, expected, topic);
    }
  });
}

/**
 * How long the command line takes, as a person sees it: the whole process. The baseline is the
 * project's own `tsc --noEmit`. With `--smoke`, a small project and no judgement.
 */
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { writeProject } from "./project.ts";

const isSmoke = process.argv.includes("--smoke");
const size = isSmoke ? 20 : 300;
const runs = isSmoke ? 1 : 3;
const repository = path.join(import.meta.dirname, "../..");
const streamgen = path.join(repository, "bin/streamgen.js");
const tsc = path.join(repository, "node_modules/typescript/bin/tsc");
const root = mkdtempSync(path.join(tmpdir(), "streamgen-bench-"));

interface Measure {
  readonly name: string;
  readonly barS: number | undefined;
  readonly args: readonly string[];
  /** Before each run. */
  readonly prepare?: () => void;
}

/** A comment is a change to a source that changes no output. */
const touch = (): void => appendFileSync(path.join(root, "src/part0.ts"), "// Changed.\n");

const measures: readonly Measure[] = [
  { name: "build, something changed", barS: 4, args: [streamgen, "build"], prepare: touch },
  { name: "check", barS: 5, args: [streamgen, "check"], prepare: touch },
  { name: "build, nothing changed", barS: 0.5, args: [streamgen, "build"] },
];

/** Seconds of the fastest of some runs: what else the machine does only adds. */
function seconds({ args, prepare }: Pick<Measure, "args" | "prepare">, times = runs): number {
  const all = Array.from({ length: times }, () => {
    prepare?.();
    const begun = performance.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: root,
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(`${args.join(" ")}: ${stderr}${stdout}`.slice(0, 2000));
    return (performance.now() - begun) / 1000;
  });
  return Math.min(...all);
}

try {
  writeProject(root, size);
  console.log(`${size} records, topics, tables and agents`);
  const first = seconds({ args: [streamgen, "build"] }, 1);
  const baseline = seconds({ args: [tsc, "--noEmit", "-p", root] });
  console.log(`${"tsc --noEmit (baseline)".padEnd(28)} ${baseline.toFixed(2)} s`);
  console.log(`${"first build, with writing".padEnd(28)} ${first.toFixed(2)} s`);
  for (const { name, barS, args, prepare } of measures) {
    seconds({ args: [streamgen, "build"] }, 1);
    const time = seconds({ args, ...(prepare && { prepare }) });
    const bar =
      barS === undefined || isSmoke ? "" : `  bar ${barS} s${time > barS ? "  MISSED" : ""}`;
    console.log(
      `${name.padEnd(28)} ${time.toFixed(2)} s  ${(time / baseline).toFixed(1)} x tsc${bar}`,
    );
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}

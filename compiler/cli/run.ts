import path from "node:path";
import { buildOnce } from "./build.ts";
import { type Context, reportJson } from "./context.ts";
import { exitCode } from "./exit-code.ts";
import { runWorkerProcess } from "./worker-process.ts";

/** Switches and flags that are the worker's own. */
const workerSwitches: readonly string[] = [
  "embedded",
  "until-idle",
  "envelope",
  "quiet",
  "verbose",
  "json",
];
const workerFlags: readonly string[] = ["input", "output", "threads"];

/** `streamgen run`: builds if needed, then runs the worker in a process of its own. */
export async function run(context: Context): Promise<number> {
  const { switches, values } = context.invocation;
  if (!switches.has("embedded")) return refuse(context);
  const { code, build } = await buildOnce(context, {
    isCheck: false,
    isForced: false,
    summary: "changes",
  });
  if (code !== exitCode.fine || build.kind === "refused") return code;
  const args = [
    ...workerSwitches.filter((name) => switches.has(name)).map((name) => `--${name}`),
    ...workerFlags.flatMap((name) => (values.get(name) ?? []).map((value) => `--${name}=${value}`)),
  ];
  const main = path.join(build.root, build.configuration.out, "main.ts");
  return runWorkerProcess({ main, args, cwd: context.cwd, root: build.root });
}

function refuse(context: Context): number {
  const problem = "this version has the embedded log only";
  const fix = "add --embedded";
  reportJson(context, { type: "usage", problem, fix });
  if (!context.isJson) context.terminal.note(`error: ${problem}\n  fix   ${fix}\n`);
  return exitCode.usage;
}

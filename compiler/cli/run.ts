import { existsSync } from "node:fs";
import path from "node:path";
import { findConfiguration, loadConfiguration } from "../config/load.ts";
import { type BuildResult, buildOnce } from "./build.ts";
import { type Context, report, reportJson } from "./context.ts";
import { exitCode } from "./exit-code.ts";
import { type CommandName, commands, flagsOf } from "./flags.ts";
import { runWorkerProcess } from "./worker-process.ts";

/** Flags that are about this process and not about the worker's. */
const ownFlags: ReadonlySet<string> = new Set([
  "config",
  "cwd",
  "color",
  "no-color",
  "version",
  "help",
]);

/** Where a project's worker is, and what it is started with. */
interface Program {
  readonly root: string;
  readonly main: string;
}

/** The commands that the worker's own program has, in a process of its own: builds first if needed. */
export async function run(context: Context, command: CommandName): Promise<number> {
  const found = command === "worker" ? await asBuilt(context) : await build(context, command);
  if (typeof found === "number") return found;
  const { object, operand, rest } = context.invocation;
  const name = command === "run" || command === "worker" ? [] : [command];
  const operands = [operand, object].filter((each) => each !== undefined);
  // Flags come first: what follows the operand may not be for the program itself.
  const args = [...name, ...workerArguments(context), ...operands, ...rest];
  return runWorkerProcess({ ...found, args, cwd: context.cwd });
}

/** The flags that are the worker's, as they were given. */
export function workerArguments({ invocation }: Context): readonly string[] {
  const { switches, values, command } = invocation;
  const flags = flagsOf(commands.find(({ name }) => name === command));
  return flags
    .filter(({ name }) => !ownFlags.has(name))
    .flatMap(({ name }) => [
      ...(switches.has(name) ? [`--${name}`] : []),
      ...(values.get(name) ?? []).map((value) => `--${name}=${value}`),
    ]);
}

/** The program of a build that went well; `undefined` where there is none. */
export function programOf({ code, build: built }: BuildResult): Program | undefined {
  if (code !== exitCode.fine || built.kind === "refused") return undefined;
  const { root, configuration } = built;
  return { root, main: path.join(root, configuration.out, "main.ts") };
}

async function build(context: Context, command: CommandName): Promise<Program | number> {
  const { terminal } = context;
  // What the others print on standard output is theirs alone.
  const isApart = command !== "run";
  const told = isApart ? { ...context, terminal: { ...terminal, print: terminal.note } } : context;
  const result = await buildOnce(told, { isCheck: false, isForced: false, summary: "changes" });
  return programOf(result) ?? result.code;
}

/** What is built already: nothing is compared with the sources, or written. */
async function asBuilt(context: Context): Promise<Program | number> {
  const { cwd, invocation } = context;
  const found = findConfiguration(cwd, invocation.values.get("config")?.[0]);
  if (!("root" in found)) {
    report(context, found.diagnostics, cwd);
    return exitCode.usage;
  }
  const { configuration, diagnostics } = await loadConfiguration(found);
  if (configuration === undefined) {
    report(context, diagnostics, found.root);
    return exitCode.usage;
  }
  const main = path.join(found.root, configuration.out, "main.ts");
  return existsSync(main) ? { root: found.root, main } : refuse(context, configuration.out);
}

function refuse(context: Context, out: string): number {
  const problem = `there is no worker in "${out}"`;
  const fix = "run: streamgen build";
  reportJson(context, { type: "usage", problem, fix });
  if (!context.isJson) context.terminal.note(`error: ${problem}\n  fix   ${fix}\n`);
  return exitCode.usage;
}

import path from "node:path";
import { carryOutInit, type InitPlan, type InitProblem, planInit } from "../init/init.ts";
import { type Context, reportJson, say } from "./context.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";

/** `streamgen init`: makes a project, or adds what is missing to one. */
export async function init(context: Context): Promise<ExitCode> {
  const { cwd, version, invocation } = context;
  const plan = planInit({ cwd, name: invocation.operand, version });
  if ("problem" in plan) return refuse(context, plan);
  const problem = carryOutInit(plan);
  if (problem !== undefined) return refuse(context, problem);
  const { folder, files, notes } = plan;
  const paths = files.map((file) => file.path);
  reportJson(context, {
    type: "result",
    command: "init",
    code: exitCode.fine,
    folder,
    files: paths,
    notes,
  });
  const lines = files.map(({ path: file, added }) =>
    added === undefined ? `  + ${file}` : `  ~ ${file}: added ${added.join(", ")}`,
  );
  const nothing = files.length === 0 ? ["  nothing is missing"] : [];
  say(
    context,
    `${[...lines, ...nothing, ...notes.map((note) => `  ${note}`)].join("\n")}\n${nextSteps(plan, cwd)}`,
  );
  return exitCode.fine;
}

function refuse(context: Context, { problem, fix }: InitProblem): ExitCode {
  reportJson(context, { type: "usage", problem, fix });
  if (!context.isJson) context.terminal.note(`error: ${problem}\n  fix   ${fix}\n`);
  return exitCode.usage;
}

function nextSteps({ folder, isNew, files }: InitPlan, cwd: string): string {
  const hasDependencies = files.some(({ added }) =>
    added?.some((name) => /^(devD|d)ependencies\./.test(name)),
  );
  if (!(isNew || hasDependencies)) return "";
  const shown = path.relative(cwd, folder);
  const steps = [
    ...(shown === "" ? [] : [`cd ${shown}`]),
    "npm install",
    ...(isNew ? ["npm start"] : []),
  ];
  return `\n  next: ${steps.join(" && ")}\n`;
}

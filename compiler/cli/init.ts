import path from "node:path";
import { carryOutInit, planInit } from "../init/init.ts";
import { type Context, reportJson, say } from "./context.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";

/** `streamgen init`: makes a project, or adds what is missing to one. */
export async function init(context: Context): Promise<ExitCode> {
  const { cwd, version, invocation, terminal } = context;
  const plan = planInit({ cwd, name: invocation.operand, version });
  if ("problem" in plan) {
    reportJson(context, { type: "usage", ...plan });
    if (!context.isJson) terminal.note(`error: ${plan.problem}\n  fix   ${plan.fix}\n`);
    return exitCode.usage;
  }
  carryOutInit(plan);
  const { folder, isNew, files, notes } = plan;
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
  const shown = path.relative(cwd, folder);
  const steps = [...(shown === "" ? [] : [`cd ${shown}`]), "npm install", "npm start"];
  const next = isNew ? `\n  next: ${steps.join(" && ")}\n` : "";
  const nothing = files.length === 0 ? ["  nothing is missing"] : [];
  say(
    context,
    `${[...lines, ...nothing, ...notes.map((note) => `  ${note}`)].join("\n")}\n${next}`,
  );
  return exitCode.fine;
}

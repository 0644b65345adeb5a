import { findConfiguration } from "../config/load.ts";
import { buildOnce } from "./build.ts";
import { type Context, reportJson, say } from "./context.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { checkTypes, type TypeCheck } from "./type-check.ts";

/** `streamgen check`: rules, output and types, all of them whatever the others find. */
export async function check(context: Context): Promise<ExitCode> {
  const { invocation, cwd, terminal } = context;
  const found = findConfiguration(cwd, invocation.values.get("config")?.[0]);
  const asksTypes = !invocation.switches.has("no-types") && "root" in found;
  const types = asksTypes ? checkTypes(found.root, terminal.hasColor) : undefined;
  const { code } = await buildOnce(context, {
    isCheck: true,
    isForced: false,
    summary: "all",
  });
  const typeCode = types === undefined ? exitCode.fine : reportTypes(context, await types);
  return worst(code, typeCode);
}

function reportTypes(context: Context, types: TypeCheck): ExitCode {
  if (types.kind === "missing") {
    say(context, `  types were not checked: ${types.reason}\n`);
    return exitCode.fine;
  }
  reportJson(context, { type: "types", isFine: types.isFine, output: types.output });
  if (types.isFine) return exitCode.fine;
  if (!context.isJson) context.terminal.note(types.output);
  return exitCode.wrongProgram;
}

/** The code that says most: wrong usage before a wrong program before old output. */
function worst(...codes: readonly ExitCode[]): ExitCode {
  const order = [exitCode.bug, exitCode.usage, exitCode.wrongProgram, exitCode.outOfDate];
  return order.find((code) => codes.includes(code)) ?? exitCode.fine;
}

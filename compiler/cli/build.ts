import path from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { foreignFiles } from "../write/beside.ts";
import { outOfDate } from "../write/diagnostics.ts";
import { difference } from "../write/difference.ts";
import { write } from "../write/write.ts";
import { type Build, buildProject } from "./build-project.ts";
import { writeBuildRecord } from "./build-record.ts";
import { type Context, report, reportJson, say } from "./context.ts";
import type { Counts } from "./counts.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { buildSummary } from "./summary.ts";

type CompiledBuild = Extract<Build, { readonly kind: "compiled" }>;

/** `streamgen build`, once. */
export async function build(context: Context): Promise<ExitCode> {
  const { switches } = context.invocation;
  const result = await buildOnce(context, {
    isCheck: switches.has("check"),
    isForced: switches.has("explain"),
    summary: "all",
  });
  if (switches.has("explain") && result.build.kind === "compiled") {
    const { explain } = await import("../explain.ts");
    context.terminal.print(explain(result.build.program));
  }
  return result.code;
}

export interface BuildManner {
  /** Compare only. */
  readonly isCheck: boolean;
  readonly isForced: boolean;
  /** What people are told of a build that succeeds: everything, only what changed, or nothing. */
  readonly summary: "all" | "changes" | "none";
}

export interface BuildResult {
  readonly code: ExitCode;
  readonly build: Build;
  readonly written: readonly string[];
  readonly removed: readonly string[];
}

/** Builds, writes or compares, and reports it all. */
export async function buildOnce(context: Context, manner: BuildManner): Promise<BuildResult> {
  const begunMs = performance.now();
  const { terminal, invocation, cwd, version } = context;
  const built = await buildProject({
    cwd,
    config: invocation.values.get("config")?.[0],
    version,
    isForced: manner.isForced,
    onPhase: (text) => {
      terminal.progress(text);
      if (invocation.switches.has("verbose")) say(context, `  ${since(begunMs)}: ${text}\n`);
    },
  });
  terminal.done();
  // Whoever is not there to build has read the last build's warnings.
  const isKnown = built.kind === "unchanged" && manner.summary === "changes";
  if (!isKnown) report(context, built.diagnostics, built.kind === "refused" ? cwd : built.root);
  const result = await conclude(context, built, manner);
  if (manner.isCheck && "counts" in built) reportForeign(context, built);
  const seconds = Math.round(performance.now() - begunMs) / 1000;
  const { code, written, removed } = result;
  const counts = "counts" in built ? built.counts : undefined;
  reportJson(context, {
    type: "result",
    command: invocation.command,
    code,
    counts,
    written,
    removed,
    seconds,
  });
  if (code === exitCode.fine && isToldAbout(manner, written.length + removed.length)) {
    say(context, buildSummary(result, { seconds, width: terminal.width }));
  }
  return result;
}

function isToldAbout({ summary }: BuildManner, changes: number): boolean {
  return summary === "all" || (summary === "changes" && changes > 0);
}

async function conclude(
  context: Context,
  built: Build,
  { isCheck }: BuildManner,
): Promise<BuildResult> {
  const nothing = { build: built, written: [], removed: [] };
  switch (built.kind) {
    case "refused":
      return { ...nothing, code: exitCode.usage };
    case "failed":
      return { ...nothing, code: exitCode.wrongProgram };
    case "unchanged":
      return { ...nothing, code: exitCode.fine };
    case "compiled":
      return isCheck ? compare(context, built) : carryOut(context, built);
  }
}

function compare(context: Context, built: CompiledBuild): BuildResult {
  const { changes, fileCount } = built.plan;
  const isThere = changes.length < fileCount || changes.some(({ before }) => before !== undefined);
  const nothing = { build: built, written: [], removed: [] };
  if (changes.length === 0) return { ...nothing, code: exitCode.fine };
  if (isThere && !context.isJson) {
    context.terminal.print(difference(built.plan, built.configuration.out));
  }
  report(context, [outOfDate(changes.length, fileCount, isThere)], built.root);
  return { ...nothing, code: exitCode.outOfDate };
}

function reportForeign(context: Context, built: Extract<Build, { readonly counts: Counts }>): void {
  const { root, configuration } = built;
  const folder = { folder: path.join(root, configuration.out), out: configuration.out };
  const planned = built.kind === "compiled" ? built.plan.changes : [];
  report(
    context,
    foreignFiles(
      folder,
      planned.map((change) => change.path),
    ),
    root,
  );
}

async function carryOut(context: Context, built: CompiledBuild): Promise<BuildResult> {
  const { written, removed, diagnostics } = await write(built.plan);
  report(context, diagnostics, built.root);
  if (hasErrors(diagnostics)) {
    return { code: exitCode.wrongProgram, build: built, written, removed };
  }
  writeBuildRecord(built.root, built.record);
  return { code: exitCode.fine, build: built, written, removed };
}

function since(begunMs: number): string {
  return `${Math.round(performance.now() - begunMs)} ms`;
}

function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

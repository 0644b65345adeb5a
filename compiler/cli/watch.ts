import path from "node:path";
import { watch as watchFiles } from "chokidar";
import { defaults } from "../config/configuration.ts";
import { configurationNames, findConfiguration } from "../config/load.ts";
import { type BuildResult, buildOnce } from "./build.ts";
import { BuildQueue } from "./build-queue.ts";
import { type Context, say } from "./context.ts";
import { plural } from "./counts.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";

const passedOver: ReadonlySet<string> = new Set(["node_modules", ".git", "dist"]);

/** `streamgen build --watch`: builds now and after each change, until Ctrl-C. Errors end nothing. */
export async function watch(context: Context): Promise<ExitCode> {
  await watchProject(context, async () => undefined);
  return exitCode.fine;
}

/**
 * Builds now and after each change, and awaits `onBuild` after each build, until Ctrl-C or SIGTERM. It
 * is not called any more when this resolves.
 */
export async function watchProject(
  context: Context,
  onBuild: (result: BuildResult) => Promise<void>,
): Promise<void> {
  const { cwd, invocation } = context;
  const named = invocation.values.get("config")?.[0];
  const found = findConfiguration(cwd, named);
  const root = "root" in found ? found.root : cwd;
  const { out } = defaults;
  let result: BuildResult | undefined;
  const interrupted = interruption();
  const watcher = watchFiles(root, {
    ignoreInitial: true,
    ignored: (file) =>
      isIgnored(path.relative(root, file), result === undefined ? out : outOf(result)),
  });
  await new Promise<void>((resolve) => watcher.once("ready", resolve));
  const builds = new BuildQueue(async () => {
    result = await rebuild(context);
    watcher.add(inputsOutside(root, result));
    await onBuild(result);
  });
  watcher.on("all", (_event, file) => {
    if (isTelling(path.basename(file))) builds.request();
  });
  try {
    const watching = builds.now().then(() => {
      say(context, `  watching ${path.basename(root)}; Ctrl-C ends it\n`);
      return builds.failure;
    });
    await Promise.race([interrupted, watching]);
  } finally {
    await watcher.close();
    await builds.settled();
  }
}

function interruption(): Promise<void> {
  return new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
}

/** Records may come from another package of the workspace. */
function inputsOutside(root: string, { build }: BuildResult): string[] {
  const inputs = "record" in build ? Object.keys(build.record.inputs) : [];
  return inputs.filter((file) => path.relative(root, file).startsWith(".."));
}

/** Builds, and says in one line what came of it. */
async function rebuild(context: Context): Promise<BuildResult> {
  const begunMs = performance.now();
  const result = await buildOnce(context, { isCheck: false, isForced: false, summary: "none" });
  const clock = new Date().toTimeString().slice(0, 8);
  const seconds = ((performance.now() - begunMs) / 1000).toFixed(1);
  say(context, `  ${clock}  ${outcome(result)}   ${seconds} s\n`);
  return result;
}

function outcome({ code, build, written, removed }: BuildResult): string {
  if (code !== exitCode.fine) {
    const errors = build.diagnostics.filter(({ severity }) => severity === "error");
    return `${plural(errors.length, "error")}; the last output stays`;
  }
  if (written.length + removed.length === 0) return "up to date";
  const gone = removed.length === 0 ? "" : `, ${removed.length} removed`;
  return `${plural(written.length, "file")} written${gone}`;
}

function outOf({ build }: BuildResult): string {
  return build.kind === "refused" ? defaults.out : build.configuration.out;
}

/** The output must not set off the next build. */
function isIgnored(file: string, out: string): boolean {
  const parts = file.split(path.sep);
  return parts.some((part) => passedOver.has(part)) || parts.join("/").startsWith(`${out}/`);
}

function isTelling(name: string): boolean {
  return (
    /\.[cm]?tsx?$/.test(name) ||
    /^(package|tsconfig.*)\.json$/.test(name) ||
    configurationNames.includes(name)
  );
}

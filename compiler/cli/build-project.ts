import path from "node:path";
import { checkRenames } from "../check/renames.ts";
import type { Configuration } from "../config/configuration.ts";
import {
  type FoundConfiguration,
  findConfiguration,
  isSelfContained,
  loadConfiguration,
} from "../config/load.ts";
import { placesIn } from "../config/place.ts";
import { checkTopicSettings } from "../config/topics.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { isError } from "../diagnostics/report.ts";
import type { Program } from "../model/program.ts";
import { fingerprint } from "../write/fingerprint.ts";
import { isIntact } from "../write/intact.ts";
import { type Plan, plan } from "../write/plan.ts";
import {
  type BuildRecord,
  fileFingerprint,
  isCurrent,
  readBuildRecord,
  sourcesFingerprint,
} from "./build-record.ts";
import { type Counts, countsOf } from "./counts.ts";
import { readLastProgram } from "./last-program.ts";

export interface BuildOptions {
  readonly cwd: string;
  /** The configuration file that was named. */
  readonly config: string | undefined;
  readonly version: string;
  /** Compile even where the last build's record says that nothing has changed. */
  readonly isForced: boolean;
  /** Says what is going on. */
  onPhase(text: string): void;
}

/** What came of a build, before anything is written. */
export type Build =
  /** The configuration is missing or wrong. */
  | { readonly kind: "refused"; readonly diagnostics: readonly Diagnostic[] }
  /** Everything is as the last build left it. */
  | (BuildBase & {
      readonly kind: "unchanged";
      readonly counts: Counts;
      readonly record: BuildRecord;
    })
  /** There are errors, and nothing to write. */
  | (BuildBase & { readonly kind: "failed" })
  | (BuildBase & {
      readonly kind: "compiled";
      readonly plan: Plan;
      readonly program: Program;
      readonly counts: Counts;
      /** To be kept once the plan is carried out. */
      readonly record: BuildRecord;
    });

interface BuildBase {
  readonly root: string;
  readonly configuration: Configuration;
  readonly diagnostics: readonly Diagnostic[];
}

/** Finds, loads, compiles and compares. Writes nothing. */
export async function buildProject(options: BuildOptions): Promise<Build> {
  const found = findConfiguration(options.cwd, options.config);
  if (!("root" in found)) return { kind: "refused", diagnostics: found.diagnostics };
  const { root } = found;
  const record = options.isForced ? undefined : readBuildRecord(root, options.version);
  const { configuration, diagnostics } = await loadOrRecall(found, record);
  if (configuration === undefined) return { kind: "refused", diagnostics };
  if (record !== undefined && isUnchanged({ root, record, configuration, options })) {
    const { counts, warnings } = record;
    return { kind: "unchanged", root, configuration, counts, record, diagnostics: warnings };
  }
  return compileProject({ found, configuration, options });
}

async function loadOrRecall(
  found: FoundConfiguration,
  record: BuildRecord | undefined,
): Promise<Awaited<ReturnType<typeof loadConfiguration>>> {
  const isRecalled =
    record?.configurationText === fingerprint(found.text) &&
    record.configuration.file === found.file &&
    isSelfContained(found);
  if (!isRecalled) return loadConfiguration(found);
  return { configuration: record.configuration, diagnostics: [] };
}

function isUnchanged(state: {
  readonly root: string;
  readonly record: BuildRecord;
  readonly configuration: Configuration;
  readonly options: BuildOptions;
}): boolean {
  const { root, record, configuration, options } = state;
  return (
    JSON.stringify(record.configuration) === JSON.stringify(configuration) &&
    isCurrent(record, root) &&
    isIntact(path.join(root, configuration.out), options.version)
  );
}

async function compileProject(project: {
  readonly found: FoundConfiguration;
  readonly configuration: Configuration;
  readonly options: BuildOptions;
}): Promise<Build> {
  const { found, configuration, options } = project;
  const { root } = found;
  options.onPhase("loading the compiler");
  // Only here, so that a build with nothing to do does not pay for TypeScript.
  const { compile } = await import("../compile.ts");
  options.onPhase("reading the sources");
  // Before they are read: what is saved meanwhile must set off the next build.
  const sources = sourcesFingerprint(root, configuration);
  const { files, program, inputs, diagnostics: compiling } = compile({ root, configuration });
  const diagnostics = [...compiling, ...checkAround(found, configuration, program)];
  const base = { root, configuration, diagnostics };
  if (diagnostics.some(isError)) return { ...base, kind: "failed" };
  const { out } = configuration;
  const planned = plan({ folder: path.join(root, out), out, files, version: options.version });
  if (planned.diagnostics.length > 0) {
    return { ...base, kind: "failed", diagnostics: [...diagnostics, ...planned.diagnostics] };
  }
  const counts = countsOf(program);
  const record: BuildRecord = {
    streamgen: options.version,
    configurationText: fingerprint(found.text),
    configuration,
    inputs: Object.fromEntries(inputs.map((file) => [file, fileFingerprint(file)])),
    sources,
    counts,
    warnings: diagnostics,
  };
  return { ...base, kind: "compiled", plan: planned, program, counts, record };
}

/** What the sources alone do not show: the configuration's topics, and what the last build had. */
function checkAround(
  { root, text }: FoundConfiguration & { readonly root: string },
  configuration: Configuration,
  program: Program,
): readonly Diagnostic[] {
  const declared = program.topics.map(({ name }) => name);
  const before = readLastProgram(path.join(root, configuration.out));
  const app = placesIn(configuration.file, text).key(["app"]);
  return [
    ...checkTopicSettings(configuration, text, declared),
    ...(before === undefined ? [] : checkRenames(before, program, app)),
  ];
}

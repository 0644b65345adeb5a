import { check } from "./check/check.ts";
import type { Configuration } from "./config/configuration.ts";
import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import { isError } from "./diagnostics/report.ts";
import { discover, inputsOf } from "./discover/discover.ts";
import { emit } from "./emit/emit.ts";
import type { OutputFile } from "./emit/output-file.ts";
import type { Program } from "./model/program.ts";
import { read } from "./read/read.ts";
import { importPath } from "./target/import-path.ts";
import { readTarget } from "./target/target.ts";

export interface CompileOptions {
  /** The project's folder, absolute. */
  readonly root: string;
  readonly configuration: Configuration;
}

export interface Compilation {
  /** Empty where there is any error. */
  readonly files: readonly OutputFile[];
  readonly diagnostics: readonly Diagnostic[];
  /** What was read of the pipeline; not whole where there are errors. */
  readonly program: Program;
  /** Absolute paths of the files that the output depends on, beside those that `include` names. */
  readonly inputs: readonly string[];
}

/** Sources to files. Every stage may report, so that a user sees all there is; nothing is written here. */
export function compile({ root, configuration }: CompileOptions): Compilation {
  const { appName: app, askTimeoutMs, namespace, include, out } = configuration;
  const { target, diagnostics: targeting } = readTarget({ root, out });
  const discovered = discover({
    root,
    include,
    exclude: [`${out}/**`],
    tsconfig: target.tsconfig,
  });
  const { program, diagnostics: reading } = read(discovered, {
    app,
    askTimeoutMs,
    namespace,
    out,
  });
  const isWhole = ![...discovered.diagnostics, ...reading].some(isError);
  const diagnostics = [
    ...targeting,
    ...discovered.diagnostics,
    ...reading,
    ...check(program, isWhole),
  ];
  const context = {
    program,
    out,
    importPath: (from: string, to: string) => importPath(from, to, target.ending),
  };
  return {
    files: diagnostics.some(isError) ? [] : emit(context, configuration),
    diagnostics,
    program,
    inputs: [...target.inputs, ...inputsOf(discovered)],
  };
}

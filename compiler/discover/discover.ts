import path from "node:path";
import type { Project, SourceFile } from "ts-morph";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { noSources, syntaxError } from "../diagnostics/reading.ts";
import { findFiles } from "./find.ts";
import { placeAt } from "./place.ts";
import { openProject } from "./project.ts";

export interface DiscoverOptions {
  /** The folder of the pipeline; all other paths are relative to it. */
  readonly root: string;
  /** Globs from the root, with forward slashes; see `findFiles`. */
  readonly include: readonly string[];
  /** Globs; tests, declaration files and installed packages are left out anyway. */
  readonly exclude?: readonly string[] | undefined;
  readonly tsconfig?: string | undefined;
  /** A project to work in, made by `openProject` for the same tsconfig. */
  readonly project?: Project | undefined;
}

export interface Discovered {
  readonly project: Project;
  /** Absolute, with forward slashes, as ts-morph writes paths. */
  readonly root: string;
  /** The files that may declare agents, sorted by path; those that cannot be parsed are left out. */
  readonly files: readonly SourceFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Finds and parses the files that take part. Reads sources and the tsconfig; executes nothing. */
export function discover(options: DiscoverOptions): Discovered {
  const root = path.resolve(options.root).replaceAll("\\", "/");
  const tsconfig = options.tsconfig && path.resolve(root, options.tsconfig);
  const project = options.project ?? openProject({ root, tsconfig });
  const files = findFiles(root, options).map((file) => project.addSourceFileAtPath(file));
  const broken = new Map(
    files.flatMap((file) => {
      const error = syntaxErrorIn(project, root, file);
      return error === undefined ? [] : [[file, error] as const];
    }),
  );
  const diagnostics = files.length === 0 ? [noSources(options.include)] : [...broken.values()];
  return {
    project,
    root,
    files: files.filter((file) => !broken.has(file)),
    diagnostics,
  };
}

/** At most one for each file: what follows the first is seldom a mistake of its own. */
function syntaxErrorIn(project: Project, root: string, file: SourceFile): Diagnostic | undefined {
  const [first] = project.getProgram().getSyntacticDiagnostics(file);
  if (first === undefined) return undefined;
  const text = first.getMessageText();
  const message = typeof text === "string" ? text : text.getMessageText();
  const start = first.getStart() ?? 0;
  const span = placeAt(root, file, { start, end: start + (first.getLength() ?? 1) });
  return syntaxError(message, span);
}

/** By code units, so that no locale has a say. */
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Absolute paths of the files that were taken in, those that sources import among them. TypeScript's
 * own libraries and installed packages are left out: they change with the lock file only.
 */
export function inputsOf({ project }: Discovered): readonly string[] {
  return project
    .getProgram()
    .compilerObject.getSourceFiles()
    .map(({ fileName }) => fileName)
    .filter((file) => !file.includes("/node_modules/"))
    .sort(compareText);
}

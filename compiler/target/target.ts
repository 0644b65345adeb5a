import path from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../model/span.ts";
import {
  commonJsProject,
  notIncluded,
  oldModuleResolution,
  outsideRootDir,
} from "./diagnostics.ts";
import { type ImportEnding, withForwardSlashes } from "./import-path.ts";
import { nearestPackage } from "./package-json.ts";
import { type Resolution, resolutionOf } from "./resolution.ts";
import { type ReadTsconfig, readTsconfig } from "./tsconfig.ts";

/** How a project wants generated files. */
export interface Target {
  readonly ending: ImportEnding;
  /** The tsconfig.json that decided, absolute; `undefined` without one. */
  readonly tsconfig: string | undefined;
  /** Absolute paths of the files that were read; a change to one may change the target. */
  readonly inputs: readonly string[];
}

export interface TargetResult {
  /** Usable even where there are errors, so that everything else is checked, too. */
  readonly target: Target;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads tsconfig.json and package.json. `out` is the output folder, from the project's root. */
export function readTarget({
  root,
  out,
}: {
  readonly root: string;
  readonly out: string;
}): TargetResult {
  const tsconfig = readTsconfig(root);
  const resolution = resolutionOf(tsconfig.options, typescriptMajorOf(root));
  const owner = nearestPackage(path.join(root, out));
  const target: Target = {
    ending: tsconfig.file === undefined ? "ts" : resolution.ending,
    tsconfig: tsconfig.file,
    inputs: [
      ...tsconfig.inputs,
      ...(owner === undefined ? [] : [path.join(owner.folder, "package.json")]),
    ],
  };
  if (tsconfig.file === undefined || tsconfig.diagnostics.length > 0) {
    return { target, diagnostics: tsconfig.diagnostics };
  }
  const place = (key: string): Span | undefined => tsconfig.place(key);
  const diagnostics = [
    moduleProblem(resolution, place),
    ...(owner?.isModule === true ? [] : [commonJsProblem(resolution, place)]),
    rootDirProblem({ root, out, tsconfig }),
    includeProblem({ root, out, tsconfig }),
  ];
  return { target, diagnostics: diagnostics.filter((each) => each !== undefined) };
}

/** The user's own TypeScript decides what is left unsaid; without one, the newest is assumed. */
function typescriptMajorOf(root: string): { readonly major: number; readonly minor: number } {
  for (let folder = path.resolve(root); ; folder = path.dirname(folder)) {
    const installed = nearestPackage(path.join(folder, "node_modules", "typescript"));
    if (installed?.name === "typescript") {
      const [major, minor] = (installed.version ?? "").split(".").map(Number);
      return { major: major ?? 0, minor: minor ?? 0 };
    }
    if (folder === path.dirname(folder)) return { major: Number.POSITIVE_INFINITY, minor: 0 };
  }
}

type Place = (key: string) => Span | undefined;

function moduleProblem(resolution: Resolution, place: Place): Diagnostic | undefined {
  if (resolution.readsExports) return undefined;
  return oldModuleResolution(resolution.name, place("moduleResolution") ?? place("module"));
}

function commonJsProblem(resolution: Resolution, place: Place): Diagnostic | undefined {
  const { commonJs } = resolution;
  if (commonJs === undefined) return undefined;
  return commonJsProject(commonJs.because, place(commonJs.option));
}

interface OutputPlace {
  readonly root: string;
  readonly out: string;
  readonly tsconfig: ReadTsconfig;
}

function rootDirProblem({ root, out, tsconfig }: OutputPlace): Diagnostic | undefined {
  const { rootDir, noEmit } = tsconfig.options;
  if (rootDir === undefined || isInside(path.join(root, out), rootDir) || noEmit === true) {
    return undefined;
  }
  const shown = withForwardSlashes(path.relative(root, rootDir));
  return outsideRootDir(
    { out, rootDir: shown, source: path.posix.join(shown, path.posix.basename(out)) },
    tsconfig.place("rootDir"),
  );
}

function includeProblem({ root, out, tsconfig }: OutputPlace): Diagnostic | undefined {
  const main = path.join(root, out, "main.ts");
  if (tsconfig.takesIn(main)) return undefined;
  const file = withForwardSlashes(path.relative(root, tsconfig.file ?? "")) || "tsconfig.json";
  const folder = path.dirname(tsconfig.file ?? root);
  const shown = withForwardSlashes(path.relative(folder, path.join(root, out)));
  return notIncluded(shown, file, tsconfig.place("include") ?? tsconfig.place("files"));
}

function isInside(file: string, folder: string): boolean {
  const relative = path.relative(folder, file);
  return !relative.startsWith("..") && !path.isAbsolute(relative);
}

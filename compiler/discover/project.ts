import { existsSync } from "node:fs";
import path from "node:path";
import { Project, ts } from "ts-morph";

export interface ProjectOptions {
  /** Absolute. */
  readonly root: string;
  /** Absolute; without it the nearest `tsconfig.json` at or above the root. */
  readonly tsconfig?: string | undefined;
}

/**
 * Opens the one ts-morph project of a compilation, without files. It may be kept for later
 * compilations with the same tsconfig: opening it and reading the standard library is half their cost.
 */
export function openProject(options: ProjectOptions): Project {
  const tsConfigFilePath = options.tsconfig ?? findTsconfig(options.root);
  // Global types of installed packages (@types/node and the like) are no data, and reading them costs
  // more than all the rest; without them the result depends on nothing but what sources import.
  const compilerOptions = { skipLibCheck: true, noEmit: true, types: [] };
  return tsConfigFilePath === undefined
    ? new Project({ compilerOptions: { ...compilerOptions, ...withoutTsconfig } })
    : new Project({ tsConfigFilePath, compilerOptions, skipAddingFilesFromTsConfig: true });
}

const withoutTsconfig = {
  strict: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  allowImportingTsExtensions: true,
};

function findTsconfig(root: string): string | undefined {
  for (let folder = root; ; folder = path.dirname(folder)) {
    const file = path.join(folder, "tsconfig.json");
    if (existsSync(file)) return file;
    if (path.dirname(folder) === folder) return undefined;
  }
}

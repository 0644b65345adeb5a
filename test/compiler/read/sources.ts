/** Programs for tests, read as a user's project is: from files, with streamgen installed. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { check } from "../../../compiler/check/check.ts";
import { arrange } from "../../../compiler/diagnostics/arrange.ts";
import type { Diagnostic } from "../../../compiler/diagnostics/diagnostic.ts";
import { isError } from "../../../compiler/diagnostics/report.ts";
import { discover } from "../../../compiler/discover/discover.ts";
import { openProject } from "../../../compiler/discover/project.ts";
import type { Program } from "../../../compiler/model/program.ts";
import { read } from "../../../compiler/read/read.ts";
import { temporaryFolder } from "../../temporary.ts";

const language = path.join(import.meta.dirname, "../../../compiler/language");

/** What every project of a test has, beside streamgen in `node_modules`. */
export const projectFiles: Readonly<Record<string, string>> = {
  "package.json": '{ "name": "app", "type": "module" }',
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      strict: true,
      module: "nodenext",
      target: "es2023",
      types: [],
      allowImportingTsExtensions: true,
      paths: { "#shared/*": ["./src/shared/*"] },
      preserveSymlinks: true,
    },
  }),
  "node_modules/streamgen/package.json":
    '{ "name": "streamgen", "type": "module", "exports": { ".": "./dist/language/index.ts" } }',
};

/** Puts the language where an installed package has it. */
export function installLanguage(folder: string): void {
  const dist = path.join(folder, "node_modules/streamgen/dist");
  mkdirSync(dist, { recursive: true });
  symlinkSync(language, path.join(dist, "language"), "dir");
}

export interface ReadSource {
  readonly program: Program;
  readonly diagnostics: readonly Diagnostic[];
  readonly codes: readonly string[];
}

/** Reads one program after another in one project, which is opened once. */
export function sourceReader(): (source: string) => ReadSource {
  const root = temporaryFolder(projectFiles);
  installLanguage(root);
  const project = openProject({ root });
  let count = 0;
  return (source) => {
    const file = `src/program${count++}.ts`;
    mkdirSync(path.join(root, "src"), { recursive: true });
    writeFileSync(path.join(root, file), source);
    const discovered = discover({ root, include: [file], project });
    const { program, diagnostics } = read(discovered, { app: "app" });
    const reading = [...discovered.diagnostics, ...diagnostics];
    const all = arrange([...reading, ...check(program, !reading.some(isError))]);
    return { program, diagnostics: all, codes: all.map(({ code }) => code) };
  };
}

/** Builds many pipelines at once: one project for the compiler, one run of tsc for all that comes out. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Project } from "ts-morph";
import { check } from "../../compiler/check/check.ts";
import { defaults } from "../../compiler/config/configuration.ts";
import { arrange } from "../../compiler/diagnostics/arrange.ts";
import type { Diagnostic } from "../../compiler/diagnostics/diagnostic.ts";
import { renderText } from "../../compiler/diagnostics/render-text.ts";
import { isError } from "../../compiler/diagnostics/report.ts";
import { discover } from "../../compiler/discover/discover.ts";
import { openProject } from "../../compiler/discover/project.ts";
import { emit } from "../../compiler/emit/emit.ts";
import type { Program } from "../../compiler/model/program.ts";
import { read } from "../../compiler/read/read.ts";
import { importPath } from "../../compiler/target/import-path.ts";
import { repository } from "../project.ts";

const configuration = { ...defaults, file: "streamgen.config.ts", app: "app", appName: "app" };

const tsconfig = {
  compilerOptions: {
    target: "es2023",
    module: "nodenext",
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    customConditions: ["@streamgen/source"],
    rewriteRelativeImportExtensions: true,
    rootDir: ".",
    outDir: "dist",
  },
  include: ["*/src", "*/generated"],
};

/** A folder where pipelines are built: `<name>/src/pipeline.ts`. */
export class Workshop {
  readonly #folder: string;
  readonly #project: Project;

  constructor(folder: string) {
    this.#folder = folder;
    writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
    const installed = {
      streamgen: "",
      "@streamgen/runtime": "runtime",
      "@types/node": "node_modules/@types/node",
    };
    for (const [name, place] of Object.entries(installed)) {
      const link = path.join(folder, "node_modules", name);
      mkdirSync(path.dirname(link), { recursive: true });
      symlinkSync(path.join(repository, place), link, "junction");
    }
    this.#project = openProject({ root: folder, tsconfig: path.join(folder, "tsconfig.json") });
  }

  /** Writes a source, to be compiled with the others. */
  place(name: string, source: string): void {
    const file = path.join(this.#folder, name, "src/pipeline.ts");
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, source);
    this.#project.addSourceFileAtPath(file);
  }

  /** What the compiler says of it. */
  diagnose(name: string): {
    readonly program: Program;
    readonly diagnostics: readonly Diagnostic[];
  } {
    const root = path.join(this.#folder, name);
    const discovered = discover({ root, include: ["src/**/*.ts"], project: this.#project });
    const { program, diagnostics } = read(discovered, { app: "app", namespace: undefined });
    const reading = [...discovered.diagnostics, ...diagnostics];
    const checking = check(program, !reading.some(isError));
    return { program, diagnostics: arrange([...reading, ...checking]) };
  }

  /** Writes what is generated. Gives the compiler's errors as text, or nothing. */
  build(name: string): string {
    const root = path.join(this.#folder, name);
    const { program, diagnostics } = this.diagnose(name);
    const errors = diagnostics.filter(isError);
    if (errors.length > 0) {
      return renderText(errors, {
        readSource: (file) => readFileSync(path.join(root, file), "utf8"),
      });
    }
    const paths = (from: string, to: string): string => importPath(from, to, "js");
    for (const file of emit({ program, out: "generated", importPath: paths }, configuration)) {
      const place = path.join(root, "generated", file.path);
      mkdirSync(path.dirname(place), { recursive: true });
      writeFileSync(place, file.text);
    }
    return "";
  }

  /** Compiles everything. Gives the errors by pipeline. */
  types(): ReadonlyMap<string, string> {
    const tsc = path.join(repository, "node_modules/typescript/bin/tsc");
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", this.#folder], {
      cwd: this.#folder,
      encoding: "utf8",
    });
    const errors = new Map<string, string>();
    for (const line of stdout.split("\n")) {
      const [name] = line.split("/");
      if (name !== undefined && line !== "") errors.set(name, `${errors.get(name) ?? ""}${line}\n`);
    }
    return errors;
  }

  /** The compiled file of a pipeline. */
  compiled(name: string, file: string): string {
    return path.join(this.#folder, "dist", name, "generated", file);
  }
}

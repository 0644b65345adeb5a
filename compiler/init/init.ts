import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { configurationNames } from "../config/load.ts";
import { completePackage, newPackage, type PackageNeeds } from "./package-json.ts";

/** What making a project comes to. Nothing has been written yet. */
export interface InitPlan {
  /** Absolute. */
  readonly folder: string;
  readonly isNew: boolean;
  readonly files: readonly InitFile[];
  /** What the person should know: what was left as it is, what is theirs to do. */
  readonly notes: readonly string[];
}

export interface InitFile {
  /** From the folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** What is added, where the file exists. */
  readonly added?: readonly string[];
}

export interface InitProblem {
  readonly problem: string;
  readonly fix: string;
}

export interface InitOptions {
  readonly cwd: string;
  /** A folder to make; without it, the current one is completed. */
  readonly name: string | undefined;
  /** The version of streamgen. */
  readonly version: string;
}

const templates = new URL("../../templates/init/", import.meta.url);

/** Works out what to write. A file that exists is never overwritten; package.json is completed. */
export function planInit({ cwd, name, version }: InitOptions): InitPlan | InitProblem {
  const folder = path.resolve(cwd, name ?? ".");
  const entries = existsSync(folder) ? readEntries(folder) : [];
  if (entries === undefined) return isNoFolder(name ?? folder);
  if (name !== undefined && entries.length > 0) return isNotEmpty(name);
  const app = appName(folder);
  const hasTsconfig = entries.includes("tsconfig.json");
  const isFresh = !(hasTsconfig || hasSources(folder));
  // A project that is there has its own way of testing.
  const hasTest = isFresh && !entries.includes("package.json");
  const package_ = packageFile(folder, packageNeeds(app, version, hasTest), isFresh);
  if ("problem" in package_) return package_;
  const hasConfiguration = configurationNames.some((each) => entries.includes(each));
  const wanted: readonly InitFile[] = [
    ...(hasTsconfig ? [] : [tsconfigFile(package_.isModule)]),
    ...(hasConfiguration ? [] : [{ path: "streamgen.config.ts", text: configuration(app) }]),
    ...(hasSources(folder) ? [] : [fromTemplate("src/hello.ts", "hello.ts")]),
    ...(hasTest ? [fromTemplate("test/hello.test.ts", "hello.test.ts")] : []),
    ...(entries.includes(".gitignore") ? [] : [fromTemplate(".gitignore", "gitignore")]),
  ];
  return {
    folder,
    isNew: entries.length === 0,
    files: [...package_.files, ...wanted],
    notes: [...package_.notes, ...linterNotes(entries)],
  };
}

/** Writes the files of a plan, or says what cannot be written: those before it are there then. */
export function carryOutInit({ folder, files }: InitPlan): InitProblem | undefined {
  for (const { path: file, text } of files) {
    const place = path.join(folder, file);
    try {
      makeFolder(path.dirname(place));
      writeFileSync(place, text);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      return { problem: `"${place}" cannot be written: ${reason}`, fix: "choose another folder" };
    }
  }
  return undefined;
}

/**
 * Makes a folder and those above it, each with one attempt: `mkdirSync` itself with `recursive` tries
 * for ever where a folder is there and yet takes no other, such as /proc.
 */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder);
}

function readEntries(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder).filter((entry) => entry !== ".git");
  } catch {
    return undefined;
  }
}

function isNoFolder(name: string): InitProblem {
  return { problem: `"${name}" is not a folder`, fix: "choose another name" };
}

function isNotEmpty(name: string): InitProblem {
  return {
    problem: `"${name}" is there already and not empty`,
    fix: `choose another name, or add to it: streamgen init --cwd ${name}`,
  };
}

function packageNeeds(name: string, version: string, hasTest: boolean): PackageNeeds {
  return {
    name,
    scripts: {
      start: "streamgen run --embedded",
      dev: "streamgen dev",
      build: "streamgen build && tsc",
      check: "streamgen check",
      // Where there are no sources, each Node finds the compiled tests by itself, and only them.
      ...(hasTest && { test: "npm run build && cd dist && node --test" }),
    },
    dependencies: { "@streamgen/runtime": version },
    devDependencies: { "@types/node": "^20.19.0", streamgen: version, typescript: "^7.0.2" },
  };
}

type PackageFile =
  | (Pick<InitPlan, "files" | "notes"> & { readonly isModule: boolean })
  | InitProblem;

/** `isFresh`: nothing here depends on what kind of modules there are. */
function packageFile(folder: string, needs: PackageNeeds, isFresh: boolean): PackageFile {
  const file = path.join(folder, "package.json");
  if (!existsSync(file)) {
    const text = newPackage(needs);
    return { files: [{ path: "package.json", text }], notes: [], isModule: true };
  }
  const completed = completePackage(readFileSync(file, "utf8"), needs, isFresh);
  if (completed === undefined) {
    return { problem: "package.json is no JSON object", fix: "mend it first" };
  }
  const { text, added, kept, isModule } = completed;
  return {
    isModule,
    files: added.length === 0 ? [] : [{ path: "package.json", text, added }],
    notes: kept.map((script) => {
      const wanted = needs.scripts[script.slice("scripts.".length)] ?? "";
      return `package.json has its own "${script}"; streamgen's would be: ${wanted}`;
    }),
  };
}

/** Kafka's letters only, and something in any case. */
function appName(folder: string): string {
  const name = path
    .basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, "-");
  return name.replaceAll(/^-+|-+$/g, "").slice(0, 100) || "app";
}

function configuration(app: string): string {
  return `import { defineConfig } from "streamgen/config";

export default defineConfig({ app: ${JSON.stringify(app)} });
`;
}

/** `verbatimModuleSyntax` refuses each import of a file that becomes CommonJS. */
function tsconfigFile(isModule: boolean): InitFile {
  const file = fromTemplate("tsconfig.json", "tsconfig.json");
  if (isModule) return file;
  return { ...file, text: file.text.replace(/^.*"verbatimModuleSyntax".*\n/m, "") };
}

function fromTemplate(file: string, template: string): InitFile {
  return { path: file, text: readFileSync(new URL(template, templates), "utf8") };
}

function hasSources(folder: string): boolean {
  const sources = path.join(folder, "src");
  if (!existsSync(sources)) return false;
  return readdirSync(sources, { recursive: true, encoding: "utf8" }).some((file) =>
    /\.[cm]?tsx?$/.test(file),
  );
}

/** Linters are left as they are; where one is configured, this says how it passes over the output. */
function linterNotes(entries: readonly string[]): readonly string[] {
  const has = (name: RegExp): boolean => entries.some((entry) => name.test(entry));
  return [
    ...(has(/^biome\.jsonc?$/)
      ? ['biome: to pass over generated files, add "!generated" to files.includes']
      : []),
    ...(has(/^(eslint\.config\.|\.eslintrc)/)
      ? ['eslint: to pass over generated files, add { ignores: ["generated/**"] }']
      : []),
    ...(has(/^(\.prettierrc|prettier\.config\.)/)
      ? ["prettier: to pass over generated files, add generated/ to .prettierignore"]
      : []),
  ];
}

import path from "node:path";
import { ts } from "ts-morph";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../model/span.ts";
import { brokenTsconfig } from "./diagnostics.ts";
import { withForwardSlashes } from "./import-path.ts";

/** A tsconfig.json with everything it extends. */
export interface ReadTsconfig {
  /** Absolute; `undefined` where there is none. */
  readonly file: string | undefined;
  readonly options: ts.CompilerOptions;
  /** Absolute paths of this file and of those it extends. */
  readonly inputs: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** Where an option, or `include`, is written in the file itself. */
  place(key: string): Span | undefined;
  /** Whether a file would be one of the project's, though it need not exist yet. Absolute path. */
  takesIn(file: string): boolean;
}

/** "No inputs were found" is no fault here: the first build finds an empty folder. */
const harmless: ReadonlySet<number> = new Set([18_002, 18_003]);

/** Reads the nearest tsconfig.json, looking upwards from the project's root. */
export function readTsconfig(root: string): ReadTsconfig {
  const file = ts.findConfigFile(root, ts.sys.fileExists);
  if (file === undefined) return nothing;
  const read = parse(root, file);
  const referenced = read.parsed.fileNames.length > 0 ? [] : (read.parsed.projectReferences ?? []);
  // A solution that only lists projects: the first project with files is the one that counts.
  for (const reference of referenced.slice(0, 20)) {
    const project = parse(root, ts.resolveProjectReferencePath(reference));
    if (project.parsed.fileNames.length > 0)
      return { ...project, inputs: [file, ...project.inputs] };
  }
  return read;
}

const nothing: ReadTsconfig = {
  file: undefined,
  options: {},
  inputs: [],
  diagnostics: [],
  place: () => undefined,
  takesIn: () => true,
};

function parse(
  root: string,
  file: string,
): ReadTsconfig & { readonly parsed: ts.ParsedCommandLine } {
  const source = ts.readJsonConfigFile(file, ts.sys.readFile);
  const folder = path.dirname(file);
  const parsed = ts.parseJsonSourceFileConfigFileContent(source, ts.sys, folder, undefined, file);
  const shown = withForwardSlashes(path.relative(root, file));
  const syntaxError = ts.parseConfigFileTextToJson(file, source.text).error;
  const errors = [...(syntaxError ? [syntaxError] : []), ...parsed.errors];
  return {
    parsed,
    file: path.resolve(file),
    options: parsed.options,
    inputs: [file, ...(source.extendedSourceFiles ?? [])].map((each) => path.resolve(each)),
    diagnostics: errors
      .filter(({ code }) => !harmless.has(code))
      .slice(0, 1)
      .map((error) => broken(source, shown, error)),
    place: (key) => {
      const start = keyStart(source, key);
      return start === undefined ? undefined : spanOf(source, shown, start, key.length + 2);
    },
    takesIn: (wanted) => takesIn(parsed, wanted),
  };
}

function broken(source: ts.TsConfigSourceFile, shown: string, error: ts.Diagnostic): Diagnostic {
  const text = ts.flattenDiagnosticMessageText(error.messageText, " ").replace(/\.$/, "");
  const isHere = error.file?.fileName === source.fileName;
  return brokenTsconfig(shown, text, isHere ? spanOf(source, shown, error.start ?? 0) : undefined);
}

/** By the files found, or, where the file does not exist yet, by the folders that `include` covers. */
function takesIn(
  { fileNames, wildcardDirectories = {} }: ts.ParsedCommandLine,
  wanted: string,
): boolean {
  if (ts.sys.fileExists(wanted)) {
    return fileNames.some((name) => path.resolve(name) === path.resolve(wanted));
  }
  return Object.entries(wildcardDirectories).some(([folder, flags]) => {
    const relative = path.relative(folder, path.dirname(wanted));
    const isBelow = !relative.startsWith("..") && !path.isAbsolute(relative);
    return relative === "" || (isBelow && flags === ts.WatchDirectoryFlags.Recursive);
  });
}

function spanOf(source: ts.TsConfigSourceFile, file: string, start: number, length = 0): Span {
  const { line, character } = source.getLineAndCharacterOfPosition(start);
  return { file, start, end: start + length, line: line + 1, column: character + 1 };
}

/** The place of a quoted key; options and file lists are never called the same. */
function keyStart(source: ts.TsConfigSourceFile, key: string): number | undefined {
  const match = new RegExp(`"${key}"(?=\\s*:)`).exec(source.text);
  return match?.index;
}

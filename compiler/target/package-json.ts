import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** The parts of a package.json that matter here; everything may be missing. */
export interface PackageJson {
  /** The folder it is in, absolute. */
  readonly folder: string;
  readonly name: string | undefined;
  readonly isModule: boolean;
  readonly version: string | undefined;
  /** As it is in the file. */
  readonly exports: unknown;
}

/** The nearest package.json of a file or folder, looking upwards; one that is no JSON counts as empty. */
export function nearestPackage(from: string): PackageJson | undefined {
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    const file = path.join(folder, "package.json");
    if (existsSync(file)) return readPackage(folder, readFileSync(file, "utf8"));
    if (folder === path.dirname(folder)) return undefined;
  }
}

function readPackage(folder: string, text: string): PackageJson {
  const content = parseObject(text);
  const textOf = (key: string): string | undefined => {
    const value = content[key];
    return typeof value === "string" ? value : undefined;
  };
  return {
    folder,
    name: textOf("name"),
    isModule: textOf("type") === "module",
    version: textOf("version"),
    exports: content["exports"],
  };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

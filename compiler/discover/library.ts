import { readFileSync } from "node:fs";
import path from "node:path";
import type { SourceFile } from "ts-morph";

/** Answers questions about packages; remembers what it has read for one compilation. */
export interface Packages {
  /** Whether a file declares the language, in any copy of "streamgen". */
  isLanguage(file: SourceFile): boolean;
  /** The name and folder of the package that a file belongs to. */
  packageOf(file: SourceFile): PackageFolder | undefined;
}

export interface PackageFolder {
  readonly name: string | undefined;
  /** Absolute, with forward slashes. */
  readonly folder: string;
}

export function readPackages(): Packages {
  const byFolder = new Map<string, PackageFolder | undefined>();
  const find = (folder: string): PackageFolder | undefined => {
    if (byFolder.has(folder)) return byFolder.get(folder);
    const above = path.posix.dirname(folder);
    const found = readPackage(folder) ?? (above === folder ? undefined : find(above));
    byFolder.set(folder, found);
    return found;
  };
  const packageOf = (file: SourceFile) => find(file.getDirectoryPath());
  return {
    packageOf,
    isLanguage: (file) =>
      path.posix.basename(file.getDirectoryPath()) === "language" &&
      packageOf(file)?.name === "streamgen",
  };
}

function readPackage(folder: string): PackageFolder | undefined {
  let text: string;
  try {
    text = readFileSync(path.posix.join(folder, "package.json"), "utf8");
  } catch {
    return undefined;
  }
  return { name: nameIn(text), folder };
}

/** `package.json` files without a name only set a folder's module kind; a broken one names nothing. */
function nameIn(text: string): string | undefined {
  try {
    const content: unknown = JSON.parse(text);
    const isNamed = typeof content === "object" && content !== null && "name" in content;
    return isNamed && typeof content.name === "string" ? content.name : undefined;
  } catch {
    return undefined;
  }
}

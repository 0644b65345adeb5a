import type {
  EnumDeclaration,
  FunctionDeclaration,
  InterfaceDeclaration,
  Node,
  SourceFile,
  TypeAliasDeclaration,
  Symbol as TypeSymbol,
  VariableDeclaration,
} from "ts-morph";
import { pathFrom } from "../discover/place.ts";
import type { Reading } from "./reading.ts";
import { through } from "./resolve.ts";

type Exportable =
  | EnumDeclaration
  | FunctionDeclaration
  | InterfaceDeclaration
  | TypeAliasDeclaration
  | VariableDeclaration;

/** How generated code imports a declaration. */
export interface ExportPlace {
  /** A path from the root, or a package's specifier. */
  readonly module: string;
  readonly name: string;
  readonly external: boolean;
}

/** `undefined` where no import leads to the declaration. */
export function exportOf(reading: Reading, declaration: Exportable): ExportPlace | undefined {
  const file = declaration.getSourceFile();
  const specifiers = specifiersOf(reading, file);
  if (specifiers === undefined) {
    const name = exportedName(file, declaration);
    const module = pathFrom(reading.discovered.root, file);
    return name === undefined ? undefined : { module, name, external: false };
  }
  for (const { specifier, file: entry } of specifiers) {
    const name = exportedName(entry, declaration);
    if (name !== undefined) return { module: specifier, name, external: true };
  }
  return undefined;
}

/** The name under which a module exports a declaration, its own or another module's. */
export function exportedName(file: SourceFile, declaration: Node): string | undefined {
  const names = file
    .getExportSymbols()
    .filter((symbol) => declares(symbol, declaration))
    .map((symbol) => symbol.getName());
  return names.find((name) => name !== "default");
}

const declares = (symbol: TypeSymbol, declaration: Node): boolean =>
  through(symbol).getDeclarations().includes(declaration);

/**
 * The specifiers by which the pipeline's own files import modules of the package that a file belongs
 * to, shortest first. `undefined` for files of the pipeline itself, and for those that are imported
 * by relative paths only.
 */
function specifiersOf(
  reading: Reading,
  file: SourceFile,
): readonly { readonly specifier: string; readonly file: SourceFile }[] | undefined {
  const { packages, discovered } = reading;
  const home = packages.packageOf(file);
  const isOwn =
    file.getFilePath().startsWith(`${discovered.root}/`) &&
    !file.getFilePath().includes("/node_modules/");
  const [first] = discovered.files;
  if (isOwn && home?.folder === (first && packages.packageOf(first)?.folder)) return undefined;
  const found = new Map<string, SourceFile>();
  for (const user of discovered.files) {
    for (const declaration of [...user.getImportDeclarations(), ...user.getExportDeclarations()]) {
      const specifier = declaration.getModuleSpecifierValue();
      const target = declaration.getModuleSpecifierSourceFile();
      if (specifier === undefined || target === undefined || specifier.startsWith(".")) continue;
      if (packages.packageOf(target)?.folder === home?.folder) found.set(specifier, target);
    }
  }
  if (found.size === 0) return undefined;
  return [...found]
    .map(([specifier, entry]) => ({ specifier, file: entry }))
    .sort(
      (a, b) => a.specifier.length - b.specifier.length || (a.specifier < b.specifier ? -1 : 1),
    );
}

import type {
  EnumDeclaration,
  FunctionDeclaration,
  InterfaceDeclaration,
  SourceFile,
  TypeAliasDeclaration,
  VariableDeclaration,
} from "ts-morph";
import { pathFrom } from "../discover/place.ts";
import { exportsOf, packageModules } from "./exports.ts";
import type { Reading } from "./reading.ts";

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
  if (!isForeign(reading, declaration)) return ownExport(reading, file, declaration);
  const folder = reading.packages.packageOf(file)?.folder;
  const places = packageModules(reading).flatMap(({ specifier, file: entry }) => {
    const name = exportsOf(reading, entry).get(declaration);
    if (name === undefined || name === "default") return [];
    const isHome = reading.packages.packageOf(entry)?.folder === folder;
    return [{ isHome, place: { module: specifier, name, external: true } }];
  });
  const best = places.find(({ isHome }) => isHome) ?? places[0];
  if (best !== undefined) return best.place;
  // A package beside the project, imported by relative paths only, is part of it.
  const isInstalled = file.getFilePath().includes("/node_modules/");
  return isInstalled ? undefined : ownExport(reading, file, declaration);
}

function ownExport(
  reading: Reading,
  file: SourceFile,
  declaration: Exportable,
): ExportPlace | undefined {
  const name = exportsOf(reading, file).get(declaration);
  if (name === undefined || name === "default") return undefined;
  return { module: pathFrom(reading.discovered.root, file), name, external: false };
}

/** Whether another package declares it. */
export function isForeign({ packages, discovered }: Reading, declaration: Exportable): boolean {
  const file = declaration.getSourceFile();
  const path = file.getFilePath();
  if (path.includes("/node_modules/") || !path.startsWith(`${discovered.root}/`)) return true;
  const [first] = discovered.files;
  return packages.packageOf(file)?.folder !== (first && packages.packageOf(first)?.folder);
}

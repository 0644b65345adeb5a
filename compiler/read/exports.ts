import { Node, type SourceFile } from "ts-morph";
import type { Reading } from "./reading.ts";
import { through } from "./symbol.ts";

/**
 * The names that a module exports, by what they stand for, its own declarations or another module's.
 * Of several names the declared one counts, and "default" only where there is no other.
 */
export function exportsOf(reading: Reading, file: SourceFile): ReadonlyMap<Node, string> {
  const known = reading.exports.get(file);
  if (known !== undefined) return known;
  const names = new Map<Node, string>();
  for (const symbol of file.getExportSymbols()) {
    const name = symbol.getName();
    for (const declaration of through(symbol).getDeclarations()) {
      const other = names.get(declaration);
      const isOwn = Node.hasName(declaration) && declaration.getName() === name;
      if (other === undefined || other === "default" || isOwn) names.set(declaration, name);
    }
  }
  reading.exports.set(file, names);
  return names;
}

/** A module of a package, and how the pipeline's own files import it. */
export interface PackageModule {
  readonly specifier: string;
  readonly file: SourceFile;
}

/** What the pipeline's files import by anything but a relative path, shortest specifiers first. */
export function packageModules(reading: Reading): readonly PackageModule[] {
  const { discovered, packageModules: known } = reading;
  if (known.length > 0) return known;
  const found = new Map<string, SourceFile>();
  for (const literal of discovered.files.flatMap((file) => file.getImportStringLiterals())) {
    const specifier = literal.getLiteralValue();
    const target = literal.getSymbol()?.getDeclarations().find(Node.isSourceFile);
    if (target !== undefined && !specifier.startsWith(".")) found.set(specifier, target);
  }
  const modules = [...found].map(([specifier, file]) => ({ specifier, file }));
  modules.sort(
    (a, b) => a.specifier.length - b.specifier.length || (a.specifier < b.specifier ? -1 : 1),
  );
  known.push(...modules);
  return known;
}

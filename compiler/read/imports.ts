import { type ImportDeclaration, Node, type SourceFile } from "ts-morph";
import { notInLanguage, unknownModule, unknownType } from "../diagnostics/reading.ts";
import { exportsOf } from "./exports.ts";
import type { Reading } from "./reading.ts";

/** Says why a name means nothing: at the import that is wrong, or at the name itself. */
export function reportUnresolved(reading: Reading, name: Node): void {
  const declaration = name.getSymbol()?.getDeclarations()[0];
  const imported = declaration?.getFirstAncestor(Node.isImportDeclaration);
  if (declaration === undefined || imported === undefined) {
    reading.report(unknownType(name.getText(), reading.place(name)));
    return;
  }
  const specifier = imported.getModuleSpecifierValue();
  const file = imported.getModuleSpecifierSourceFile();
  if (file === undefined) {
    reading.report(unknownModule(specifier, reading.place(imported.getModuleSpecifier())));
    return;
  }
  const wanted = Node.isImportSpecifier(declaration) ? declaration.getName() : name.getText();
  const span = reading.place(
    Node.isImportSpecifier(declaration) ? declaration.getNameNode() : declaration,
  );
  const exported = [...exportsOf(reading, file).values()];
  reading.report(
    reading.packages.isLanguage(file)
      ? notInLanguage(wanted, exported, span)
      : unknownType(wanted, span, { module: specifier, exported }),
  );
}

/** Reports names imported from "streamgen" that it does not have, whether they are used or not. */
export function checkLanguageImports(reading: Reading, files: readonly SourceFile[]): void {
  for (const file of files) {
    for (const imported of file.getImportDeclarations()) {
      if (imported.getModuleSpecifierValue() === "streamgen") checkNames(reading, imported);
    }
  }
}

function checkNames(reading: Reading, imported: ImportDeclaration): void {
  const language = imported.getModuleSpecifierSourceFile();
  if (language === undefined) {
    reading.report(unknownModule("streamgen", reading.place(imported.getModuleSpecifier())));
    return;
  }
  const exported = [...exportsOf(reading, language).values()];
  for (const specifier of imported.getNamedImports()) {
    if (exported.includes(specifier.getName())) continue;
    const span = reading.place(specifier.getNameNode());
    reading.report(notInLanguage(specifier.getName(), exported, span));
  }
}

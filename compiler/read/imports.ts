import { type ImportDeclaration, Node, type SourceFile } from "ts-morph";
import { notImported, notInLanguage, unknownModule, unknownType } from "../diagnostics/reading.ts";
import { foreignType } from "../diagnostics/values.ts";
import { exportsOf } from "./exports.ts";
import type { Reading } from "./reading.ts";

/** Types of the platform, which are not looked up: none of them is data. */
const platformTypes: ReadonlySet<string> = new Set([
  ...["AbortController", "AbortSignal", "Blob", "Buffer", "Event", "EventEmitter", "EventTarget"],
  ...["File", "FormData", "Headers", "NodeJS", "ReadableStream", "Request", "Response", "URL"],
  ...["TextDecoder", "TextEncoder", "URLSearchParams", "WritableStream"],
]);

/** Says why a name means nothing: at the import that is wrong, or at the name itself. */
export function reportUnresolved(reading: Reading, name: Node): void {
  const imported = importOf(name);
  if (imported !== undefined) {
    reportImport(reading, name, imported);
    return;
  }
  const text = name.getText();
  const span = reading.place(name);
  if (wiringNames.has(text)) reading.report(notImported(text, span));
  else if (platformTypes.has(text)) reading.report(foreignType(text, "a value", span));
  else reading.report(unknownType(text, span));
}

/** Names that make a pipeline: where one of them is not imported, a part of it would be lost. */
const wiringNames: ReadonlySet<string> = new Set([
  ...["Each", "Event", "Stream", "Join", "Closed", "Every", "OnStart"],
  ...["Topic", "Table", "SetTable", "WindowedTable"],
]);

/**
 * Says so only where the import is of the project's own modules, which nobody else declares, or where
 * the name is the language's.
 */
export function reportBrokenImport(reading: Reading, name: Node): void {
  const imported = importOf(name);
  const text = name.getText();
  if (imported === undefined && wiringNames.has(text)) {
    reading.report(notImported(text, reading.place(name)));
  }
  const specifier = imported?.getModuleSpecifierValue() ?? "";
  if (imported !== undefined && specifier.startsWith(".")) reportImport(reading, name, imported);
}

const importOf = (name: Node): ImportDeclaration | undefined =>
  name.getSymbol()?.getDeclarations()[0]?.getFirstAncestor(Node.isImportDeclaration);

function reportImport(reading: Reading, name: Node, imported: ImportDeclaration): void {
  const specifier = imported.getModuleSpecifierValue();
  const file = imported.getModuleSpecifierSourceFile();
  if (file === undefined) {
    reading.report(unknownModule(specifier, reading.place(imported.getModuleSpecifier())));
    return;
  }
  const declaration = name.getSymbol()?.getDeclarations()[0];
  const wanted = Node.isImportSpecifier(declaration) ? declaration.getNameNode() : name;
  const exported = [...exportsOf(reading, file).values()];
  const span = reading.place(wanted);
  reading.report(
    reading.packages.isLanguage(file)
      ? notInLanguage(wanted.getText(), exported, span)
      : unknownType(wanted.getText(), span, { module: specifier, exported }),
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

import type { DeclarationModel, TypeModel, TypeName } from "../../model/type.ts";
import { type Code, code, doc, nothing } from "../code.ts";
import { type EmitContext, GeneratedFile } from "../file.ts";
import { header } from "../imports.ts";
import type { OutputFile } from "../output-file.ts";
import { codecFileOf } from "../records.ts";
import { render, type View } from "../render.ts";
import { ModelIndex, recordsIn } from "./model-index.ts";
import { RecordGraph } from "./order.ts";
import { type ProjectionModel, projectionsOf } from "./projection.ts";
import {
  fromJsonFunction,
  projectionFunction,
  readFunction,
  recordType,
  skipFunction,
  toJsonFunction,
  writeFunction,
} from "./record.ts";
import { schemaCode, schemaFileText } from "./schema.ts";
import { CodecUnit } from "./unit.ts";

/**
 * The codecs of all records, one file for each source file, and the schemas of those that topics and
 * tables hold.
 */
export function emitCodecs(context: EmitContext): readonly OutputFile[] {
  return [...new CodecEmitter(context).codecFiles(), ...schemaFiles(context)];
}

class CodecEmitter {
  readonly #projections: readonly ProjectionModel[];
  readonly #index: ModelIndex;
  readonly #graph: RecordGraph;
  /** By path, in the order of the program's records. */
  readonly #units: Map<string, CodecUnit> = new Map();
  readonly #recordsByPath: Map<string, TypeName[]> = new Map();
  readonly #pathByRecord: Map<TypeName, string> = new Map();

  constructor(context: EmitContext) {
    this.#projections = projectionsOf(context.program);
    this.#index = new ModelIndex(context.program);
    this.#graph = new RecordGraph(this.#index);
    const anyFile = new GeneratedFile("codecs", context);
    for (const { name } of context.program.records) {
      const path = codecFileOf(anyFile, name);
      this.#pathByRecord.set(name, path);
      const records = this.#recordsByPath.get(path) ?? [];
      this.#recordsByPath.set(path, [...records, name]);
    }
    for (const [path, records] of this.#recordsByPath) {
      const unit = new CodecUnit(path, context, this.#index);
      for (const record of records) unit.declareRecord(record);
      this.#units.set(path, unit);
    }
  }

  codecFiles(): readonly OutputFile[] {
    this.#announceSkips();
    return [...this.#units].map(([path, unit]) => {
      const records = this.#graph.sorted(this.#recordsByPath.get(path) ?? []);
      const views = records.map((record) => this.#recordView(unit, record));
      const view = {
        header: header(this.#sources(records).join(", ")),
        records: views,
        parts: unit.parts,
        declarations: unit.declarations,
        imports: unit.file.imports.code(),
      };
      return { path, text: render("codec", view) };
    });
  }

  /** Projected decoders walk over whole records, which may be declared in other files. */
  #announceSkips(): void {
    for (const projection of this.#projections) {
      const { fields } = this.#index.record(projection.record);
      const skipped = fields
        .filter((field) => !projection.fields.includes(field.name))
        .flatMap((field) => this.#recordsOf(field.type));
      for (const record of new Set(skipped)) {
        this.#unitOf(record).needSkip(record);
      }
    }
  }

  /** The records that values of a type hold at any depth. */
  #recordsOf(type: TypeModel): readonly TypeName[] {
    return recordsIn(type).flatMap((record) => [record, ...this.#graph.reached(record)]);
  }

  #recordView(unit: CodecUnit, name: TypeName): View {
    const record = this.#index.record(name);
    const projections = this.#projections.filter((projection) => projection.record === name);
    const type = recordType(unit, record);
    const functions = [
      writeFunction(unit, record),
      readFunction(unit, record),
      ...projections.map((projection) => projectionFunction(unit, projection)),
      ...(unit.skipped.includes(name) ? [skipFunction(unit, record)] : []),
      toJsonFunction(unit, record),
      fromJsonFunction(unit, record),
    ];
    return {
      doc: record.doc === undefined ? nothing : doc(record.doc),
      functions,
      codec: unit.recordPart("codec", name),
      codecType: code`${unit.runtimeType("Codec")}<${type}>`,
      schema: schemaCode(this.#index, record, {
        record: (other) => this.#schemaReference(unit, name, other),
        symbols: (other) => unit.symbols(other),
      }),
      write: unit.recordPart("write", name),
      read: unit.recordPart("read", name),
      toJson: unit.recordPart("toJson", name),
      fromJson: unit.recordPart("fromJson", name),
    };
  }

  /**
   * How a record's schema refers to another's: by its codec, which must be there when this one is
   * made. Records that hold each other, and files that import each other, spell the schema out.
   */
  #schemaReference(unit: CodecUnit, record: TypeName, other: TypeName): Code | undefined {
    if (record === other || this.#graph.reached(other).has(record)) return undefined;
    if (this.#pathOf(other) !== this.#pathOf(record) && this.#importsBack(record, other)) {
      return undefined;
    }
    return code`${unit.recordPart("codec", other)}.schema`;
  }

  /** Whether the file of `other` imports, maybe through others, the file of `record`. */
  #importsBack(record: TypeName, other: TypeName): boolean {
    const target = this.#pathOf(record);
    const seen = new Set<string>();
    const open = [this.#pathOf(other)];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (path === target) return true;
      if (seen.has(path)) continue;
      seen.add(path);
      for (const declared of this.#recordsByPath.get(path) ?? []) {
        open.push(...this.#graph.held(declared).map((held) => this.#pathOf(held)));
      }
    }
    return false;
  }

  #pathOf(record: TypeName): string {
    return this.#pathByRecord.get(record) ?? "";
  }

  #unitOf(record: TypeName): CodecUnit {
    const unit = this.#units.get(this.#pathOf(record));
    if (unit === undefined) throw new Error(`SG9004: the model has no record "${record}"`);
    return unit;
  }

  /** The source files of records, each once. */
  #sources(records: readonly TypeName[]): readonly string[] {
    const sources = records.map((name) => {
      const record = this.#index.record(name);
      return sourceOf(record.declaration) ?? record.span.file;
    });
    return [...new Set(sources)].sort();
  }
}

/** The module that declares it. */
function sourceOf(declaration: DeclarationModel): string | undefined {
  switch (declaration.kind) {
    case "export":
      return declaration.module;
    case "part":
      return sourceOf(declaration.of);
    case "inline":
      return undefined;
  }
}

function schemaFiles(context: EmitContext): readonly OutputFile[] {
  const index = new ModelIndex(context.program);
  const { topics, tables } = context.program;
  const types = [
    ...topics.map((topic) => topic.value),
    ...topics.flatMap((topic) => (topic.key.kind === "none" ? [] : [topic.key.type])),
    ...tables.flatMap((table) => [table.value, table.key]),
  ];
  const records = new Set(types.flatMap((type) => (type.kind === "record" ? [type.name] : [])));
  return [...records]
    .sort()
    .map((name) => ({ path: `schemas/${name}.avsc`, text: schemaFileText(index, name) }));
}

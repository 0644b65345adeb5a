import type { EnumModel, RecordModel, TypeModel, TypeName, UnionModel } from "../../model/type.ts";
import { array, type Code, code, join, literal, member, unionType } from "../code.ts";
import { type EmitContext, GeneratedFile } from "../file.ts";
import { lowerFirst, shortName, upperFirst } from "../names.ts";
import { codecFileOf } from "../records.ts";
import { typeText } from "../type-text.ts";
import { type FunctionParts, functionText } from "./function.ts";
import type { ModelIndex } from "./model-index.ts";
import { globals, partName, type RecordPart, recordPartName, typeWord } from "./names.ts";

/** Makes the function for a type that is no record, given its name. */
export type MakePart = (name: Code) => FunctionParts;

/**
 * One codec file while its code is made: knows what it declares, and gathers the constants, types and
 * functions that its records turn out to need.
 */
export class CodecUnit {
  readonly file: GeneratedFile;
  readonly index: ModelIndex;
  /** Constants and types, in the order they were first needed. */
  readonly declarations: Code[] = [];
  readonly #parts: (Code | undefined)[] = [];
  readonly #partNames: Map<string, Code> = new Map();
  readonly #recordNames: Map<string, Code> = new Map();
  readonly #symbols: Map<TypeName, Code> = new Map();
  readonly #aliases: Map<string, Code> = new Map();
  readonly #skipped: TypeName[] = [];

  constructor(path: string, context: EmitContext, index: ModelIndex) {
    this.file = new GeneratedFile(path, context, globals);
    this.index = index;
  }

  /** Functions that are no record's, in the order they were first needed. */
  get parts(): readonly Code[] {
    return this.#parts.filter((part) => part !== undefined);
  }

  /** Records of this file that others, or this one, walk over; grows while code is made. */
  get skipped(): readonly TypeName[] {
    return this.#skipped;
  }

  /** Reserves the names of a record that this file declares. */
  declareRecord(record: TypeName): void {
    for (const part of ["write", "read", "toJson", "fromJson", "codec"] as const) {
      const name = this.file.imports.declare(recordPartName(part, record));
      this.#recordNames.set(`${part} ${record}`, name);
    }
  }

  /** The name of a record's function or codec here, imported where another file declares it. */
  recordPart(part: RecordPart, record: TypeName): Code {
    const declared = this.#recordNames.get(`${part} ${record}`);
    if (declared !== undefined) return declared;
    return this.file.generated(codecFileOf(this.file, record), recordPartName(part, record));
  }

  /** Says that a record of this file is walked over. */
  needSkip(record: TypeName): void {
    const key = `skip ${record}`;
    if (this.#recordNames.has(key)) return;
    this.#recordNames.set(key, this.file.imports.declare(recordPartName("skip", record)));
    this.#skipped.push(record);
  }

  /** The name of the function that does one thing with a type, which is made when first asked for. */
  part(part: RecordPart, type: TypeModel, place: string, make: MakePart): Code {
    const identity = `${part} ${JSON.stringify(type)}`;
    const known = this.#partNames.get(identity);
    if (known !== undefined) return known;
    const name = this.file.imports.declare(partName(part, typeWord(type, place)));
    this.#partNames.set(identity, name);
    const slot = this.#parts.push(undefined) - 1;
    this.#parts[slot] = functionText(make(name));
    return name;
  }

  /** A function of the runtime's. */
  runtime(name: string): Code {
    return this.file.codecs(name);
  }

  /** A type of the runtime's. */
  runtimeType(name: string): Code {
    return this.file.imports.type("@streamgen/runtime/codec", name);
  }

  /** The constant with an enum's symbols. */
  symbols(name: TypeName): Code {
    const known = this.#symbols.get(name);
    if (known !== undefined) return known;
    const model = this.index.enum(name);
    const constant = this.file.imports.declare(`${lowerFirst(shortName(name))}Symbols`);
    this.#symbols.set(name, constant);
    this.declarations.push(code`const ${constant} = ${array(this.#symbolValues(model))} as const;`);
    return constant;
  }

  #symbolValues(model: EnumModel): readonly Code[] {
    const { members, declaration } = model;
    if (members === undefined || declaration.kind !== "export") return model.symbols.map(literal);
    const { module, external } = declaration;
    const name = this.file.userFunction({ module, external, name: declaration.name });
    return members.map((each) => code`${name}${member(each)}`);
  }

  /** A type as a parameter takes it: what is only read may be read-only. */
  given(type: TypeModel, place: string): Code {
    switch (type.kind) {
      case "record":
        return this.#recordType(this.index.record(type.name));
      case "array":
        return code`readonly ${this.#item(this.given(type.items, place), type.items, true)}[]`;
      case "map":
        return code`Readonly<Record<string, ${this.given(type.values, place)}>>`;
      case "union":
        return this.#union(type, place, true);
      default:
        return typeText(this.file, type);
    }
  }

  /** A type as a reader gives it. */
  made(type: TypeModel, place: string): Code {
    switch (type.kind) {
      case "record":
        return this.#recordType(this.index.record(type.name));
      case "array":
        return code`${this.#item(this.made(type.items, place), type.items, false)}[]`;
      case "map":
        return code`Record<string, ${this.made(type.values, place)}>`;
      case "union":
        return this.#union(type, place, false);
      default:
        return typeText(this.file, type);
    }
  }

  /** An array's items, in brackets where the type is more than a name. */
  #item(text: Code, items: TypeModel, isGiven: boolean): Code {
    return this.#isCompound(items, isGiven) ? code`(${text})` : text;
  }

  #isCompound(type: TypeModel, isGiven: boolean): boolean {
    switch (type.kind) {
      case "array":
        return isGiven;
      case "enum": {
        const { declaration, symbols } = this.index.enum(type.name);
        return declaration.kind === "inline" && symbols.length > 1;
      }
      case "union": {
        const [only] = type.branches;
        if (type.branches.length > 1 || only === undefined) return !hasAlias(type);
        return this.#isCompound(only.type, isGiven);
      }
      default:
        return false;
    }
  }

  #recordType(record: RecordModel): Code {
    const { declaration } = record;
    if (declaration.kind === "export" && declaration.arguments.length === 0) {
      return this.file.userType(declaration);
    }
    const type = (): Code => typeText(this.file, { kind: "record", name: record.name });
    const isElsewhere = codecFileOf(this.file, record.name) !== this.file.path;
    if (isElsewhere && declaration.kind !== "export") return type();
    return this.#alias(record.name, shortName(record.name), () => [type()]);
  }

  /** A union, under a name unless it is short. What is given and what is made may have two names. */
  #union(type: UnionModel, place: string, isGiven: boolean): Code {
    const members = type.branches.map((branch) =>
      isGiven ? this.given(branch.type, place) : this.made(branch.type, place),
    );
    if (!hasAlias(type)) return join(members, code` | `);
    const isReadOnly = isGiven && holdsContainer(type);
    const name = `${isReadOnly ? "Given" : ""}${upperFirst(place)}`;
    return this.#alias(`${isReadOnly} ${JSON.stringify(type)}`, name, () => members);
  }

  #alias(identity: string, wanted: string, members: () => readonly Code[]): Code {
    const known = this.#aliases.get(identity);
    if (known !== undefined) return known;
    const name = this.file.imports.declare(wanted);
    this.#aliases.set(identity, name);
    // Topics and tables may have to name it, too.
    this.declarations.push(code`export ${unionType(name, members())}`);
    return name;
  }
}

/** A union of null and one other type, which is written where it stands. */
export function nullable(
  type: TypeModel,
): { readonly type: TypeModel; readonly isNullFirst: boolean } | undefined {
  if (type.kind !== "union" || type.branches.length !== 2) return undefined;
  const [first, second] = type.branches;
  if (first?.type.kind === "null" && second !== undefined) {
    return { type: second.type, isNullFirst: true };
  }
  return second?.type.kind === "null" && first !== undefined
    ? { type: first.type, isNullFirst: false }
    : undefined;
}

function hasAlias(type: UnionModel): boolean {
  return type.branches.length > 2;
}

/** Whether some branch has one type as it is given and another as it is made. */
function holdsContainer(type: UnionModel): boolean {
  return type.branches.some(({ type: { kind } }) => kind === "array" || kind === "map");
}

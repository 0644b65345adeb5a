import type { Program } from "../../model/program.ts";
import type { EnumModel, FixedModel, RecordModel, TypeModel, TypeName } from "../../model/type.ts";

/** A program's named types by name. The model has every type that it names. */
export class ModelIndex {
  readonly #records: ReadonlyMap<TypeName, RecordModel>;
  readonly #enums: ReadonlyMap<TypeName, EnumModel>;
  readonly #fixed: ReadonlyMap<TypeName, FixedModel>;

  constructor(program: Program) {
    this.#records = byName(program.records);
    this.#enums = byName(program.enums);
    this.#fixed = byName(program.fixed);
  }

  record(name: TypeName): RecordModel {
    return this.#records.get(name) ?? missing("record", name);
  }

  enum(name: TypeName): EnumModel {
    return this.#enums.get(name) ?? missing("enum", name);
  }

  fixed(name: TypeName): FixedModel {
    return this.#fixed.get(name) ?? missing("fixed", name);
  }
}

/** The records that a type's values hold directly, each once, in the order they are met. */
export function recordsIn(type: TypeModel): readonly TypeName[] {
  switch (type.kind) {
    case "record":
      return [type.name];
    case "array":
      return recordsIn(type.items);
    case "map":
      return recordsIn(type.values);
    case "union":
      return [...new Set(type.branches.flatMap((branch) => recordsIn(branch.type)))];
    default:
      return [];
  }
}

function byName<T extends { readonly name: TypeName }>(types: readonly T[]): Map<TypeName, T> {
  return new Map(types.map((type) => [type.name, type]));
}

function missing(kind: string, name: TypeName): never {
  throw new Error(`SG9004: the model has no ${kind} "${name}"`);
}

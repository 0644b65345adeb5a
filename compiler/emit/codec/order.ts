import type { TypeName } from "../../model/type.ts";
import { type ModelIndex, recordsIn } from "./model-index.ts";

/** Which record's schema may stand in which other one's, and in what order records are written. */
export class RecordGraph {
  readonly #index: ModelIndex;
  /** The records that can be reached from each, by record and by file. */
  readonly #reached: Map<TypeName, ReadonlySet<TypeName>> = new Map();

  constructor(index: ModelIndex) {
    this.#index = index;
  }

  /** The records that a record's fields hold directly. */
  held(record: TypeName): readonly TypeName[] {
    const { fields } = this.#index.record(record);
    return [...new Set(fields.flatMap((field) => recordsIn(field.type)))];
  }

  /** All that a value of the record can hold, at any depth; itself only where it is recursive. */
  reached(record: TypeName): ReadonlySet<TypeName> {
    const known = this.#reached.get(record);
    if (known !== undefined) return known;
    const reached = new Set<TypeName>();
    const open = [record];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const held of this.held(next)) {
        if (reached.has(held)) continue;
        reached.add(held);
        open.push(held);
      }
    }
    this.#reached.set(record, reached);
    return reached;
  }

  /**
   * The records in the given order, but each behind those that its values hold. Records that hold each
   * other are behind what any of them holds.
   */
  sorted(records: readonly TypeName[]): readonly TypeName[] {
    const sorted = new Set<TypeName>();
    const visit = (record: TypeName): void => {
      if (sorted.has(record)) return;
      const reached = this.reached(record);
      for (const held of records) {
        if (reached.has(held) && !this.reached(held).has(record)) visit(held);
      }
      sorted.add(record);
    };
    for (const record of records) visit(record);
    return [...sorted];
  }
}

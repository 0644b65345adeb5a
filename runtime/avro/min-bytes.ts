import { defined } from "./definitions.ts";
import { isUnion, type NamedSchema, type Schema } from "./schema.ts";

const depthMax = 500;

/** The smallest number of bytes that a value takes, or less: a bound for counts of items. */
export class MinBytes {
  readonly #definitions: ReadonlyMap<string, NamedSchema>;
  /** By name; a record that holds itself counts as nothing inside itself. */
  readonly #known: Map<string, number> = new Map();

  constructor(definitions: ReadonlyMap<string, NamedSchema>) {
    this.#definitions = definitions;
  }

  of(schema: Schema, depth = 0): number {
    if (depth > depthMax) return 0;
    const type = defined(schema, this.#definitions);
    // A branch may be null; more than that is not worth knowing.
    if (isUnion(type)) return 1;
    switch (type.type) {
      case "null":
        return 0;
      case "float":
        return 4;
      case "double":
        return 8;
      case "fixed":
        return type.size;
      case "record": {
        const known = this.#known.get(type.name);
        if (known !== undefined) return known;
        this.#known.set(type.name, 0);
        const sum = type.fields.reduce((bytes, field) => bytes + this.of(field.type, depth + 1), 0);
        // Larger than any value, and still a number to divide by.
        const bytes = Math.min(sum, 0x7fffffff);
        this.#known.set(type.name, bytes);
        return bytes;
      }
      default:
        return 1;
    }
  }
}

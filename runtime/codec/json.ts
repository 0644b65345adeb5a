import { StreamgenError } from "../errors.ts";
import { describe } from "./fail.ts";
import { depthMax } from "./limits.ts";

/** What JSON can hold, as `JSON.parse` gives it. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

/**
 * A place in a JSON document. It knows the place's path without writing it down before something
 * fails; errors are SG5020 and say `items[3].price: expected a number, found "x"`, or
 * `items[3].price is missing`.
 */
export class JsonValue {
  readonly value: unknown;
  readonly #parent: JsonValue | undefined;
  readonly #step: string | number;
  readonly #depth: number;

  /** `step` is the name or index of this place in its parent. */
  constructor(value: unknown, parent?: JsonValue, step: string | number = "") {
    this.value = value;
    this.#parent = parent;
    this.#step = step;
    this.#depth = parent === undefined ? 0 : parent.#depth + 1;
    // A record and the list that holds it are two steps.
    if (this.#depth > 2 * depthMax) this.fail(`at most ${2 * depthMax} levels of nesting`);
  }

  /** Such as `items[3].price`; empty for the document itself. */
  get path(): string {
    if (this.#parent === undefined) return "";
    return stepPath(this.#parent.path, this.#step);
  }

  /** Throws SG5020. */
  fail(expected: string): never {
    const { path } = this;
    if (path === "") {
      throw new StreamgenError("SG5020", `expected ${expected}, found ${describe(this.value)}`);
    }
    const problem =
      this.value === undefined
        ? `${path} is missing`
        : `${path}: expected ${expected}, found ${describe(this.value)}`;
    throw new StreamgenError("SG5020", problem, { field: path });
  }

  isNull(): boolean {
    return this.value === null;
  }

  isBoolean(): boolean {
    return typeof this.value === "boolean";
  }

  isNumber(): boolean {
    return typeof this.value === "number" || this.has("$number");
  }

  isString(): boolean {
    return typeof this.value === "string";
  }

  isArray(): boolean {
    return Array.isArray(this.value);
  }

  isObject(): boolean {
    return isObject(this.value);
  }

  /** Whether it is an object with this member, which holds this text. */
  isTagged(name: string, tag: string): boolean {
    return isObject(this.value) && this.has(name) && this.value[name] === tag;
  }

  /** Whether it is an object with this member, which is not null. */
  has(name: string): boolean {
    return isObject(this.value) && Object.hasOwn(this.value, name) && this.value[name] !== null;
  }

  null(): null {
    return this.value === null ? null : this.fail("null");
  }

  boolean(): boolean {
    return typeof this.value === "boolean" ? this.value : this.fail("a boolean");
  }

  /**
   * A number, or the text of one that JSON has no number for: "NaN", "Infinity", "-0"; in unions such
   * text is `{ "$number": "NaN" }`.
   */
  number(): number {
    if (typeof this.value === "number") return this.value;
    if (this.has("$number")) return this.field("$number").number();
    switch (this.value) {
      case "NaN":
        return Number.NaN;
      case "Infinity":
        return Number.POSITIVE_INFINITY;
      case "-Infinity":
        return Number.NEGATIVE_INFINITY;
      case "-0":
        return -0;
      default:
        return this.fail("a number");
    }
  }

  string(): string {
    return typeof this.value === "string" ? this.value : this.fail("a string");
  }

  /** One of the symbols of an enum. */
  symbol<const Symbols extends readonly string[]>(symbols: Symbols): Symbols[number] {
    const found = symbols.find((symbol) => symbol === this.value);
    return found ?? this.fail(`one of ${symbols.map((symbol) => `"${symbol}"`).join(", ")}`);
  }

  /** The items of an array, each read by `read`. */
  array<T>(read: (item: JsonValue) => T): T[] {
    if (!Array.isArray(this.value)) this.fail("an array");
    return this.value.map((item, index) => read(new JsonValue(item, this, index)));
  }

  /** The members of an object as a map without a prototype. */
  map<T>(read: (member: JsonValue) => T): Record<string, T> {
    const object = this.#object();
    const map: Record<string, T> = Object.create(null);
    for (const name of Object.keys(object)) map[name] = read(this.field(name));
    return map;
  }

  /** Checks that it is an object and has no members but these. */
  record(names: readonly string[]): this {
    for (const name of Object.keys(this.#object())) {
      if (!names.includes(name)) this.field(name).#failUnknown();
    }
    return this;
  }

  /** A member of an object. One that is missing has the value `undefined`. */
  field(name: string): JsonValue {
    const object = this.#object();
    return new JsonValue(Object.hasOwn(object, name) ? object[name] : undefined, this, name);
  }

  #object(): Readonly<Record<string, unknown>> {
    return isObject(this.value) ? this.value : this.fail("an object");
  }

  #failUnknown(): never {
    const { path } = this;
    throw new StreamgenError("SG5020", `${path}: there is no such property`, { field: path });
  }
}

/** The path of a step from `parent`: `a.b`, `a[3]`, or `a["two words"]`. */
export function stepPath(parent: string, step: string | number): string {
  if (typeof step === "number") return `${parent}[${step}]`;
  if (!/^[A-Za-z_$][\w$]*$/.test(step)) return `${parent}[${JSON.stringify(step)}]`;
  return parent === "" ? step : `${parent}.${step}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

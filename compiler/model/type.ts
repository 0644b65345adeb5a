import type { Span } from "./span.ts";

/**
 * The full Avro name of a record, enum or fixed, such as `shop.Order`. Types refer to named types by
 * it, so a model has no cycles and survives a trip through JSON.
 */
export type TypeName = string;

/** A type that Avro can say. One kind for each pair of wire form and TypeScript form. */
export type TypeModel =
  | { readonly kind: ScalarKind }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "array"; readonly items: TypeModel }
  | { readonly kind: "map"; readonly values: TypeModel }
  | UnionModel
  | { readonly kind: "record"; readonly name: TypeName }
  | { readonly kind: "enum"; readonly name: TypeName }
  | { readonly kind: "fixed"; readonly name: TypeName };

/** Scalars that carry no parameters. The comment says the TypeScript form where it is not the name's. */
export type ScalarKind =
  | "null"
  | "boolean"
  | "int"
  | "safe-long" // long as a number
  | "long" // long as a bigint
  | "float"
  | "double"
  | "string"
  | "bytes" // Uint8Array
  | "uuid"
  | "date" // LocalDate: "2026-11-21"
  | "time-millis"
  | "time-micros" // bigint
  | "timestamp-date" // timestamp-millis as a Date
  | "timestamp-millis" // as a number
  | "timestamp-micros" // bigint
  | "timestamp-nanos" // bigint
  | "local-timestamp-millis" // text
  | "local-timestamp-micros" // text
  | "duration";

/**
 * A union, its branches in the order they are written on the wire. A branch's test says how a value is
 * told apart when it is written; tests hold for exactly one branch, in any order.
 */
export interface UnionModel {
  readonly kind: "union";
  readonly branches: readonly BranchModel[];
}

export interface BranchModel {
  readonly type: TypeModel;
  readonly test: BranchTest;
}

/** How a value is recognised as this branch's. */
export type BranchTest =
  /** By `typeof`, or `null`. */
  | { readonly kind: "typeof"; readonly is: "null" | "boolean" | "number" | "bigint" | "string" }
  | { readonly kind: "instanceof"; readonly is: "Date" | "Uint8Array" | "Array" }
  /** A record or map, and the only one among the branches. */
  | { readonly kind: "object" }
  /** A record whose field holds this literal. */
  | { readonly kind: "literal"; readonly field: string; readonly is: string }
  /** A record that alone has this required field. */
  | { readonly kind: "field"; readonly field: string };

export interface RecordModel {
  readonly name: TypeName;
  /** The name of the exported interface or alias; an anonymous record's made-up name. */
  readonly typescriptName: string;
  /** How generated code refers to the type; absent for anonymous records and generic instances. */
  readonly declaration: DeclarationModel;
  readonly doc?: string;
  readonly aliases: readonly string[];
  readonly fields: readonly FieldModel[];
  /** Whether a value can hold another one of the same record; such codecs count their depth. */
  readonly recursive: boolean;
  readonly span: Span;
}

/** How generated code writes a user's type. */
export type DeclarationModel =
  /** An exported name of a module; `module` is a path from the project's root, or a package's specifier. */
  | {
      readonly kind: "export";
      readonly module: string;
      readonly name: string;
      readonly external: boolean;
      /** What a generic record's parameters stand for, in order. */
      readonly arguments: readonly TypeModel[];
    }
  /** A part of another type: `Order["address"]`, or `Order["lines"][number]`. */
  | {
      readonly kind: "part";
      readonly of: DeclarationModel;
      readonly path: readonly PartStep[];
    }
  /** It has no name of its own and no path leads to it alone: its fields or symbols are written out. */
  | { readonly kind: "inline" };

/** One step into a type. What a step leads to may be null or undefined as well. */
export type PartStep =
  | { readonly kind: "field"; readonly name: string }
  /** An array's items: `[number]`. */
  | { readonly kind: "items" }
  /** A map's values: `[string]`. */
  | { readonly kind: "values" };

export interface FieldModel {
  /** The property's name in TypeScript. */
  readonly name: string;
  /** The field's name in Avro. */
  readonly wireName: string;
  readonly type: TypeModel;
  /** Written `name?:`: null on the wire reads as absent. Its type is a union with null. */
  readonly optional: boolean;
  readonly doc?: string;
  /** The Avro default, as JSON by Avro's rules. */
  readonly default?: JsonModel;
  readonly aliases: readonly string[];
  readonly order?: "ascending" | "descending" | "ignore";
  readonly span: Span;
}

export interface EnumModel {
  readonly name: TypeName;
  readonly doc?: string;
  readonly symbols: readonly string[];
  /** The literal type as generated code writes it. */
  readonly declaration: DeclarationModel;
  /**
   * For a TypeScript `enum`: its members' names, one for each symbol. Its values are not assignable
   * from text, so generated code goes through them.
   */
  readonly members?: readonly string[];
  readonly span: Span;
}

export interface FixedModel {
  readonly name: TypeName;
  readonly size: number;
  readonly span: Span;
}

export type JsonModel =
  | null
  | boolean
  | number
  | string
  | readonly JsonModel[]
  | { readonly [name: string]: JsonModel };

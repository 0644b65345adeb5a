import { badAvroName, fullNameTaken } from "../diagnostics/names.ts";
import type { Span } from "../model/span.ts";
import type { EnumModel, FixedModel, RecordModel, TypeName } from "../model/type.ts";
import type { Reading } from "./reading.ts";

/** The named types met so far, by full name. */
export interface NamedTypes {
  readonly claims: Map<TypeName, Claim>;
  readonly records: Map<TypeName, RecordModel>;
  readonly enums: Map<TypeName, EnumModel>;
  readonly fixed: Map<TypeName, FixedModel>;
  /** Records with a field that could not be read: what refers to their fields cannot be judged. */
  readonly incomplete: Set<TypeName>;
}

interface Claim {
  /** Equal for two mentions of one type. */
  readonly identity: string;
  readonly span: Span;
}

export const noNamedTypes = (): NamedTypes => ({
  claims: new Map(),
  records: new Map(),
  enums: new Map(),
  fixed: new Map(),
  incomplete: new Set(),
});

/** Takes a full name, unless another type has it or Avro does not allow it, which is reported. */
export function claim(reading: Reading, name: TypeName, by: Claim): "new" | "same" | "taken" {
  if (!isFullName(name)) {
    reading.report(badAvroName(name, by.span));
    return "taken";
  }
  const holder = reading.named.claims.get(name);
  if (holder === undefined) {
    reading.named.claims.set(name, by);
    return "new";
  }
  if (holder.identity === by.identity) return "same";
  reading.report(fullNameTaken(name, by.span, holder.span));
  return "taken";
}

export const avroName: RegExp = /^[A-Za-z_][A-Za-z0-9_]*$/;

export const isFullName = (text: string): boolean =>
  text.split(".").every((part) => avroName.test(part));

export const fullName = (namespace: string | undefined, name: string): TypeName =>
  namespace === undefined || namespace === "" ? name : `${namespace}.${name}`;

export const simpleName = (name: TypeName): string => name.slice(name.lastIndexOf(".") + 1);

export const namespaceOf = (name: TypeName): string | undefined =>
  name.includes(".") ? name.slice(0, name.lastIndexOf(".")) : undefined;

/** `customerId` to `CustomerId`, `order-counts` to `OrderCounts`. */
export const pascal = (name: string): string =>
  name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

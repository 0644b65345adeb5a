/** A record whose fields are being set, some after others. */
export type Draft<T> = { -readonly [Field in keyof T]: T[Field] };

/**
 * A record of which only the fields in `fields` were decoded. The compiler proved that nothing reads
 * the others; this is the one door through which such a value gets the whole record's type.
 */
export function projected<T extends object>(fields: Partial<T>): T {
  return fields as T;
}

/** Whether it is an array; narrows unions that hold read-only arrays, which `Array.isArray` does not. */
export function isList<T>(value: T): value is Extract<T, readonly unknown[]> {
  return Array.isArray(value);
}

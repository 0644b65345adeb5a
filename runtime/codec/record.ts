/** Small doors for generated code: what is true there and TypeScript cannot know. */
import { failValue } from "./fail.ts";

/** A record whose fields are being set, some after others. */
export type Draft<T> = { -readonly [Field in keyof T]: T[Field] };

/**
 * A record of which only some fields were decoded. The compiler proved that nothing reads the others;
 * this is the one door through which such a value gets the whole record's type.
 */
export function projected<T extends object>(fields: Partial<T>): T {
  return fields as T;
}

/** An empty map without a prototype: a key such as `__proto__` is plain data in it. */
export function createMap<T>(): Record<string, T> {
  return Object.create(null);
}

/** The member of a map under a key that came from its own list of keys. */
export function memberOf<T>(map: Readonly<Record<string, T>>, key: string): T {
  return map[key] as T;
}

/** Whether an optional property is there; null is the same as absent. */
export function isPresent<T>(value: T): value is NonNullable<T> {
  return value !== null && value !== undefined;
}

/** Sets a property that an assignment would not make, which is `__proto__`. */
export function setOwnMember<T extends object, Name extends keyof T>(
  value: T,
  name: Name,
  part: T[Name],
): void {
  const attributes = { value: part, writable: true, enumerable: true, configurable: true };
  Object.defineProperty(value, name, attributes);
}

/** A property with a name that every object has, such as `constructor`; absent if only inherited. */
export function ownMember<T extends object, Name extends keyof T>(value: T, name: Name): T[Name] {
  return (Object.hasOwn(value, name) ? value[name] : undefined) as T[Name];
}

/** Whether it is an array; narrows unions that hold read-only arrays, which `Array.isArray` does not. */
export function isList<T>(value: T): value is Extract<T, readonly unknown[]> {
  return Array.isArray(value);
}

/** Ends a union whose branches do not fit the value. Throws SG5010. */
export function noBranch(value: never): never {
  return failValue(value, "a value of one of the union's types");
}

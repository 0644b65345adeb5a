import { StreamgenError } from "../errors.ts";
import type { Codec } from "./codec.ts";
import { stepPath } from "./json.ts";
import { Writer } from "./writer.ts";

/**
 * The error of a write that failed, with the path of the field it is about. The value is written once
 * more through proxies that note which property was read last: encoders read one and write it.
 */
export function tracedWrite<T>(codec: Codec<T>, value: T, error: unknown): StreamgenError {
  const trace = { path: "" };
  try {
    codec.write(new Writer(), traced(value, "", trace));
  } catch {
    const place = trace.path === "" ? {} : { field: trace.path };
    if (error instanceof StreamgenError) return error.at(place);
    return new StreamgenError("SG5010", "the value does not fit its type", place, error);
  }
  // A value that changes from one look to the next keeps its first error.
  return error instanceof StreamgenError
    ? error
    : new StreamgenError("SG5010", "the value does not fit its type", {}, error);
}

function traced<T>(value: T, path: string, trace: { path: string }): T {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date || value instanceof Uint8Array) return value;
  // A copy, because a proxy of a frozen object must give what the object holds.
  const copy = Array.isArray(value)
    ? [...value]
    : Object.create(Object.getPrototypeOf(value), Object.getOwnPropertyDescriptors({ ...value }));
  return new Proxy(copy, {
    get(target, property) {
      const found: unknown = Reflect.get(target, property);
      if (typeof property === "symbol" || typeof found === "function") return found;
      if (Array.isArray(target) && property === "length") return found;
      const step = Array.isArray(target) ? Number(property) : property;
      trace.path = stepPath(path, step);
      return traced(found, trace.path, trace);
    },
  });
}

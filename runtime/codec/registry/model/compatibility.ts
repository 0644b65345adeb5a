import { resolveSchemas } from "../../../avro/resolve.ts";
import type { Schema } from "../../../avro/schema.ts";
import { StreamgenError } from "../../../errors.ts";

/** What a new version of a schema is compared with, and how. */
export type CompatibilityLevel =
  | "NONE"
  | "BACKWARD"
  | "BACKWARD_TRANSITIVE"
  | "FORWARD"
  | "FORWARD_TRANSITIVE"
  | "FULL"
  | "FULL_TRANSITIVE";

const levels: ReadonlySet<unknown> = new Set<CompatibilityLevel>([
  "NONE",
  "BACKWARD",
  "BACKWARD_TRANSITIVE",
  "FORWARD",
  "FORWARD_TRANSITIVE",
  "FULL",
  "FULL_TRANSITIVE",
]);

/** The level that a text names in any case. */
export function levelOf(text: unknown): CompatibilityLevel | undefined {
  const level: unknown = typeof text === "string" ? text.toUpperCase() : undefined;
  return isLevel(level) ? level : undefined;
}

const isLevel = (level: unknown): level is CompatibilityLevel => levels.has(level);

/**
 * Why a schema may not follow `earlier` versions, the oldest first; empty where it may. Backward: it
 * reads what they wrote; forward: they read what it writes.
 */
export function incompatibilities(
  schema: Schema,
  earlier: readonly Schema[],
  level: CompatibilityLevel,
): readonly string[] {
  if (level === "NONE") return [];
  const compared = level.endsWith("_TRANSITIVE") ? earlier : earlier.slice(-1);
  return compared.flatMap((old) => [
    ...(level.startsWith("FORWARD") ? [] : unreadable(old, schema)),
    ...(level.startsWith("BACKWARD") ? [] : unreadable(schema, old)),
  ]);
}

/** Why a reader cannot read everything that a writer writes. */
function unreadable(writer: Schema, reader: Schema): readonly string[] {
  try {
    return resolveSchemas(writer, reader).problems;
  } catch (error) {
    if (error instanceof StreamgenError) return [error.message];
    throw error;
  }
}

import type { Span } from "./options.ts";

/**
 * Where a group begins that has no offsets of a topic yet:
 *
 * - `"earliest"`: with the first record that is there. The default.
 * - `"latest"`: with what comes after the first start.
 * - a time, with its zone: with the first record that is not older, by the records' own timestamps.
 * - `"-7d"`: the same, as long before the first start.
 */
export type Beginning =
  | "earliest"
  | "latest"
  | `-${Span}`
  | `${bigint}-${string}-${string}T${string}`;

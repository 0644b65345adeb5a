import type { SchemaRegistry } from "../registry.ts";
import { registryCode, registryError } from "./errors.ts";
import type { SubjectStrategy } from "./settings.ts";

export interface StaticRegistryOptions {
  readonly strategy?: SubjectStrategy | undefined;
  /** Asked for what the ids do not say. Without it there is no server at all. */
  readonly behind?: SchemaRegistry | undefined;
}

/**
 * Ids from the configuration, by subject: each stands for the schema that this worker was built with.
 * Throws SG5040 for ids that no registry gives.
 */
export function staticRegistry(
  ids: Readonly<Record<string, number>>,
  { strategy, behind }: StaticRegistryOptions = {},
): SchemaRegistry {
  const known = checked(ids);
  const texts = new Map<number, string>();
  return {
    strategy: strategy ?? behind?.strategy ?? "topic",
    async register(subject, schemaText) {
      const id = known.get(subject);
      if (id !== undefined) return id;
      if (behind !== undefined) return behind.register(subject, schemaText);
      throw registryError(
        registryCode.noId,
        `registry.ids has no id for subject "${subject}": add it, or set registry.url`,
      );
    },
    async lookup(subject, schemaText) {
      return known.get(subject) ?? behind?.lookup(subject, schemaText);
    },
    introduce(subject, schemaText) {
      const id = known.get(subject);
      if (id !== undefined) texts.set(id, schemaText);
    },
    async schema(id) {
      const text = texts.get(id);
      if (text !== undefined) return text;
      if (behind !== undefined) return behind.schema(id);
      throw registryError(
        registryCode.noId,
        `nothing says what schema ${id} is: registry.ids has it for none of the worker's topics, ` +
          "and registry.url is not set",
      );
    },
  };
}

function checked(ids: Readonly<Record<string, number>>): ReadonlyMap<string, number> {
  const known = new Map(Object.entries(ids));
  for (const [subject, id] of known) {
    if (Number.isInteger(id) && id >= 1 && id <= 2_147_483_647) continue;
    throw registryError(
      registryCode.settings,
      `registry.ids has ${id} for subject "${subject}": use a whole number from 1 to 2147483647`,
    );
  }
  return known;
}

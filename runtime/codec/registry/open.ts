import type { SchemaRegistry } from "../registry.ts";
import { type RegistryClientOptions, registryClient } from "./client.ts";
import type { RegistrySettings, SubjectStrategy } from "./settings.ts";
import { staticRegistry } from "./static.ts";

export interface OpenRegistryOptions extends RegistryClientOptions {
  /** How subjects are named where there is no server; its settings say it otherwise. */
  readonly subjects?: SubjectStrategy;
}

/**
 * The registry that a configuration describes: a server, ids by subject, or both; then the ids come
 * first. Settings without URLs are no server. `undefined` where there is neither. Nothing is sent yet. Throws SG5040 for settings that
 * cannot work.
 */
export function openRegistry(
  settings: RegistrySettings | undefined,
  ids: Readonly<Record<string, number>> | undefined,
  { subjects, ...options }: OpenRegistryOptions = {},
): SchemaRegistry | undefined {
  const hasServer = settings !== undefined && settings.urls.length > 0;
  const client = hasServer ? registryClient(settings, options) : undefined;
  if (ids === undefined || Object.keys(ids).length === 0) return client;
  return staticRegistry(ids, { strategy: settings?.subjects ?? subjects, behind: client });
}

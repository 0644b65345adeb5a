/** Servers that tests talk to: a model registry, and one that does as it is told. */
import type { TestContext } from "node:test";
import {
  type ModelRegistry,
  type ModelServer,
  type ModelServerOptions,
  modelRegistry,
  serveModelRegistry,
} from "../../../../runtime/codec/registry/index.ts";
import type { Call } from "../../../../runtime/codec/registry/model/routes.ts";

export interface Served extends ModelServer {
  readonly registry: ModelRegistry;
  /** Method and path of each call, in order. */
  readonly calls: readonly string[];
}

/** Serves a registry until the test ends. */
export async function serve(
  t: TestContext,
  options: ModelServerOptions = {},
  registry: ModelRegistry = modelRegistry(),
): Promise<Served> {
  const calls: string[] = [];
  const interfere = (call: Call) => {
    calls.push(`${call.method} /${call.path.join("/")}`);
    return options.interfere?.(call);
  };
  const server = await serveModelRegistry(registry, { ...options, interfere });
  t.after(() => server.close());
  return { ...server, registry, calls };
}

export const record = (name: string, ...fields: readonly object[]): string =>
  JSON.stringify({ type: "record", name, fields });

export const field = (name: string, type: unknown, more: object = {}): object => ({
  name,
  type,
  ...more,
});

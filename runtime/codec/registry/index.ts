/** Schema registries: the client, ids without a server, and a registry in memory behind HTTP. */
export type { SchemaRegistry } from "../registry.ts";
export {
  type RegistryClient,
  type RegistryClientOptions,
  registryClient,
  type SubjectVersion,
} from "./client.ts";
export { ModelRegistry, modelRegistry } from "./model/model-registry.ts";
export {
  type Interference,
  type ModelServer,
  type ModelServerOptions,
  serveModelRegistry,
} from "./model/server.ts";
export { type OpenRegistryOptions, openRegistry } from "./open.ts";
export type { RegistrySettings, SubjectStrategy } from "./settings.ts";
export { staticRegistry } from "./static.ts";
export { subjectOf } from "./subject.ts";

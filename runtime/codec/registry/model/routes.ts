import { isRecord, type SchemaReference } from "../answers.ts";
import { levelOf } from "./compatibility.ts";
import type { Mode, ModelRegistry, ModelVersion, SchemaRequest } from "./model-registry.ts";
import {
  badRequest,
  invalidLevel,
  invalidMode,
  invalidVersion,
  noMethod,
  noPath,
  noSchema,
  noSubject,
  noSubjectLevel,
  noSubjectMode,
} from "./refusals.ts";

/** A request as the paths see it. */
export interface Call {
  readonly method: string;
  /** The path's steps, decoded. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** The body's JSON. */
  readonly body: unknown;
}

/** Answers a request with what becomes JSON. Throws `Refused`. */
export function answer(registry: ModelRegistry, call: Call): unknown {
  const [root] = call.path;
  switch (root) {
    case undefined:
      return {};
    case "subjects":
      return subjects(registry, call);
    case "schemas":
      return schemas(registry, call);
    case "compatibility":
      return compatibility(registry, call);
    case "config":
      return config(registry, call);
    case "mode":
      return mode(registry, call);
    default:
      throw noPath();
  }
}

function subjects(registry: ModelRegistry, call: Call): unknown {
  const [, subject, versions, version, part] = call.path;
  if (subject === undefined) {
    only(call, "GET");
    const prefix = call.query.get("subjectPrefix") ?? "";
    return registry.subjects(isSet(call, "deleted")).filter((name) => name.startsWith(prefix));
  }
  if (versions === undefined) {
    if (call.method === "DELETE") return registry.deleteSubject(subject, isSet(call, "permanent"));
    only(call, "POST");
    registry.versions(subject);
    const found = registry.find(subject, schemaRequest(call));
    if (found === undefined) throw noSchema();
    return versionBody(subject, found);
  }
  if (versions !== "versions") throw noPath();
  return version === undefined
    ? subjectVersions(registry, call, subject)
    : oneVersion(registry, call, { subject, version: versionOf(version), part });
}

function subjectVersions(registry: ModelRegistry, call: Call, subject: string): unknown {
  if (call.method === "GET") return registry.versions(subject, isSet(call, "deleted"));
  only(call, "POST");
  return { id: registry.add(subject, schemaRequest(call)).id };
}

function oneVersion(
  registry: ModelRegistry,
  call: Call,
  place: {
    readonly subject: string;
    readonly version: number | "latest";
    readonly part: string | undefined;
  },
): unknown {
  const { subject, version, part } = place;
  if (call.method === "DELETE") {
    return registry.deleteVersion(subject, version, isSet(call, "permanent"));
  }
  only(call, "GET");
  const found = registry.version(subject, version, isSet(call, "deleted"));
  if (part === undefined) return versionBody(subject, found);
  if (part === "schema") return JSON.parse(found.schema.text);
  if (part === "referencedby") return registry.referencesTo(subject, found.version);
  throw noPath();
}

function schemas(registry: ModelRegistry, call: Call): unknown {
  const [, kind, id, part] = call.path;
  only(call, "GET");
  if (kind === "types") return ["AVRO"];
  if (kind !== "ids" || id === undefined) throw noPath();
  if (!/^\d{1,10}$/.test(id)) throw noPath();
  const found = registry.byId(Number(id));
  switch (part) {
    case undefined:
      return { schema: found.text, ...referencesBody(found.references) };
    case "schema":
      return JSON.parse(found.text);
    case "versions":
      return registry.uses(found.id);
    case "subjects":
      return registry.uses(found.id).map(({ subject }) => subject);
    default:
      throw noPath();
  }
}

function compatibility(registry: ModelRegistry, call: Call): unknown {
  const [, subjectsStep, subject, versions, version] = call.path;
  if (subjectsStep !== "subjects" || subject === undefined || versions !== "versions") {
    throw noPath();
  }
  only(call, "POST");
  const request = schemaRequest(call);
  if (version !== undefined && !registry.subjects().includes(subject)) {
    throw noSubject(subject);
  }
  const against = version === undefined ? "all" : versionOf(version);
  const problems = registry.problems(subject, request, against);
  const messages = isSet(call, "verbose") ? { messages: problems } : {};
  return { is_compatible: problems.length === 0, ...messages };
}

function config(registry: ModelRegistry, call: Call): unknown {
  const [, subject] = call.path;
  switch (call.method) {
    case "GET": {
      if (subject === undefined) return { compatibilityLevel: registry.level };
      const level =
        registry.levels.get(subject) ??
        (isSet(call, "defaultToGlobal") ? registry.level : undefined);
      if (level === undefined) throw noSubjectLevel(subject);
      return { compatibilityLevel: level };
    }
    case "PUT": {
      const level = levelOf(bodyOf(call)["compatibility"]);
      if (level === undefined) throw invalidLevel();
      if (subject === undefined) registry.level = level;
      else registry.levels.set(subject, level);
      return { compatibility: level };
    }
    case "DELETE": {
      if (subject === undefined) throw noMethod();
      const level = registry.levels.get(subject);
      if (level === undefined) throw noSubject(subject);
      registry.levels.delete(subject);
      return level;
    }
    default:
      throw noMethod();
  }
}

function mode(registry: ModelRegistry, call: Call): unknown {
  const [, subject] = call.path;
  if (call.method === "GET") {
    if (subject === undefined) return { mode: registry.mode };
    const own =
      registry.modes.get(subject) ?? (isSet(call, "defaultToGlobal") ? registry.mode : undefined);
    if (own === undefined) throw noSubjectMode(subject);
    return { mode: own };
  }
  only(call, "PUT");
  const given = bodyOf(call)["mode"];
  if (!isMode(given)) throw invalidMode();
  if (subject === undefined) registry.mode = given;
  else registry.modes.set(subject, given);
  return { mode: given };
}

const isMode = (mode: unknown): mode is Mode => mode === "READWRITE" || mode === "READONLY";

function versionBody(subject: string, { version, schema }: ModelVersion): unknown {
  const { id, text, references } = schema;
  return { subject, version, id, ...referencesBody(references), schema: text };
}

const referencesBody = (references: readonly SchemaReference[]): object =>
  references.length === 0 ? {} : { references };

function versionOf(text: string): number | "latest" {
  if (text === "latest") return "latest";
  const version = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (version < 1 || version > 2_147_483_647) throw invalidVersion(text);
  return version;
}

function schemaRequest(call: Call): SchemaRequest {
  const { schema, schemaType, references } = bodyOf(call);
  if (schemaType !== undefined && schemaType !== "AVRO") {
    throw badRequest("schema types other than AVRO are not known here");
  }
  return {
    schema: typeof schema === "string" ? schema : "",
    references: Array.isArray(references) ? references.map(referenceOf) : [],
  };
}

function referenceOf(given: unknown): SchemaReference {
  if (isRecord(given)) {
    const { name, subject, version } = given;
    if (typeof name === "string" && typeof subject === "string" && typeof version === "number") {
      return { name, subject, version };
    }
  }
  throw badRequest("a reference has name, subject and version");
}

function bodyOf({ body }: Call): Readonly<Record<string, unknown>> {
  if (isRecord(body)) return body;
  throw badRequest("Unable to process JSON");
}

const isSet = ({ query }: Call, name: string): boolean => query.get(name) === "true";

function only({ method }: Call, wanted: string): void {
  if (method !== wanted) throw noMethod();
}

import { defaultBytes } from "../../../avro/default-bytes.ts";
import { definitionsOf } from "../../../avro/definitions.ts";
import { parseSchema } from "../../../avro/parse.ts";
import { type NamedSchema, type Schema, schemaText } from "../../../avro/schema.ts";
import { StreamgenError } from "../../../errors.ts";
import type { SchemaRegistry } from "../../registry.ts";
import type { SchemaReference } from "../answers.ts";
import { type RegistryCode, registryCode, registryError } from "../errors.ts";
import { type CompatibilityLevel, incompatibilities } from "./compatibility.ts";
import {
  incompatible,
  invalidSchema,
  noSchemaId,
  noSubject,
  noVersion,
  Refused,
  readOnly,
  referenced,
  subjectDeleted,
  subjectNotDeleted,
  versionDeleted,
  versionNotDeleted,
} from "./refusals.ts";

/** A schema as it was given. Equal schemas have one id, whatever their subjects. */
export interface ModelSchema {
  readonly id: number;
  readonly text: string;
  readonly schema: Schema;
  readonly references: readonly SchemaReference[];
}

export interface ModelVersion {
  readonly version: number;
  readonly schema: ModelSchema;
  isDeleted: boolean;
}

export type Mode = "READWRITE" | "READONLY";

/** What is asked under a subject. */
export interface SchemaRequest {
  readonly schema: string;
  readonly references?: readonly SchemaReference[];
}

/**
 * A schema registry in memory that answers as Confluent's does, for tests and for developing.
 * `serveModelRegistry` puts it behind HTTP. Its calls throw `Refused`; those of `SchemaRegistry`,
 * which workers make, what `registryClient` throws.
 */
export class ModelRegistry implements SchemaRegistry {
  /** For subjects that have none of their own. */
  level: CompatibilityLevel = "BACKWARD";
  mode: Mode = "READWRITE";
  readonly levels: Map<string, CompatibilityLevel> = new Map();
  readonly modes: Map<string, Mode> = new Map();
  readonly #schemas: ModelSchema[] = [];
  /** By what was parsed of them, so that spaces and the order of attributes make no other schema. */
  readonly #bySchema: Map<string, ModelSchema> = new Map();
  readonly #subjects: Map<string, ModelVersion[]> = new Map();

  async register(subject: string, schemaText: string): Promise<number> {
    return asWorker(() => this.add(subject, { schema: schemaText }).id);
  }

  async lookup(subject: string, schemaText: string): Promise<number | undefined> {
    return asWorker(() => this.find(subject, { schema: schemaText })?.schema.id);
  }

  async schema(id: number): Promise<string> {
    return asWorker(() => {
      const { references, schema, text } = this.byId(id);
      return references.length === 0 ? text : schemaText(schema);
    });
  }

  /** Gives a subject a schema, if it does not have it. */
  add(subject: string, request: SchemaRequest): ModelSchema {
    const parsed = this.#parse(request);
    const known = this.find(subject, request);
    if (known !== undefined) return known.schema;
    if ((this.modes.get(subject) ?? this.mode) === "READONLY") throw readOnly(subject);
    const problems = this.problems(subject, request, "all");
    if (problems.length > 0) throw incompatible(subject, problems);
    const schema = this.#keep(parsed);
    const versions = this.#subjects.get(subject) ?? [];
    const version = (versions.at(-1)?.version ?? 0) + 1;
    this.#subjects.set(subject, [...versions, { version, schema, isDeleted: false }]);
    return schema;
  }

  /** The version that has this schema; `undefined` where none has, or there is no such subject. */
  find(subject: string, request: SchemaRequest): ModelVersion | undefined {
    const known = this.#bySchema.get(this.#parse(request).key);
    return this.#live(subject).find(({ schema }) => schema === known);
  }

  byId(id: number): ModelSchema {
    const found = this.#schemas[id - 1];
    if (found === undefined || !this.#isUsed(found)) throw noSchemaId(id);
    return found;
  }

  /** Where a schema stands. */
  uses(id: number): readonly { readonly subject: string; readonly version: number }[] {
    const used = this.byId(id);
    return [...this.#subjects].flatMap(([subject, versions]) =>
      versions
        .filter(({ isDeleted, schema }) => schema === used && !isDeleted)
        .map(({ version }) => ({ subject, version })),
    );
  }

  subjects(withDeleted = false): readonly string[] {
    return [...this.#subjects.keys()]
      .filter((subject) => withDeleted || this.#live(subject).length > 0)
      .sort();
  }

  versions(subject: string, withDeleted = false): readonly number[] {
    const versions = withDeleted ? (this.#subjects.get(subject) ?? []) : this.#live(subject);
    if (versions.length === 0) throw noSubject(subject);
    return versions.map(({ version }) => version);
  }

  version(subject: string, version: number | "latest", withDeleted = false): ModelVersion {
    const all = withDeleted ? (this.#subjects.get(subject) ?? []) : this.#live(subject);
    if (all.length === 0) throw noSubject(subject);
    const found = version === "latest" ? all.at(-1) : all.find((each) => each.version === version);
    if (found === undefined) throw noVersion(version);
    return found;
  }

  /** Why a schema may not become the subject's next version, by the subject's level. */
  problems(
    subject: string,
    request: SchemaRequest,
    against: number | "latest" | "all",
  ): readonly string[] {
    const { schema } = this.#parse(request);
    const live = this.#live(subject);
    const compared = against === "all" ? live : [this.version(subject, against)];
    const level = this.levels.get(subject) ?? this.level;
    return incompatibilities(
      schema,
      compared.map((each) => each.schema.schema),
      level,
    );
  }

  /** Hides a version, or with `isPermanent` forgets one that is hidden. */
  deleteVersion(subject: string, version: number | "latest", isPermanent: boolean): number {
    const found = this.version(subject, version, true);
    this.#checkUnreferenced(subject, found.version);
    if (!isPermanent) {
      if (found.isDeleted) throw versionDeleted(subject, found.version);
      found.isDeleted = true;
    } else {
      if (!found.isDeleted) throw versionNotDeleted(subject, found.version);
      const left = (this.#subjects.get(subject) ?? []).filter((each) => each !== found);
      if (left.length === 0) this.#subjects.delete(subject);
      else this.#subjects.set(subject, left);
    }
    return found.version;
  }

  /** The same for a subject. Gives the versions that it was about. */
  deleteSubject(subject: string, isPermanent: boolean): readonly number[] {
    const all = this.#subjects.get(subject);
    if (all === undefined) throw noSubject(subject);
    const live = this.#live(subject);
    for (const { version } of live) this.#checkUnreferenced(subject, version);
    if (isPermanent) {
      if (live.length > 0) throw subjectNotDeleted(subject);
      this.#subjects.delete(subject);
      return all.map(({ version }) => version);
    }
    if (live.length === 0) throw subjectDeleted(subject);
    for (const version of live) version.isDeleted = true;
    return live.map(({ version }) => version);
  }

  /** Ids of the schemas that refer to a version. */
  referencesTo(subject: string, version: number): readonly number[] {
    return this.#schemas
      .filter((schema) => this.#isUsed(schema))
      .filter(({ references }) =>
        references.some((each) => each.subject === subject && each.version === version),
      )
      .map(({ id }) => id);
  }

  #live(subject: string): readonly ModelVersion[] {
    return (this.#subjects.get(subject) ?? []).filter(({ isDeleted }) => !isDeleted);
  }

  #isUsed(schema: ModelSchema): boolean {
    return [...this.#subjects.values()].some((all) => all.some((each) => each.schema === schema));
  }

  #checkUnreferenced(subject: string, version: number): void {
    if (this.referencesTo(subject, version).length > 0) throw referenced(subject, version);
  }

  #parse({ schema: text, references = [] }: SchemaRequest): Parsed {
    if (text.trim() === "") throw invalidSchema("Empty schema");
    try {
      const schema = parseSchema(text, this.#named(references));
      checkDefaults(schema);
      return { text, schema, references, key: JSON.stringify([schema, references]) };
    } catch (error) {
      if (error instanceof StreamgenError) throw invalidSchema(error.message);
      throw error;
    }
  }

  #keep({ key, ...parsed }: Parsed): ModelSchema {
    const known = this.#bySchema.get(key);
    if (known !== undefined) return known;
    const schema = { id: this.#schemas.length + 1, ...parsed };
    this.#schemas.push(schema);
    this.#bySchema.set(key, schema);
    return schema;
  }

  /** The types that references bring along. */
  #named(references: readonly SchemaReference[]): ReadonlyMap<string, NamedSchema> {
    const named = references.flatMap(({ subject, version }) => {
      if (!this.subjects().includes(subject)) {
        throw invalidSchema(`No schema reference found for subject "${subject}"`);
      }
      return [...definitionsOf(this.version(subject, version).schema.schema)];
    });
    return new Map(named);
  }
}

interface Parsed extends Omit<ModelSchema, "id"> {
  readonly key: string;
}

export const modelRegistry = (): ModelRegistry => new ModelRegistry();

function checkDefaults(schema: Schema): void {
  const definitions = definitionsOf(schema);
  for (const type of definitions.values()) {
    if (type.type !== "record") continue;
    for (const { name, type: own, default: value } of type.fields) {
      if (value === undefined || defaultBytes(value, own, definitions) !== undefined) continue;
      throw invalidSchema(`Invalid default for field ${name}: ${JSON.stringify(value)}`);
    }
  }
}

/** What workers are told, as through HTTP. */
function asWorker<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    throw registryError(workerCodes[error.status] ?? registryCode.refused, error.message);
  }
}

const workerCodes: Readonly<Record<number, RegistryCode>> = {
  404: registryCode.unknown,
  409: registryCode.incompatible,
};

import { type Clock, systemClock } from "../../clock.ts";
import type { SchemaRegistry } from "../registry.ts";
import { baseUrls } from "./address.ts";
import {
  idOf,
  nonsense,
  problemOf,
  type SchemaAnswer,
  schemaOf,
  textsOf,
  versionsOf,
} from "./answers.ts";
import { RegistryCalls } from "./calls.ts";
import { Credentials } from "./credentials.ts";
import { registryCode, registryError } from "./errors.ts";
import type { Answer, RegistryRequest } from "./exchange.ts";
import { inlineReferences } from "./references.ts";
import type { RegistrySettings, SubjectStrategy } from "./settings.ts";
import { type Fetch, tlsFetch } from "./tls-fetch.ts";

/** What a test, or a caller with a world of its own, may say instead. */
export interface RegistryClientOptions {
  /** Without it, the machine's own time and timers. */
  readonly clock?: Clock;
  /** From 0 to 1. Without it, `Math.random`. */
  readonly random?: () => number;
  readonly fetch?: Fetch;
  /** How long one request may take. Default 10 000. */
  readonly timeoutMs?: number;
  /** How often each URL is asked before a call fails. Default 4. */
  readonly attemptsMax?: number;
}

/** A schema as its subject has it. */
export interface SubjectVersion {
  readonly id: number | undefined;
  readonly version: number;
  readonly schema: string;
}

/** Confluent's API, as far as workers and tools need it. */
export interface RegistryClient extends SchemaRegistry {
  subjects(): Promise<readonly string[]>;
  /** In ascending order; none where there is no such subject. */
  versions(subject: string): Promise<readonly number[]>;
  /** `undefined` where there is no such subject or version. */
  version(subject: string, version: number | "latest"): Promise<SubjectVersion | undefined>;
}

const accept = "application/vnd.schemaregistry.v1+json, application/json;q=0.9";
const timeoutMs = 10_000;
const attemptsMax = 4;
/** How long an id that does not exist is not asked for again. */
const unknownForMs = 5000;
/** Ids and schemas that are kept, each; the oldest goes first. */
const keptMax = 1000;

/**
 * A registry behind HTTP. Nothing is sent before the first call. What never changes, the schema of an
 * id and the id of a schema, is asked once. Throws SG5040 for settings that cannot work; the calls
 * throw SG5041 to SG5046, and `schema` SG5032.
 */
export function registryClient(
  settings: RegistrySettings,
  options: RegistryClientOptions = {},
): RegistryClient {
  return new HttpRegistry(settings, options);
}

class HttpRegistry implements RegistryClient {
  readonly strategy: SubjectStrategy;
  readonly #calls: RegistryCalls;
  readonly #clock: Clock;
  readonly #texts: Map<number, Promise<string>> = new Map();
  readonly #ids: Map<string, Promise<number | undefined>> = new Map();
  /** Until when an id is known not to exist. */
  readonly #unknown: Map<number, number> = new Map();

  constructor(settings: RegistrySettings, options: RegistryClientOptions) {
    this.#clock = options.clock ?? systemClock;
    this.strategy = settings.subjects ?? "topic";
    const credentials = new Credentials(settings.auth);
    this.#calls = new RegistryCalls({
      urls: baseUrls(settings),
      clock: this.#clock,
      random: options.random ?? Math.random,
      roundsMax: options.attemptsMax ?? attemptsMax,
      timeoutMs: options.timeoutMs ?? timeoutMs,
      fetch: options.fetch ?? (settings.ca === undefined ? fetch : tlsFetch(settings.ca)),
      get headers() {
        return { accept, ...credentials.headers() };
      },
      get secrets() {
        return credentials.secrets;
      },
    });
  }

  async register(subject: string, schemaText: string): Promise<number> {
    // Whoever may only read can use what is registered, and so can a registry that is read-only.
    const known = await this.lookup(subject, schemaText);
    if (known !== undefined) return known;
    const path = `/subjects/${encodeURIComponent(subject)}/versions`;
    const id = await this.#calls.call(path, post(schemaText), (answer) => {
      if (answer.status !== 404) return idOf(answer);
      throw nonsense(answer, `it says "${problemOf(answer).message}"`);
    });
    keep(this.#ids, `${subject}\n${schemaText}`, Promise.resolve(id));
    return id;
  }

  lookup(subject: string, schemaText: string): Promise<number | undefined> {
    return once(this.#ids, `${subject}\n${schemaText}`, () => {
      const path = `/subjects/${encodeURIComponent(subject)}`;
      return this.#calls.call(path, post(schemaText), foundBy(idOf));
    });
  }

  schema(id: number): Promise<string> {
    const until = this.#unknown.get(id);
    if (until !== undefined && this.#clock.now() < until) return Promise.reject(unknown(id));
    this.#unknown.delete(id);
    return once(this.#texts, id, () => this.#schema(id));
  }

  subjects(): Promise<readonly string[]> {
    return this.#calls.call("/subjects", get, textsOf);
  }

  async versions(subject: string): Promise<readonly number[]> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions`;
    const found = await this.#calls.call(path, get, foundBy(versionsOf));
    return [...(found ?? [])].sort((a, b) => a - b);
  }

  async version(subject: string, version: number | "latest"): Promise<SubjectVersion | undefined> {
    const found = await this.#version(subject, version);
    if (found === undefined) return undefined;
    const schema = await this.#inlined(found);
    return { id: found.id, version: found.version ?? Number(version), schema };
  }

  async #schema(id: number): Promise<string> {
    const found = await this.#calls.call(`/schemas/ids/${id}`, get, (answer) => {
      if (answer.status !== 404) return schemaOf(answer);
      const { code, message } = problemOf(answer);
      // Other 404s are about the path: whatever answers there is not the registry.
      if (code < 40_400 || code > 40_499) throw nonsense(answer, `it says "${message}"`);
      return undefined;
    });
    if (found !== undefined) return this.#inlined(found);
    keep(this.#unknown, id, this.#clock.now() + unknownForMs);
    throw unknown(id);
  }

  #version(subject: string, version: number | "latest"): Promise<SchemaAnswer | undefined> {
    const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}`;
    return this.#calls.call(path, get, foundBy(schemaOf));
  }

  #inlined(schema: SchemaAnswer): Promise<string> | string {
    if (schema.references.length === 0) return schema.schema;
    return inlineReferences(schema, ({ subject, version }) => this.#version(subject, version));
  }
}

const get: RegistryRequest = { method: "GET" };

/** Reads an answer; `undefined` where the registry does not have what was asked for. */
const foundBy =
  <T>(read: (answer: Answer) => T) =>
  (answer: Answer): T | undefined =>
    answer.status === 404 ? undefined : read(answer);

const post = (schemaText: string): RegistryRequest => ({
  method: "POST",
  body: JSON.stringify({ schema: schemaText }),
});

const unknown = (id: number) =>
  registryError(registryCode.unknown, `the schema registry has no schema ${id}`);

/** What is asked for at the same time is asked once; what fails, or is not there, is asked again. */
function once<Key, Value>(
  kept: Map<Key, Promise<Value>>,
  key: Key,
  ask: () => Promise<Value>,
): Promise<Value> {
  const known = kept.get(key);
  if (known !== undefined) return known;
  const asking = ask();
  keep(kept, key, asking);
  const forget = () => {
    if (kept.get(key) === asking) kept.delete(key);
  };
  asking.then((value) => (value === undefined ? forget() : undefined), forget);
  return asking;
}

/** Keeps an entry, and drops the oldest where there are too many. */
function keep<Key, Value>(kept: Map<Key, Value>, key: Key, value: Value): void {
  kept.delete(key);
  kept.set(key, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= keptMax) return;
    kept.delete(oldest);
  }
}

import path from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { EnvMarker, Setting, TopicConfig } from "./config.ts";
import { type Configuration, defaults } from "./configuration.ts";
import {
  appWithoutName,
  illegalFolder,
  illegalName,
  missingApp,
  unknownKey,
  wrongValue,
} from "./diagnostics.ts";
import type { KeyPath, Places } from "./place.ts";

/** Every key of a configuration, in the order of its type. */
export const configurationKeys: readonly string[] = [
  "app",
  "namespace",
  "include",
  "out",
  "delivery",
  "commitIntervalMs",
  "partitions",
  "replicas",
  "topics",
];
const topicKeys: readonly string[] = ["name", "partitions", "replicas", "config"];

/** Kafka allows 249 characters for a topic; internal topics add to these names. */
const nameMax = 100;
const partitionsMax = 100_000;
const legalName: RegExp = /^[\w.-]+$/;

export interface ValidationResult {
  /** Absent where there is an error. */
  readonly configuration: Configuration | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks every key of a loaded configuration. `file` is its path from the project's root. */
export function validate(loaded: unknown, file: string, places: Places): ValidationResult {
  if (!isObject(loaded)) {
    const found = describe(loaded);
    const wrong = wrongValue([], { expected: "an object", found }, places.key([]));
    return { configuration: undefined, diagnostics: [wrong] };
  }
  const check = new Check(places);
  const object = check.object([], loaded, configurationKeys);
  const app = check.app(object["app"]);
  const configuration: Configuration = {
    file,
    ...app,
    namespace: check.namespace(object["namespace"]),
    include: check.include(object["include"]),
    out: check.out(object["out"]),
    delivery: check.delivery(object["delivery"]),
    commitIntervalMs:
      check.integer(["commitIntervalMs"], object["commitIntervalMs"], 10, 3_600_000) ??
      defaults.commitIntervalMs,
    partitions:
      check.integer(["partitions"], object["partitions"], 1, partitionsMax) ?? defaults.partitions,
    replicas: check.integer(["replicas"], object["replicas"], 1, 100) ?? defaults.replicas,
    topics: check.topics(object["topics"]),
  };
  const { diagnostics } = check;
  return { configuration: diagnostics.length > 0 ? undefined : configuration, diagnostics };
}

/** Collects what is wrong. Each method gives a usable value in any case, so that all is reported. */
class Check {
  readonly diagnostics: Diagnostic[] = [];
  readonly #places: Places;

  constructor(places: Places) {
    this.#places = places;
  }

  object(at: KeyPath, value: unknown, known: readonly string[]): Readonly<Record<string, unknown>> {
    if (!isObject(value)) {
      if (value !== undefined) this.#wrong(at, "an object", value);
      return {};
    }
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue;
      const path = [...at, key];
      this.diagnostics.push(unknownKey(path, known, this.#places.key(path)));
    }
    return value;
  }

  app(value: unknown): { readonly app: Setting; readonly appName: string } {
    const nothing = { app: "", appName: "" };
    if (value === undefined) {
      this.diagnostics.push(missingApp(this.#places.key([])));
      return nothing;
    }
    const app = this.#setting(["app"], value);
    if (app === undefined) return nothing;
    const appName = typeof app === "string" ? app : app.otherwise;
    if (appName === undefined) {
      const variable = typeof app === "string" ? app : app.env;
      this.diagnostics.push(appWithoutName(variable, this.#places.key(["app"])));
      return nothing;
    }
    if (!isLegalName(appName)) {
      this.diagnostics.push(illegalName(["app"], appName, this.#places.key(["app"])));
    }
    return { app, appName };
  }

  namespace(value: unknown): string | undefined {
    if (value === undefined) return undefined;
    if (typeof value === "string" && /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(value)) return value;
    this.#wrong(["namespace"], 'an Avro namespace such as "shop.orders"', value);
    return undefined;
  }

  include(value: unknown): readonly string[] {
    if (value === undefined) return defaults.include;
    const globs = Array.isArray(value) ? value.map(String) : [];
    const isUsable = Array.isArray(value) && value.length > 0 && value.every(isInsideGlob);
    if (!isUsable) {
      this.#wrong(
        ["include"],
        'a list of globs inside the project, such as ["src/**/*.ts"]',
        value,
      );
    }
    return globs;
  }

  out(value: unknown): string {
    if (value === undefined) return defaults.out;
    if (typeof value !== "string" || value === "") {
      this.#wrong(["out"], "the path of a folder", value);
      return defaults.out;
    }
    const folder = path.posix.normalize(value.replaceAll("\\", "/")).replace(/\/$/, "");
    const isOutside = folder === "." || folder.startsWith("..") || /^(\/|[A-Za-z]:)/.test(folder);
    if (isOutside || folder.split("/").some((part) => part === "node_modules" || part === ".git")) {
      this.diagnostics.push(illegalFolder(["out"], value, this.#places.key(["out"])));
    }
    return folder;
  }

  delivery(value: unknown): Configuration["delivery"] {
    if (value === undefined) return defaults.delivery;
    if (value === "exactly-once" || value === "at-least-once") return value;
    this.#wrong(["delivery"], '"exactly-once" or "at-least-once"', value);
    return defaults.delivery;
  }

  integer(at: KeyPath, value: unknown, min: number, max: number): number | undefined {
    if (value === undefined) return undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) {
      return value;
    }
    this.#wrong(at, `a whole number from ${min} to ${max}`, value);
    return undefined;
  }

  topics(value: unknown): Readonly<Record<string, TopicConfig>> {
    if (value === undefined) return defaults.topics;
    const names = isObject(value) ? Object.keys(value) : [];
    const topics = this.object(["topics"], value, names);
    return Object.fromEntries(names.map((name) => [name, this.#topic(name, topics[name])]));
  }

  #topic(declared: string, value: unknown): TopicConfig {
    const at = ["topics", declared];
    if (value === undefined) this.#wrong(at, "an object", value);
    const topic = this.object(at, value, topicKeys);
    const name = topic["name"] === undefined ? undefined : this.#topicName(at, topic["name"]);
    const partitions = this.integer([...at, "partitions"], topic["partitions"], 1, partitionsMax);
    const replicas = this.integer([...at, "replicas"], topic["replicas"], 1, 100);
    const config = this.#brokerConfig([...at, "config"], topic["config"]);
    return {
      ...(name !== undefined && { name }),
      ...(partitions !== undefined && { partitions }),
      ...(replicas !== undefined && { replicas }),
      ...(config !== undefined && { config }),
    };
  }

  #topicName(at: KeyPath, value: unknown): Setting | undefined {
    const path = [...at, "name"];
    const setting = this.#setting(path, value);
    const text = typeof setting === "string" ? setting : setting?.otherwise;
    if (text !== undefined && !(legalName.test(text) && text.length <= 249)) {
      this.diagnostics.push(illegalName(path, text, this.#places.key(path)));
    }
    return setting;
  }

  #brokerConfig(at: KeyPath, value: unknown): Readonly<Record<string, string>> | undefined {
    if (value === undefined) return undefined;
    const entries = Object.entries(
      this.object(at, value, isObject(value) ? Object.keys(value) : []),
    );
    const config: [string, string][] = [];
    for (const [key, text] of entries) {
      if (typeof text === "string") config.push([key, text]);
      else this.#wrong([...at, key], "a text", text);
    }
    return Object.fromEntries(config);
  }

  #setting(at: KeyPath, value: unknown): Setting | undefined {
    if (typeof value === "string" && value !== "") return value;
    if (isEnvMarker(value)) return value;
    this.#wrong(at, "a text or env(...)", value);
    return undefined;
  }

  #wrong(at: KeyPath, expected: string, value: unknown): void {
    const found = describe(value);
    this.diagnostics.push(wrongValue(at, { expected, found }, this.#places.key(at)));
  }
}

function isLegalName(name: string): boolean {
  return legalName.test(name) && name.length <= nameMax && name !== "." && name !== "..";
}

function isInsideGlob(value: unknown): boolean {
  return (
    typeof value === "string" &&
    value !== "" &&
    !path.posix.isAbsolute(value) &&
    !path.win32.isAbsolute(value) &&
    !value.split(/[\\/]/).includes("..")
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEnvMarker(value: unknown): value is EnvMarker {
  return (
    isObject(value) &&
    typeof value["env"] === "string" &&
    /^[A-Za-z_]\w*$/.test(value["env"]) &&
    (value["otherwise"] === undefined || typeof value["otherwise"] === "string") &&
    Object.keys(value).every((key) => key === "env" || key === "otherwise")
  );
}

function describe(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "an object";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 60));
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return value === undefined ? "missing" : `a ${typeof value}`;
}

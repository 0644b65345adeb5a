import path from "node:path";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { Check, describe, isObject, present } from "./check.ts";
import type { Setting, TopicConfig } from "./config.ts";
import { type Configuration, defaults } from "./configuration.ts";
import { checkKafka, checkRegistry, checkState } from "./connections.ts";
import {
  appWithoutName,
  illegalFolder,
  illegalName,
  missingApp,
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
  "askTimeoutMs",
  "partitions",
  "replicas",
  "topics",
  "kafka",
  "registry",
  "state",
];
const topicKeys: readonly string[] = ["name", "partitions", "replicas", "config"];

/** Kafka allows 249 characters for a topic; internal topics add to these names. */
const nameMax = 100;
const partitionsMax = 100_000;
/** Answers are kept for an hour. */
const askTimeoutBounds = { min: 1, max: 3_600_000 };
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
  const app = checkApp(check, object["app"]);
  const count = (key: "commitIntervalMs" | "partitions" | "replicas", min: number, max: number) =>
    check.integer([key], object[key], { min, max }) ?? defaults[key];
  const configuration: Configuration = {
    file,
    ...app,
    namespace: checkNamespace(check, object["namespace"]),
    include: checkInclude(check, object["include"]),
    out: checkOut(check, object["out"]),
    delivery:
      check.choice(["delivery"], object["delivery"], ["exactly-once", "at-least-once"]) ??
      defaults.delivery,
    commitIntervalMs: count("commitIntervalMs", 10, 3_600_000),
    partitions: count("partitions", 1, partitionsMax),
    replicas: count("replicas", 1, 100),
    topics: checkTopics(check, object["topics"]),
    ...present<Pick<Configuration, "askTimeoutMs" | "kafka" | "registry" | "state">>({
      askTimeoutMs: check.integer(["askTimeoutMs"], object["askTimeoutMs"], askTimeoutBounds),
      kafka: checkKafka(check, object["kafka"]),
      registry: checkRegistry(check, object["registry"]),
      state: checkState(check, object["state"]),
    }),
  };
  const { diagnostics } = check;
  return { configuration: diagnostics.length > 0 ? undefined : configuration, diagnostics };
}

function checkApp(
  check: Check,
  value: unknown,
): { readonly app: Setting; readonly appName: string } {
  const at = ["app"];
  const nothing = { app: "", appName: "" };
  if (value === undefined) {
    check.report([], missingApp);
    return nothing;
  }
  const app = check.setting(at, value);
  if (app === undefined) return nothing;
  const appName = typeof app === "string" ? app : app.otherwise;
  if (appName === undefined) {
    const variable = typeof app === "string" ? app : app.env;
    check.report(at, (span) => appWithoutName(variable, span));
    return nothing;
  }
  if (!isLegalName(appName)) check.report(at, (span) => illegalName(at, appName, span));
  return { app, appName };
}

function checkNamespace(check: Check, value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "string" && /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/.test(value)) return value;
  check.wrong(["namespace"], 'an Avro namespace such as "shop.orders"', value);
  return undefined;
}

function checkInclude(check: Check, value: unknown): readonly string[] {
  if (value === undefined) return defaults.include;
  const globs = Array.isArray(value) ? value.map(String) : [];
  const isUsable = Array.isArray(value) && value.length > 0 && value.every(isInsideGlob);
  if (!isUsable) {
    check.wrong(["include"], 'a list of globs inside the project, such as ["src/**/*.ts"]', value);
  }
  return globs;
}

function checkOut(check: Check, value: unknown): string {
  const at = ["out"];
  if (value === undefined) return defaults.out;
  if (typeof value !== "string" || value === "") {
    check.wrong(at, "the path of a folder", value);
    return defaults.out;
  }
  const folder = path.posix.normalize(value.replaceAll("\\", "/")).replace(/\/$/, "");
  const isOutside = folder === "." || folder.startsWith("..") || /^(\/|[A-Za-z]:)/.test(folder);
  if (isOutside || folder.split("/").some((part) => part === "node_modules" || part === ".git")) {
    check.report(at, (span) => illegalFolder(at, value, span));
  }
  return folder;
}

function checkTopics(check: Check, value: unknown): Readonly<Record<string, TopicConfig>> {
  if (value === undefined) return defaults.topics;
  const names = isObject(value) ? Object.keys(value) : [];
  const topics = check.object(["topics"], value, names);
  return Object.fromEntries(names.map((name) => [name, checkTopic(check, name, topics[name])]));
}

function checkTopic(check: Check, declared: string, value: unknown): TopicConfig {
  const at = ["topics", declared];
  if (value === undefined) check.wrong(at, "an object", value);
  const topic = check.object(at, value, topicKeys);
  const count = (key: string, max: number): number | undefined =>
    check.integer([...at, key], topic[key], { min: 1, max });
  return present<TopicConfig>({
    name: checkTopicName(check, [...at, "name"], topic["name"]),
    partitions: count("partitions", partitionsMax),
    replicas: count("replicas", 100),
    config: checkBrokerConfig(check, [...at, "config"], topic["config"]),
  });
}

function checkTopicName(check: Check, at: KeyPath, value: unknown): Setting | undefined {
  const setting = check.setting(at, value);
  const text = typeof setting === "string" ? setting : setting?.otherwise;
  if (text !== undefined && !(legalName.test(text) && text.length <= 249)) {
    check.report(at, (span) => illegalName(at, text, span));
  }
  return setting;
}

function checkBrokerConfig(
  check: Check,
  at: KeyPath,
  value: unknown,
): Readonly<Record<string, string>> | undefined {
  if (value === undefined) return undefined;
  const given = check.object(at, value, isObject(value) ? Object.keys(value) : []);
  const config: [string, string][] = [];
  for (const [key, text] of Object.entries(given)) {
    if (typeof text === "string") config.push([key, text]);
    else check.wrong([...at, key], "a text", text);
  }
  return Object.fromEntries(config);
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

import path from "node:path";
import { StreamgenError } from "../../errors.ts";
import type { WorkerThread } from "../contract.ts";
import type { Setting, TopicDeclaration, WorkerConfig } from "../spec.ts";
import { isInternal } from "../topics/own-topics.ts";
import { type KafkaTarget, kafkaTarget } from "./kafka-target.ts";
import { unknownVariables } from "./known-variables.ts";
import { type Environment, Layers, type ShownSetting } from "./layers.ts";
import { type RegistryTarget, registryTarget } from "./registry-target.ts";
import { settingTable } from "./setting-table.ts";

export type { Environment };

/** Settings whose markers are resolved and whose values are within bounds; secrets are not read yet. */
export interface Settings {
  readonly app: string;
  readonly delivery: "exactly-once" | "at-least-once";
  readonly commitIntervalMs: number;
  readonly partitions: number;
  readonly replicas: number;
  /** Names of topics in the log, by declared name, where they differ. */
  readonly topicNames: ReadonlyMap<string, string>;
  readonly threads: number | "auto";
  /** The worker's name; where there are several threads, the name of the one that asks. */
  readonly instance?: string;
  /** How often topics are looked for that match a pattern. */
  readonly patternRefreshMs: number;
  /** Absent where the log's own default holds. */
  readonly sessionTimeoutMs?: number;
  /** Absent where nobody says where the cluster is. */
  readonly kafka?: KafkaTarget;
  /** Absent where neither a registry nor ids are known. */
  readonly registry?: RegistryTarget;
  readonly state: StateSettings;
  readonly web: WebSettings;
  /** Every setting with its value and where it comes from. */
  readonly shown: readonly ShownSetting[];
}

export interface WebSettings {
  /** Absent where nobody has asked for one. */
  readonly port?: number;
  readonly host: string;
}

export interface StateSettings {
  /** From the working directory, where it is not absolute. */
  readonly folder: string;
  readonly store: "rocksdb" | "memory";
  /** For the whole process, or for the thread that asks. */
  readonly cacheBytes: number;
}

/** What beats the configuration: the environment, then flags, then options. */
export interface SettingOverrides {
  readonly env?: Environment;
  /** By flag's name, without hyphens; those that are no settings are passed over. */
  readonly flags?: Readonly<Record<string, string>>;
  readonly delivery?: "exactly-once" | "at-least-once";
  readonly commitIntervalMs?: number;
  readonly instance?: string;
  /** The program knows its log: it may go below what brokers allow by default. */
  readonly sessionTimeoutMs?: number;
  /** The log is there, so what Kafka, the registry and the tables on disk need may be missing. */
  readonly isEmbedded?: boolean;
  /** One of several threads has a part of the memory, and a folder and name of its own. */
  readonly thread?: WorkerThread;
}

/** A pipeline, or the configuration of one whose topics are not known. */
export interface Configured {
  readonly config: WorkerConfig;
  readonly topics?: readonly Pick<TopicDeclaration, "name" | "internal" | "repartitionOf">[];
  readonly groups?: readonly {
    readonly consumerGroup?: string;
    readonly tables: readonly { readonly changelog: string }[];
  }[];
}

/** What Kafka takes of a member's name, which is the app's and the worker's with "-" between. */
const nameMax = 249;
/** That "-", and what follows the name in the last of 64 threads. */
const threadSuffixMax = "--64".length;
/** A name that Kafka takes for a topic or group. */
const nameShape = /^[A-Za-z0-9._-]{1,249}$/;
const connections = /^(kafka|registry|state)\./;
const nothing = /^$/;

/**
 * Resolves a pipeline's configuration: defaults, then the generated configuration, the environment,
 * flags and options. Throws SG8002 that lists everything which is wrong with it.
 */
export function resolveSettings(spec: Configured, overrides: SettingOverrides): Settings {
  const { config } = spec;
  const { env = {}, flags = {}, delivery, commitIntervalMs, instance } = overrides;
  const layers = new Layers({
    config,
    env,
    flags,
    options: { delivery, commitIntervalMs, instance },
    unneeded: overrides.isEmbedded === true ? connections : nothing,
  });
  const { app, topicNames } = names(layers, spec);
  const { partitions, replicas } = config;
  const settings = {
    app,
    delivery: layers.value(settingTable.delivery)?.value ?? config.delivery,
    commitIntervalMs: layers.value(settingTable.commitIntervalMs)?.value ?? config.commitIntervalMs,
    threads: layers.value(settingTable.threads)?.value ?? 1,
    patternRefreshMs: layers.value(settingTable.patternRefreshMs)?.value ?? 0,
    ...memberSettings(layers, longestGroup(spec, app), overrides),
    partitions,
    replicas,
    topicNames,
  };
  layers.show("partitions", partitions, { kind: "configuration" });
  layers.show("replicas", replicas, { kind: "configuration" });
  const kafka = kafkaTarget(layers);
  const registry = registryTarget(layers, config);
  const state = stateSettings(layers, overrides);
  const web = webSettings(layers);
  const problems = [...layers.problems, ...unknownTopics(spec), ...unknownVariables(env, config)];
  if (problems.length > 0) throw new StreamgenError("SG8002", problems.join("; "));
  const { shown } = layers;
  return {
    ...settings,
    ...(kafka !== undefined && { kafka }),
    ...(registry !== undefined && { registry }),
    state,
    web,
    shown,
  };
}

function webSettings(layers: Layers): WebSettings {
  const port = layers.value(settingTable.webPort)?.value;
  const host = layers.value(settingTable.webHost)?.value ?? "";
  return port === undefined ? { host } : { port, host };
}

/** The longest name of the consumer groups that it is in. */
const longestGroup = ({ groups = [] }: Configured, app: string): string =>
  groups
    .map(({ consumerGroup }) => (consumerGroup === undefined ? app : `${app}-${consumerGroup}`))
    .reduce((longest, name) => (name.length > longest.length ? name : longest), app);

/** How the worker is known to its groups. */
function memberSettings(
  layers: Layers,
  group: string,
  { thread = { index: 0, of: 1 }, sessionTimeoutMs: given }: SettingOverrides,
): Pick<Settings, "instance" | "sessionTimeoutMs"> {
  const { name } = settingTable.instance;
  const worker = layers.value(settingTable.instance)?.value;
  if (worker !== undefined && group.length + worker.length > nameMax - threadSuffixMax) {
    const most = nameMax - threadSuffixMax;
    const use = `use a shorter one: both together have at most ${most} characters`;
    layers.problem(name, `${name} "${worker}" is too long beside group "${group}": ${use}`, true);
  }
  const instance =
    thread.of === 1 || worker === undefined ? worker : `${worker}-${thread.index + 1}`;
  const row = settingTable.sessionTimeoutMs;
  const sessionTimeoutMs = given ?? layers.value(row)?.value;
  if (given !== undefined) layers.show(row.name, given, { kind: "option" });
  return {
    ...(instance !== undefined && { instance }),
    ...(sessionTimeoutMs !== undefined && { sessionTimeoutMs }),
  };
}

function stateSettings(
  layers: Layers,
  { isEmbedded = false, thread = { index: 0, of: 1 } }: SettingOverrides,
): StateSettings {
  const folder = layers.value(settingTable.stateFolder)?.value ?? "";
  const store = layers.value(settingTable.stateStore)?.value ?? "rocksdb";
  const cacheBytes = layers.value(settingTable.cacheBytes)?.value ?? 0;
  // Tables on disk would outlive the log that they are restored from.
  if (isEmbedded) layers.show(settingTable.stateStore.name, "memory", { kind: "default" });
  return {
    folder: thread.of === 1 ? folder : path.join(folder, `thread-${thread.index + 1}`),
    store: isEmbedded ? "memory" : store,
    cacheBytes: Math.floor(cacheBytes / thread.of),
  };
}

/** The names that only the configuration says. */
function names(layers: Layers, spec: Configured): Pick<Settings, "app" | "topicNames"> {
  const { config } = spec;
  const name = (setting: string, what: string, text: Setting): string => {
    const value = layers.configured(setting, text);
    if (value !== undefined && !nameShape.test(value)) {
      const use = 'use 1 to 249 letters, digits, ".", "_" or "-"';
      layers.problem(setting, `${what} is "${value}": ${use}`, true);
    }
    return value ?? "";
  };
  const app = name("app", "the app's name", config.app);
  const topicNames = internalNames(spec, app);
  for (const [declared, override] of Object.entries(config.topics)) {
    if (override.name === undefined) continue;
    const what = `the name of topic "${declared}"`;
    topicNames.set(declared, name(`topics.${declared}.name`, what, override.name));
  }
  return { app, topicNames };
}

/**
 * Internal topics are named by the app as it was when they were generated. An app that the environment
 * calls otherwise has its own, so that two of them never share a changelog.
 */
function internalNames(spec: Configured, app: string): Map<string, string> {
  const { config, topics = [], groups = [] } = spec;
  const generated = typeof config.app === "string" ? config.app : config.app.otherwise;
  const internal = [
    ...topics.filter(isInternal).map(({ name }) => name),
    ...groups.flatMap(({ tables }) => tables.map(({ changelog }) => changelog)),
  ];
  const renamed = new Map<string, string>();
  if (generated === undefined || app === generated || app === "") return renamed;
  for (const name of internal) renamed.set(name, nameFor(name, generated, app));
  return renamed;
}

/** An internal topic's name for another app than the one that it was generated for. */
const nameFor = (name: string, generated: string, app: string): string =>
  name.startsWith(`${generated}-`) ? app + name.slice(generated.length) : name;

/** What a topic is called in the log where the configuration does not name it. */
export function defaultName(
  topic: TopicDeclaration,
  config: WorkerConfig,
  env: Environment,
): string {
  const generated = typeof config.app === "string" ? config.app : config.app.otherwise;
  const app = resolveSetting(config.app, env);
  if (!isInternal(topic) || generated === undefined || app === undefined) return topic.name;
  return nameFor(topic.name, generated, app);
}

/** The text of a setting; `undefined` where the environment does not have it. */
export function resolveSetting(setting: Setting, env: Environment): string | undefined {
  return typeof setting === "string" ? setting : (env[setting.env] ?? setting.otherwise);
}

function unknownTopics({ config, topics }: Configured): readonly string[] {
  if (topics === undefined) return [];
  const declared = new Set(topics.map((topic) => topic.name));
  return Object.keys(config.topics)
    .filter((name) => !declared.has(name))
    .map((name) => `the configuration has settings for "${name}", which is no topic of this app`);
}

/** The settings of one topic that the configuration overrides. */
export function topicOverride(
  config: WorkerConfig,
  declared: string,
): WorkerConfig["topics"][string] {
  return Object.hasOwn(config.topics, declared) ? (config.topics[declared] ?? {}) : {};
}

import { StreamgenError } from "../errors.ts";
import type { PipelineSpec, Setting, WorkerConfig } from "./spec.ts";

/** The process's environment, or a stand-in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings whose `env()` markers are resolved and whose numbers are within bounds. */
export interface Settings {
  readonly app: string;
  readonly delivery: "exactly-once" | "at-least-once";
  readonly commitIntervalMs: number;
  readonly partitions: number;
  readonly replicas: number;
  /** Names of topics in the log, by declared name, where they differ. */
  readonly topicNames: ReadonlyMap<string, string>;
}

/** What options may say instead of the configuration. */
export interface SettingOverrides {
  readonly env?: Environment;
  readonly delivery?: "exactly-once" | "at-least-once";
  readonly commitIntervalMs?: number;
}

/** A name that Kafka takes for a topic or group. */
const nameShape = /^[A-Za-z0-9._-]{1,249}$/;
const commitIntervalMinMs = 10;

/** Resolves a pipeline's configuration. Throws SG8002 that lists everything which is wrong with it. */
export function resolveSettings(spec: PipelineSpec, overrides: SettingOverrides): Settings {
  const config = spec.config;
  const problems: string[] = [];
  const text = (what: string, setting: Setting): string => {
    const value = resolveSetting(setting, overrides.env ?? {});
    if (value === undefined) {
      const name = typeof setting === "string" ? setting : setting.env;
      problems.push(`set the environment variable ${name}: it gives ${what}`);
      return "unknown";
    }
    if (!nameShape.test(value)) {
      problems.push(`${what} is "${value}": use 1 to 249 letters, digits, ".", "_" or "-"`);
    }
    return value;
  };
  const app = text("the app's name", config.app);
  const topicNames = new Map<string, string>();
  for (const [declared, override] of Object.entries(config.topics)) {
    if (override.name === undefined) continue;
    topicNames.set(declared, text(`the name of topic "${declared}"`, override.name));
  }
  problems.push(...unknownTopics(spec));
  const commitIntervalMs = overrides.commitIntervalMs ?? config.commitIntervalMs;
  if (!(commitIntervalMs >= commitIntervalMinMs)) {
    problems.push(`commitIntervalMs is ${commitIntervalMs}: use ${commitIntervalMinMs} or more`);
  }
  if (problems.length > 0) throw new StreamgenError("SG8002", problems.join("; "));
  return {
    app,
    delivery: overrides.delivery ?? config.delivery,
    commitIntervalMs,
    partitions: config.partitions,
    replicas: config.replicas,
    topicNames,
  };
}

/** The text of a setting; `undefined` where the environment does not have it. */
export function resolveSetting(setting: Setting, env: Environment): string | undefined {
  return typeof setting === "string" ? setting : (env[setting.env] ?? setting.otherwise);
}

function unknownTopics(spec: PipelineSpec): readonly string[] {
  const declared = new Set(spec.topics.map((topic) => topic.name));
  return Object.keys(spec.config.topics)
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

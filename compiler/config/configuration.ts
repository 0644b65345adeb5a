import type { KafkaConfig, RegistryConfig, Setting, StateConfig, TopicConfig } from "./config.ts";

/** A configuration that was checked, with every default filled in. */
export interface Configuration {
  /** The file it came from, from the project's root, with forward slashes. */
  readonly file: string;
  readonly app: Setting;
  /** What internal topics are named by: `app`, or its fallback where it comes from the environment. */
  readonly appName: string;
  readonly namespace: string | undefined;
  /** Globs from the project's root, with forward slashes. */
  readonly include: readonly string[];
  /** From the project's root, with forward slashes, without a slash at the end. */
  readonly out: string;
  readonly delivery: "exactly-once" | "at-least-once";
  readonly commitIntervalMs: number;
  readonly askTimeoutMs?: number;
  readonly partitions: number;
  readonly replicas: number;
  /** By declared topic name, in the order of the file. */
  readonly topics: Readonly<Record<string, TopicConfig>>;
  readonly kafka?: KafkaConfig;
  readonly registry?: RegistryConfig;
  readonly state?: StateConfig;
}

/** What holds where a configuration says nothing. */
export const defaults: Omit<Configuration, "file" | "app" | "appName"> = {
  namespace: undefined,
  include: ["src/**/*.ts"],
  out: "generated",
  delivery: "exactly-once",
  commitIntervalMs: 100,
  partitions: 4,
  replicas: 1,
  topics: {},
};

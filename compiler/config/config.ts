/**
 * What `streamgen.config.ts` imports. Nothing here needs the compiler, so that a configuration loads
 * in no time.
 */

/** A text, or the environment variable that holds it when the worker starts. */
export type Setting = string | EnvMarker;

/** Stands for an environment variable. `env()` makes it; it is resolved in the worker only. */
export interface EnvMarker {
  readonly env: string;
  /** Used where the variable is not set. */
  readonly otherwise?: string;
}

/** The configuration of a project. Only `app` is required. */
export interface StreamgenConfig {
  /**
   * Names the consumer group and starts the names of internal topics, so it never changes lightly.
   * From the environment it needs a second argument, which internal topics are named by:
   * `env("APP", "shop")`.
   */
  readonly app: Setting;
  /** The namespace of Avro names. Without it, records have none unless they say so. */
  readonly namespace?: string;
  /** Globs of the files with agents and types. Default: each `.ts` file under `src` but tests. */
  readonly include?: readonly string[];
  /** The folder of the generated files. Default: `generated`. */
  readonly out?: string;
  /** Default: `exactly-once`. */
  readonly delivery?: "exactly-once" | "at-least-once";
  /** Milliseconds between commits, at least 10. Default: 100. */
  readonly commitIntervalMs?: number;
  /** Partitions of topics that do not say how many. Default: 4. */
  readonly partitions?: number;
  /** Replicas of topics that do not say how many. Default: 1. */
  readonly replicas?: number;
  /** Overrides by declared topic name. */
  readonly topics?: Readonly<Record<string, TopicConfig>>;
}

/** What differs between environments for one topic. */
export interface TopicConfig {
  /** The name on the broker, where it is not the declared one. */
  readonly name?: Setting;
  readonly partitions?: number;
  readonly replicas?: number;
  /** Further settings by Kafka's names, such as `{ "max.message.bytes": "2000000" }`. */
  readonly config?: Readonly<Record<string, string>>;
}

/** Gives the configuration back as it is; it is there for completion and checks in the editor. */
export function defineConfig(config: StreamgenConfig): StreamgenConfig {
  return config;
}

/** The environment variable `name`, read when the worker starts and never written to generated files. */
export function env(name: string, otherwise?: string): EnvMarker {
  return otherwise === undefined ? { env: name } : { env: name, otherwise };
}

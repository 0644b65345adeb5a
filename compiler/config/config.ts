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

/** Stands for the text of a file, read by the worker each time it is needed. */
export interface FileMarker {
  /** From the folder that the worker is started in, if it is not absolute. */
  readonly file: Setting;
}

/**
 * A password, token or the like: an environment variable or a file, never a text, which would be
 * committed with the configuration and with the generated files.
 */
export type Secret = { readonly env: string; readonly otherwise?: never } | FileMarker;

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
  /** Milliseconds that an answer is waited for. Needed where functions answer questions. */
  readonly askTimeoutMs?: number;
  /** Partitions of topics that do not say how many. Default: 4. */
  readonly partitions?: number;
  /** Replicas of topics that do not say how many. Default: 1. */
  readonly replicas?: number;
  /** Overrides by declared topic name. */
  readonly topics?: Readonly<Record<string, TopicConfig>>;
  /** Where the cluster is and how workers say who they are. */
  readonly kafka?: KafkaConfig;
  /** The schema registry. Without it, Avro schemas have no numbers on Kafka. */
  readonly registry?: RegistryConfig;
  /** Where tables are kept. */
  readonly state?: StateConfig;
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

/** What `bootstrap` leaves out, the environment or a flag of the worker may say. */
export interface KafkaConfig {
  /** `host:port`, several with commas between them. */
  readonly bootstrap?: Setting;
  /** `true`: connections are encrypted, and brokers are known by the authorities that Node knows. */
  readonly tls?: boolean | TlsConfig;
  readonly sasl?: SaslConfig;
}

/** Encrypted connections. The files are PEM, and read when a worker starts. */
export interface TlsConfig {
  /** The authorities that have signed the brokers' certificates. */
  readonly caFile?: Setting;
  /** The worker's own certificate, for brokers that ask for one; with `keyFile` only. */
  readonly certFile?: Setting;
  readonly keyFile?: Setting;
  readonly passphrase?: Secret;
}

/** How workers say who they are. PLAIN and OAUTHBEARER need TLS, except on the machine itself. */
export type SaslConfig =
  | {
      readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
      readonly username: Setting;
      readonly password: Secret;
    }
  | { readonly mechanism: "oauthbearer"; readonly token: Secret }
  /** A token by the client credentials grant (RFC 6749, section 4.4). */
  | {
      readonly mechanism: "oauthbearer";
      readonly tokenUrl: Setting;
      readonly clientId: Setting;
      readonly clientSecret: Secret;
      readonly scope?: Setting;
    };

/** A registry that speaks Confluent's API. */
export interface RegistryConfig {
  /** Several with commas between them. Without one, `ids` alone say which schema is which. */
  readonly url?: Setting;
  readonly auth?:
    | { readonly username: Setting; readonly password: Secret }
    | { readonly token: Secret };
  /** What subjects are named by. Default: `topic`, that is `<topic>-value`. */
  readonly subjects?: "topic" | "record" | "topic-record";
  /** PEM of the authority that has signed the registry's certificate. */
  readonly caFile?: Setting;
  /** Ids of schemas by subject, for running without a registry's server. */
  readonly ids?: Readonly<Record<string, number>>;
}

/** Where a worker keeps its tables. */
export interface StateConfig {
  /** Default: `state` in the folder that the worker is started in. */
  readonly folder?: Setting;
  /** Default: `rocksdb`; on the embedded log `memory`. */
  readonly store?: "rocksdb" | "memory";
  /** Bytes of rows that one worker process keeps in memory. Default: 128 MiB. */
  readonly cacheBytes?: number;
}

/** Gives the configuration back as it is; it is there for completion and checks in the editor. */
export function defineConfig(config: StreamgenConfig): StreamgenConfig {
  return config;
}

/** The environment variable `name`, read when the worker starts and never written to generated files. */
export function env(name: string): { readonly env: string };
/** The same, with a text for where it is not set; no secret may have one. */
export function env(name: string, otherwise: string): EnvMarker;
export function env(name: string, otherwise?: string): EnvMarker {
  return otherwise === undefined ? { env: name } : { env: name, otherwise };
}

/** The text of a file such as `/run/secrets/kafka-password`, without one line break at its end. */
export function file(path: Setting): FileMarker {
  return { file: path };
}

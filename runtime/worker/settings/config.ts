import type { SubjectStrategy } from "../../codec/registry/settings.ts";

/** Settings from the project's configuration. Markers of `env()` are resolved when a worker is made. */
export interface WorkerConfig {
  /** Names the consumer group and the internal topics. */
  readonly app: Setting;
  readonly delivery: "exactly-once" | "at-least-once";
  readonly commitIntervalMs: number;
  /** How long an answer is waited for. */
  readonly askTimeoutMs?: number;
  /** For topics that do not say how many. */
  readonly partitions: number;
  readonly replicas: number;
  /** By declared name. */
  readonly topics: Readonly<Record<string, TopicOverride>>;
  readonly kafka?: KafkaConfig;
  readonly registry?: RegistryConfig;
  readonly state?: StateConfig;
}

/** Where the cluster is and how the worker says who it is. */
export interface KafkaConfig {
  /** `host:port`, several with commas between them. */
  readonly bootstrap?: Setting;
  /** `true`: encrypted by the authorities that Node knows. Files are read when the worker starts. */
  readonly tls?: boolean | TlsConfig;
  readonly sasl?: SaslConfig;
}

export interface TlsConfig {
  readonly caFile?: Setting;
  readonly certFile?: Setting;
  readonly keyFile?: Setting;
  readonly passphrase?: Secret;
}

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

/** Never a text: an environment variable, or a file that is read again for each use. */
export type Secret = { readonly env: string } | { readonly file: Setting };

export interface RegistryConfig {
  /** Several with commas between them. Without one, `ids` alone say which schema is which. */
  readonly url?: Setting;
  readonly auth?:
    | { readonly username: Setting; readonly password: Secret }
    | { readonly token: Secret };
  readonly subjects?: SubjectStrategy;
  readonly caFile?: Setting;
  /** Ids by subject, for running without a registry's server. */
  readonly ids?: Readonly<Record<string, number>>;
}

export interface StateConfig {
  /** Where tables are on disk. Default: `state` in the working directory. */
  readonly folder?: Setting;
  /** Default: `rocksdb`; on the embedded log `memory`. */
  readonly store?: "rocksdb" | "memory";
  /** Bytes of rows that one worker process keeps in memory. Default: 128 MiB. */
  readonly cacheBytes?: number;
}

/** A text, or the environment variable that holds it. */
export type Setting = string | { readonly env: string; readonly otherwise?: string };

export interface TopicOverride {
  readonly name?: Setting;
  readonly partitions?: number;
  readonly replicas?: number;
  readonly config?: Readonly<Record<string, string>>;
}

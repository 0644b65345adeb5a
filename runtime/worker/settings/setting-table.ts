import type { SubjectStrategy } from "../../codec/registry/settings.ts";
import type { Setting, WorkerConfig } from "../spec.ts";
import { authParts, saslParts, tlsParts } from "./config-parts.ts";
import {
  anyText,
  brokers,
  choice,
  onOrOff,
  type SettingKind,
  threadCount,
  url,
  urls,
  whole,
  workerName,
} from "./setting-kind.ts";

/** A setting of a worker. Everything that knows the names of settings reads this table. */
export interface SettingRow<Value> {
  /** As in `streamgen.config.ts`, with dots between the keys. */
  readonly name: string;
  readonly kind: SettingKind<Value>;
  /** The environment variable. */
  readonly variable: string;
  /** The flag of the command line, without hyphens before it. */
  readonly flag?: string;
  /** What holds where nobody says anything. */
  readonly otherwise?: Value;
  /** For the documentation and the help. */
  readonly meaning: string;
  /** What the generated configuration says. */
  readonly read: (config: WorkerConfig) => Setting | number | boolean | undefined;
}

export type SaslMechanism = "none" | "plain" | "scram-sha-256" | "scram-sha-512" | "oauthbearer";

export interface SettingTable {
  readonly delivery: SettingRow<"exactly-once" | "at-least-once">;
  readonly commitIntervalMs: SettingRow<number>;
  readonly threads: SettingRow<number | "auto">;
  readonly instance: SettingRow<string>;
  readonly sessionTimeoutMs: SettingRow<number>;
  readonly patternRefreshMs: SettingRow<number>;
  readonly bootstrap: SettingRow<readonly string[]>;
  readonly tls: SettingRow<boolean>;
  readonly tlsCaFile: SettingRow<string>;
  readonly tlsCertFile: SettingRow<string>;
  readonly tlsKeyFile: SettingRow<string>;
  readonly saslMechanism: SettingRow<SaslMechanism>;
  readonly saslUsername: SettingRow<string>;
  readonly saslTokenUrl: SettingRow<string>;
  readonly saslClientId: SettingRow<string>;
  readonly saslScope: SettingRow<string>;
  readonly registryUrl: SettingRow<readonly string[]>;
  readonly registryUsername: SettingRow<string>;
  readonly registrySubjects: SettingRow<SubjectStrategy>;
  readonly registryCaFile: SettingRow<string>;
  readonly stateFolder: SettingRow<string>;
  readonly stateStore: SettingRow<"rocksdb" | "memory">;
  readonly cacheBytes: SettingRow<number>;
  readonly webPort: SettingRow<number>;
  readonly webHost: SettingRow<string>;
}

const mebibyte = 1024 * 1024;

export const settingTable: SettingTable = {
  delivery: {
    name: "delivery",
    kind: choice("exactly-once", "at-least-once"),
    variable: "STREAMGEN_DELIVERY",
    flag: "delivery",
    meaning: "exactly-once or at-least-once: what a crash may do to results",
    read: (config) => config.delivery,
  },
  commitIntervalMs: {
    name: "commitIntervalMs",
    kind: whole(10, 3_600_000),
    variable: "STREAMGEN_COMMIT_INTERVAL_MS",
    flag: "commit-interval-ms",
    meaning: "milliseconds between commits",
    read: (config) => config.commitIntervalMs,
  },
  threads: {
    name: "threads",
    kind: threadCount,
    variable: "STREAMGEN_THREADS",
    flag: "threads",
    otherwise: 1,
    meaning: "threads of the worker; `auto` is one for each processor",
    read: () => undefined,
  },
  instance: {
    name: "instance",
    kind: workerName,
    variable: "STREAMGEN_INSTANCE",
    flag: "instance",
    meaning: "this worker's name in its app, the same after a restart",
    read: () => undefined,
  },
  sessionTimeoutMs: {
    name: "sessionTimeoutMs",
    // What brokers allow where nobody has told them otherwise.
    kind: whole(6_000, 1_800_000),
    variable: "STREAMGEN_SESSION_TIMEOUT_MS",
    flag: "session-timeout-ms",
    meaning: "milliseconds of silence until the worker is taken for dead",
    read: () => undefined,
  },
  patternRefreshMs: {
    name: "patternRefreshMs",
    kind: whole(100, 3_600_000),
    variable: "STREAMGEN_PATTERN_REFRESH_MS",
    flag: "pattern-refresh-ms",
    otherwise: 60_000,
    meaning: "milliseconds between two looks for topics that match a pattern",
    read: () => undefined,
  },
  bootstrap: {
    name: "kafka.bootstrap",
    kind: brokers,
    variable: "STREAMGEN_BOOTSTRAP",
    flag: "bootstrap",
    meaning: "brokers to begin with, several with commas between them",
    read: ({ kafka }) => kafka?.bootstrap,
  },
  tls: {
    name: "kafka.tls",
    kind: onOrOff,
    variable: "STREAMGEN_TLS",
    meaning: "whether connections are encrypted; files for it switch it on",
    read: ({ kafka }) => (typeof kafka?.tls === "boolean" ? kafka.tls : undefined),
  },
  tlsCaFile: {
    name: "kafka.tls.caFile",
    kind: anyText,
    variable: "STREAMGEN_TLS_CA_FILE",
    meaning: "PEM of the authorities that have signed the brokers' certificates",
    read: (config) => tlsParts(config).caFile,
  },
  tlsCertFile: {
    name: "kafka.tls.certFile",
    kind: anyText,
    variable: "STREAMGEN_TLS_CERT_FILE",
    meaning: "PEM of the worker's own certificate",
    read: (config) => tlsParts(config).certFile,
  },
  tlsKeyFile: {
    name: "kafka.tls.keyFile",
    kind: anyText,
    variable: "STREAMGEN_TLS_KEY_FILE",
    meaning: "PEM of its private key",
    read: (config) => tlsParts(config).keyFile,
  },
  saslMechanism: {
    name: "kafka.sasl.mechanism",
    kind: choice("plain", "scram-sha-256", "scram-sha-512", "oauthbearer", "none"),
    variable: "STREAMGEN_SASL_MECHANISM",
    meaning: "how the worker says who it is; `none` switches off what the configuration says",
    read: ({ kafka }) => kafka?.sasl?.mechanism,
  },
  saslUsername: {
    name: "kafka.sasl.username",
    kind: anyText,
    variable: "STREAMGEN_SASL_USERNAME",
    meaning: "for PLAIN and SCRAM",
    read: (config) => saslParts(config).username,
  },
  saslTokenUrl: {
    name: "kafka.sasl.tokenUrl",
    kind: url,
    variable: "STREAMGEN_SASL_TOKEN_URL",
    meaning: "where tokens for OAUTHBEARER are asked for",
    read: (config) => saslParts(config).tokenUrl,
  },
  saslClientId: {
    name: "kafka.sasl.clientId",
    kind: anyText,
    variable: "STREAMGEN_SASL_CLIENT_ID",
    meaning: "who asks for tokens",
    read: (config) => saslParts(config).clientId,
  },
  saslScope: {
    name: "kafka.sasl.scope",
    kind: anyText,
    variable: "STREAMGEN_SASL_SCOPE",
    meaning: "what tokens are asked for",
    read: (config) => saslParts(config).scope,
  },
  registryUrl: {
    name: "registry.url",
    kind: urls,
    variable: "STREAMGEN_REGISTRY_URL",
    flag: "registry",
    meaning: "the schema registry; several with commas between them",
    read: ({ registry }) => registry?.url,
  },
  registryUsername: {
    name: "registry.auth.username",
    kind: anyText,
    variable: "STREAMGEN_REGISTRY_USERNAME",
    meaning: "who asks the registry",
    read: (config) => authParts(config).username,
  },
  registrySubjects: {
    name: "registry.subjects",
    kind: choice("topic", "record", "topic-record"),
    variable: "STREAMGEN_REGISTRY_SUBJECTS",
    otherwise: "topic",
    meaning: "what subjects are named by",
    read: ({ registry }) => registry?.subjects,
  },
  registryCaFile: {
    name: "registry.caFile",
    kind: anyText,
    variable: "STREAMGEN_REGISTRY_CA_FILE",
    meaning: "PEM of the authorities that have signed the registry's certificate",
    read: ({ registry }) => registry?.caFile,
  },
  stateFolder: {
    name: "state.folder",
    kind: anyText,
    variable: "STREAMGEN_STATE",
    flag: "state",
    otherwise: "state",
    meaning: "the folder of the tables",
    read: ({ state }) => state?.folder,
  },
  stateStore: {
    name: "state.store",
    kind: choice("rocksdb", "memory"),
    variable: "STREAMGEN_STORE",
    otherwise: "rocksdb",
    meaning: "what keeps tables; with `memory` they are restored at each start",
    read: ({ state }) => state?.store,
  },
  cacheBytes: {
    name: "state.cacheBytes",
    kind: whole(mebibyte, Number.MAX_SAFE_INTEGER),
    variable: "STREAMGEN_CACHE_BYTES",
    flag: "cache-bytes",
    otherwise: 128 * mebibyte,
    meaning: "bytes of rows that all threads together keep in memory",
    read: ({ state }) => state?.cacheBytes,
  },
  webPort: {
    name: "web.port",
    kind: whole(0, 65_535),
    variable: "STREAMGEN_WEB_PORT",
    flag: "web-port",
    meaning: "port of requests and health; 6066 if functions answer requests",
    read: () => undefined,
  },
  webHost: {
    name: "web.host",
    kind: anyText,
    variable: "STREAMGEN_WEB_HOST",
    flag: "web-host",
    otherwise: "127.0.0.1",
    meaning: "address of that port; the default is for this machine only",
    read: () => undefined,
  },
};

import type { Secret, WorkerConfig } from "../spec.ts";
import { authParts, saslParts, tlsParts } from "./config-parts.ts";

/**
 * A secret: never a flag, which other users of the machine would see. Its variable with `_FILE` behind
 * it names a file instead.
 */
export interface SecretRow {
  readonly name: string;
  readonly variable: string;
  readonly meaning: string;
  readonly read: (config: WorkerConfig) => Secret | undefined;
}

export interface SecretTable {
  readonly tlsPassphrase: SecretRow;
  readonly saslPassword: SecretRow;
  readonly saslToken: SecretRow;
  readonly saslClientSecret: SecretRow;
  readonly registryPassword: SecretRow;
  readonly registryToken: SecretRow;
}

export const secretTable: SecretTable = {
  tlsPassphrase: {
    name: "kafka.tls.passphrase",
    variable: "STREAMGEN_TLS_PASSPHRASE",
    meaning: "opens the private key",
    read: (config) => tlsParts(config).passphrase,
  },
  saslPassword: {
    name: "kafka.sasl.password",
    variable: "STREAMGEN_SASL_PASSWORD",
    meaning: "for PLAIN and SCRAM",
    read: (config) => saslParts(config).password,
  },
  saslToken: {
    name: "kafka.sasl.token",
    variable: "STREAMGEN_SASL_TOKEN",
    meaning: "for OAUTHBEARER, where somebody else keeps it fresh",
    read: (config) => saslParts(config).token,
  },
  saslClientSecret: {
    name: "kafka.sasl.clientSecret",
    variable: "STREAMGEN_SASL_CLIENT_SECRET",
    meaning: "for OAUTHBEARER, with which tokens are asked for",
    read: (config) => saslParts(config).clientSecret,
  },
  registryPassword: {
    name: "registry.auth.password",
    variable: "STREAMGEN_REGISTRY_PASSWORD",
    meaning: "of the registry's user",
    read: (config) => authParts(config).password,
  },
  registryToken: {
    name: "registry.auth.token",
    variable: "STREAMGEN_REGISTRY_TOKEN",
    meaning: "instead of user and password",
    read: (config) => authParts(config).token,
  },
};

/** How to reach a Kafka cluster. Secrets are here in the clear: nothing logs this. */
export interface KafkaSettings {
  /** Brokers to begin with, each `host:port`; one of them has to answer. */
  readonly bootstrap: readonly string[];
  /** Shown in brokers' logs and quotas. */
  readonly clientId: string;
  /** Absent: connections are not encrypted. */
  readonly tls?: TlsSettings;
  readonly sasl?: SaslSettings;
}

/** Encrypted connections; brokers' names are always verified. */
export interface TlsSettings {
  /** PEM; without it, the authorities that Node knows. */
  readonly ca?: string;
  /** PEM of the client's certificate and key, for brokers that ask for one. */
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
}

/** How the client says who it is. PLAIN without TLS is refused beyond loopback: it sends the password. */
export type SaslSettings =
  | {
      readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512";
      readonly username: string;
      readonly password: string;
    }
  /** `token` is asked again before each connection, and whenever a session ends (KIP-368). */
  | { readonly mechanism: "oauthbearer"; token(): Promise<string> };

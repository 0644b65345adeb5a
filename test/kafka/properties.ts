import { type Door, doors, users } from "./access.ts";

/** Where one broker listens; clients that come by `proxied` are told to go to the port `proxy`. */
export type Ports = Readonly<Record<Door | "controller" | "proxy", number>>;
type Listener = Door | "controller";

const protocols: Readonly<Record<Listener, string>> = {
  controller: "PLAINTEXT",
  plaintext: "PLAINTEXT",
  tls: "SSL",
  mutualTls: "SSL",
  misnamedTls: "SSL",
  sasl: "SASL_PLAINTEXT",
  saslTls: "SASL_SSL",
  farSasl: "SASL_PLAINTEXT",
  proxied: "PLAINTEXT",
};

/** An address for documentation (RFC 5737), which nobody has. */
const farHost = "192.0.2.1";

const listeners = ["controller", ...doors] as const;
const nameOf = (listener: Listener): string => listener.toUpperCase();
/** In the keys of the settings of one listener. */
const prefixOf = (listener: Door): string => `listener.name.${listener.toLowerCase()}`;

/** `server.properties` of the broker with this number, from 1, in a cluster with these ports. */
export function brokerProperties(options: {
  readonly number: number;
  readonly ports: readonly Ports[];
  readonly data: string;
  readonly certificates: string;
  readonly settings: Readonly<Record<string, string>>;
}): string {
  const own = options.ports[options.number - 1];
  if (own === undefined) throw new Error(`no ports for broker ${options.number}`);
  const listening = listeners.map((name) => `${nameOf(name)}://127.0.0.1:${own[name]}`);
  const advertised = doors.map((name) => {
    if (name === "farSasl") return `${nameOf(name)}://${farHost}:${own[name]}`;
    return `${nameOf(name)}://127.0.0.1:${name === "proxied" ? own.proxy : own[name]}`;
  });
  const voters = options.ports.map((each, i) => `${i + 1}@127.0.0.1:${each.controller}`);
  const lines: Readonly<Record<string, string>> = {
    "process.roles": "broker,controller",
    "node.id": String(options.number),
    "controller.listener.names": nameOf("controller"),
    "controller.quorum.voters": voters.join(","),
    "inter.broker.listener.name": nameOf("plaintext"),
    listeners: listening.join(","),
    "advertised.listeners": advertised.join(","),
    "listener.security.protocol.map": listeners
      .map((name) => `${nameOf(name)}:${protocols[name]}`)
      .join(","),
    "log.dirs": options.data,
    ...replication(options.ports.length),
    ...quick,
    ...tlsSettings(options.certificates),
    ...saslSettings("sasl"),
    ...saslSettings("saslTls"),
    ...saslSettings("farSasl"),
    ...options.settings,
  };
  return Object.entries(lines)
    .map(([key, value]) => `${key}=${value.replaceAll("\\", "\\\\")}\n`)
    .join("");
}

function replication(brokers: number): Readonly<Record<string, string>> {
  const replicas = String(brokers);
  return {
    "default.replication.factor": replicas,
    "offsets.topic.replication.factor": replicas,
    "transaction.state.log.replication.factor": replicas,
    "transaction.state.log.min.isr": brokers > 1 ? "2" : "1",
    "min.insync.replicas": brokers > 1 ? "2" : "1",
  };
}

/** What makes a broker small, and provokes in a second what takes others days. */
const quick: Readonly<Record<string, string>> = {
  "auto.create.topics.enable": "false",
  "num.network.threads": "2",
  "num.io.threads": "4",
  "offsets.topic.num.partitions": "4",
  "transaction.state.log.num.partitions": "4",
  "group.initial.rebalance.delay.ms": "0",
  "group.min.session.timeout.ms": "500",
  "transaction.abort.timed.out.transaction.cleanup.interval.ms": "200",
  "log.retention.check.interval.ms": "500",
  "log.segment.delete.delay.ms": "500",
  "log.cleaner.backoff.ms": "200",
  "log.cleaner.min.cleanable.ratio": "0.01",
  "log.cleaner.dedupe.buffer.size": "4194304",
  "broker.heartbeat.interval.ms": "300",
  "broker.session.timeout.ms": "2500",
};

function tlsSettings(folder: string): Readonly<Record<string, string>> {
  const store = (file: string): string => `${folder}/${file}`;
  return {
    "ssl.keystore.type": "PEM",
    "ssl.keystore.location": store("server.pem"),
    "ssl.truststore.type": "PEM",
    "ssl.truststore.location": store("ca.crt"),
    [`${prefixOf("mutualTls")}.ssl.client.auth`]: "required",
    [`${prefixOf("misnamedTls")}.ssl.keystore.type`]: "PEM",
    [`${prefixOf("misnamedTls")}.ssl.keystore.location`]: store("misnamed.pem"),
  };
}

/** kafkajs renews sessions when less than 10 s of them are left. */
const sessionMs = "12000";

function saslSettings(door: "sasl" | "saslTls" | "farSasl"): Readonly<Record<string, string>> {
  const security = "org.apache.kafka.common.security";
  const setting = (mechanism: string, loginModule: string): Record<string, string> => ({
    [`${prefixOf(door)}.${mechanism}.sasl.jaas.config`]: `${security}.${loginModule};`,
  });
  const { username, password } = users.plain;
  const scram = "scram.ScramLoginModule required";
  return {
    [`${prefixOf(door)}.sasl.enabled.mechanisms`]: "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
    ...setting("plain", `plain.PlainLoginModule required user_${username}="${password}"`),
    ...setting("scram-sha-256", scram),
    ...setting("scram-sha-512", scram),
    ...setting("oauthbearer", "oauthbearer.OAuthBearerLoginModule required"),
    [`${prefixOf(door)}.oauthbearer.connections.max.reauth.ms`]: sessionMs,
    [`${prefixOf(door)}.scram-sha-256.connections.max.reauth.ms`]: sessionMs,
  };
}

/** What StorageTool adds to a new cluster's metadata. */
export const scramUsers: readonly string[] = ["SCRAM-SHA-256", "SCRAM-SHA-512"].flatMap(
  (mechanism) => [
    "--add-scram",
    `${mechanism}=[name=${users.scram.username},password=${users.scram.password}]`,
  ],
);

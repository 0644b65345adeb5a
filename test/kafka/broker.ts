import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, mkdtempSync, openSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Kafka as Client, logLevel } from "kafkajs";
import { type Door, doors, type KafkaAccess, users } from "./access.ts";
import { makeCertificates } from "./certificates.ts";
import { kafkaClassPath } from "./jars.ts";
import { javaCommand } from "./java.ts";
import { type Leashed, removeAtTheEnd, startLeashed, tail } from "./leash.ts";
import { freePorts } from "./ports.ts";
import { brokerProperties, type Ports, scramUsers } from "./properties.ts";

export interface KafkaOptions {
  readonly brokers?: 1 | 3;
  /** Settings of the brokers by Kafka's names; they win over those of `properties.ts`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A cluster of this process's own; it is gone when this process is, stopped or not. */
export interface Kafka extends KafkaAccess {
  /** Kills every broker and removes their data. */
  stop(): Promise<void>;
  /** SIGKILL to a broker, by its number from 1. */
  kill(broker?: number): Promise<void>;
  /** SIGTERM: a broker hands over what it leads, and stops. */
  shutDown(broker?: number): Promise<void>;
  /** Starts a broker that was killed or shut down, on the same ports and data; resolves when it serves. */
  restart(broker?: number): Promise<void>;
  /** SIGSTOP: a broker that keeps its connections and answers nothing, until `thaw`. */
  freeze(broker?: number): void;
  thaw(broker?: number): void;
}

/** Starts a cluster in KRaft mode, every broker a controller, too; resolves when all of them serve. */
export async function startKafka(options: KafkaOptions = {}): Promise<Kafka> {
  for (let tries = 1; ; tries++) {
    try {
      return await startOnce(options);
    } catch (error) {
      // Somebody else has taken a port since it was looked at.
      const isTaken = error instanceof Error && error.message.includes("Address already in use");
      if (!isTaken || tries === 3) throw error;
    }
  }
}

async function startOnce(options: KafkaOptions): Promise<Kafka> {
  const classPath = kafkaClassPath();
  const folder = mkdtempSync(path.join(tmpdir(), "streamgen-kafka-"));
  removeAtTheEnd(folder);
  const certificates = makeCertificates(folder);
  const ports = await choosePorts(options.brokers ?? 1);
  const numbers = ports.map((_, index) => index + 1);
  await Promise.all(
    numbers.map((number) => {
      const home = homeOf(folder, number);
      mkdirSync(home);
      const data = path.join(home, "data");
      const settings = options.settings ?? {};
      writeFileSync(
        path.join(home, "server.properties"),
        brokerProperties({ number, ports, data, certificates: folder, settings }),
      );
      return format(classPath, home);
    }),
  );
  const running = new Map<number, Leashed>();
  const start = (number: number): void => {
    running.set(number, startBroker(classPath, homeOf(folder, number)));
  };
  const find = (number: number): Leashed => {
    const broker = running.get(number);
    if (broker === undefined) throw new Error(`there is no broker ${number}`);
    return broker;
  };
  const stop = async (): Promise<void> => {
    await Promise.all([...running.values()].map((broker) => broker.end("SIGKILL")));
  };
  for (const number of numbers) start(number);
  const access = accessTo(ports, certificates);
  try {
    await Promise.all(numbers.map((number) => serving(access, number, ports.length, find(number))));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    ...access,
    stop,
    kill: (broker = 1) => find(broker).end("SIGKILL"),
    shutDown: (broker = 1) => find(broker).end("SIGTERM"),
    async restart(broker = 1) {
      start(broker);
      await serving(access, broker, 1, find(broker));
    },
    freeze: (broker = 1) => find(broker).signal("SIGSTOP"),
    thaw: (broker = 1) => find(broker).signal("SIGCONT"),
  };
}

const homeOf = (folder: string, broker: number): string => path.join(folder, `broker-${broker}`);

async function choosePorts(brokers: number): Promise<readonly Ports[]> {
  const each = doors.length + 2;
  const free = await freePorts(brokers * each);
  return Array.from({ length: brokers }, (_, broker) => {
    const at = (index: number): number => free[broker * each + index] ?? 0;
    return {
      controller: at(0),
      plaintext: at(1),
      tls: at(2),
      mutualTls: at(3),
      misnamedTls: at(4),
      sasl: at(5),
      saslTls: at(6),
      farSasl: at(7),
      proxied: at(8),
      proxy: at(9),
    };
  });
}

function accessTo(ports: readonly Ports[], certificates: KafkaAccess["certificates"]): KafkaAccess {
  const at = (door: Door | "proxy"): readonly string[] =>
    ports.map((each) => `127.0.0.1:${each[door]}`);
  return {
    bootstrap: at("plaintext"),
    doors: {
      plaintext: at("plaintext"),
      tls: at("tls"),
      mutualTls: at("mutualTls"),
      misnamedTls: at("misnamedTls"),
      sasl: at("sasl"),
      saslTls: at("saslTls"),
      farSasl: at("farSasl"),
      proxied: at("proxy"),
    },
    behindProxy: ports.map(({ proxied }) => proxied),
    certificates,
    users,
  };
}

/** A small heap, and code that starts fast instead of ending up fastest. */
const jvm = [
  ...["-Xms128m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"],
  ...["-Djava.awt.headless=true", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"],
];

async function format(classPath: string, home: string): Promise<void> {
  const log = path.join(home, "format.log");
  const output = openSync(log, "a");
  const tool = ["kafka.tools.StorageTool", "format", "--config", "server.properties"];
  const args = [...jvm, "-cp", classPath, ...tool, "--cluster-id", clusterId, ...scramUsers];
  const child = spawn(javaCommand(), args, { cwd: home, stdio: ["ignore", output, output] });
  closeSync(output);
  const [status] = await once(child, "exit");
  if (status !== 0) throw new Error(`the storage of a broker was not formatted:\n${tail(log)}`);
}

/** 16 bytes in base64, as Kafka writes a UUID. */
const clusterId = "c3RyZWFtZ2VuLXRlc3RzIQ";

function startBroker(classPath: string, home: string): Leashed {
  return startLeashed({
    command: javaCommand(),
    args: [...jvm, "-cp", classPath, "kafka.Kafka", "server.properties"],
    folder: home,
    log: path.join(home, "broker.log"),
  });
}

/** Waits until the broker answers, and knows as many brokers as there have to be. */
async function serving(
  access: KafkaAccess,
  number: number,
  brokers: number,
  process: Leashed,
): Promise<void> {
  const client = new Client({
    brokers: [access.bootstrap[number - 1] ?? ""],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    retry: { retries: 0 },
  });
  const deadline = Date.now() + 60_000;
  for (;;) {
    if (!process.isRunning()) throw new Error(`broker ${number} ended:\n${tail(process.log)}`);
    const known = await knownBrokers(client);
    if (known >= brokers) return;
    if (Date.now() > deadline) {
      throw new Error(`broker ${number} does not serve:\n${tail(process.log)}`);
    }
    await sleep(100);
  }
}

async function knownBrokers(client: Client): Promise<number> {
  const admin = client.admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length;
  } catch {
    return 0;
  } finally {
    await admin.disconnect();
  }
}

import { createRequire } from "node:module";
import type { Socket } from "node:net";
import type { Apis } from "./apis.ts";

/**
 * The parts of kafkajs that this folder uses: connections with TLS and SASL, and the requests' wire
 * forms. They are files behind its public face, which the exact version, 2.2.4, makes safe: its
 * consumer cannot wait for a revocation or read without a group, its producer loses the order of
 * headers, and its transactions cannot repeat a commit that was not answered.
 */
const load = createRequire(import.meta.url);

/** One request, ready to be sent, and how to read what comes back. */
export interface Protocol<Answer> {
  readonly request: {
    readonly apiKey: number;
    readonly apiVersion: number;
    readonly apiName: string;
    encode(): Promise<Encoder>;
  };
  readonly response: {
    decode(bytes: Buffer): Promise<Answer>;
    /** kafkajs throws its own errors here. */
    parse(answer: Answer): Promise<Answer>;
  };
  readonly requestTimeout?: number;
  readonly logResponseError?: boolean;
}

/** All versions of a request; `Broker.lookupRequest` chooses one. */
export interface Definition<Request, Answer> {
  readonly versions: readonly string[];
  protocol(options: { readonly version: number }): (request: Request) => Protocol<Answer>;
}

export interface Encoder {
  writeInt16(value: number): Encoder;
  writeInt32(value: number): Encoder;
  writeString(value: string | null): Encoder;
  writeBufferInternal(bytes: Buffer): void;
}

export interface Connection {
  send<Answer>(protocol: Protocol<Answer>): Promise<Answer>;
}

interface RequestQueue {
  /** What waits because the broker asked for a pause. */
  readonly pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

export interface ConnectionPool {
  readonly pool: readonly { readonly requestQueue: RequestQueue }[];
  /** Of the two connections that a pool has, 0 or 1; connects it where it is not. */
  getConnection(index: number): Promise<Connection>;
}

export interface Broker {
  /** Connects, asks for the versions of requests, and authenticates. */
  connect(): Promise<void>;
  isConnected(): boolean;
  disconnect(): Promise<void>;
  /** Before `connect` it throws. */
  lookupRequest<Request, Answer>(
    apiKey: number,
    definition: Definition<Request, Answer>,
  ): (request: Request) => Protocol<Answer>;
}

export type SocketFactory = (options: {
  readonly host: string;
  readonly port: number;
  readonly ssl?: object;
  readonly onConnect: () => void;
}) => Socket;

export interface Logger {
  namespace(name: string): Logger;
}

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly clientId: string;
  readonly ssl: object | null;
  readonly sasl: object | null;
  readonly socketFactory: SocketFactory;
  readonly connectionTimeout: number;
  readonly requestTimeout: number;
  readonly enforceRequestTimeout: boolean;
  readonly logger: Logger;
}

export interface LogEntry {
  /** 1 error, 2 warning, 4 information, 5 debugging. */
  readonly level: number;
  readonly log: { readonly message: string; readonly broker?: string };
}

type Definitions = {
  readonly [Name in keyof Apis]: Definition<Apis[Name]["request"], Apis[Name]["answer"]>;
};

export const BrokerClass: new (options: {
  readonly connectionPool: ConnectionPool;
  readonly logger: Logger;
  readonly authenticationTimeout: number;
  readonly allowAutoTopicCreation: boolean;
}) => Broker = load("kafkajs/src/broker");

export const ConnectionPoolClass: new (options: ConnectionOptions) => ConnectionPool = load(
  "kafkajs/src/network/connectionPool",
);

export const EncoderClass: new () => Encoder = load("kafkajs/src/protocol/encoder");

export const requests: Definitions = load("kafkajs/src/protocol/requests").requests;

export const apiKeys: Readonly<Record<keyof Apis, number>> = load(
  "kafkajs/src/protocol/requests/apiKeys",
);

export const createLogger: (options: {
  readonly level: number;
  readonly logCreator: () => (entry: LogEntry) => void;
}) => Logger = load("kafkajs/src/loggers").createLogger;

export const socketFactory: () => SocketFactory = load("kafkajs/src/network/socketFactory");

/** CRC-32C, as record batches have it. */
export const crc32c: (bytes: Buffer) => number = load("kafkajs/src/protocol/recordBatch/crc32C");

interface Codec {
  decompress(bytes: Buffer): Promise<Buffer>;
}

/** By the number in a batch's attributes; one that kafkajs has no codec for throws. */
export const codecs: Readonly<Record<number, (() => Codec) | undefined>> = load(
  "kafkajs/src/protocol/message/compression",
).Codecs;

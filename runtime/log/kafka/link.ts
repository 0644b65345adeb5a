import type { Socket } from "node:net";
import { logCode, logError } from "../codes.ts";
import { type Address, showAddress } from "./address.ts";
import type { Apis } from "./apis.ts";
import {
  apiKeys,
  type Broker,
  BrokerClass,
  type ConnectionPool,
  ConnectionPoolClass,
  createLogger,
  type Logger,
  type Protocol,
  requests,
  socketFactory,
} from "./kafkajs.ts";
import { networkError } from "./network-errors.ts";
import type { KafkaLogEvent, ResolvedOptions } from "./options.ts";
import { checkPassword, saslOptions, tlsOptions } from "./security.ts";
import type { KafkaSettings } from "./settings.ts";

const levels: readonly KafkaLogEvent["level"][] = ["error", "error", "warning"];

/** Why a socket ends that is not needed any more; nobody has to hear of it. */
const closedHere = "closed by this side";

/** kafkajs' log, which it would print, as events. */
export function kafkajsLogger(onEvent: ResolvedOptions["onEvent"]): Logger {
  return createLogger({
    level: onEvent === undefined ? 0 : 4,
    logCreator:
      () =>
      ({ level, log: { message, broker } }) => {
        if (message.includes(closedHere)) return;
        onEvent?.({
          level: levels[level] ?? "information",
          message,
          ...(broker === undefined ? {} : { broker }),
        });
      },
  });
}

export interface LinkContext {
  readonly settings: KafkaSettings;
  readonly options: ResolvedOptions;
  readonly logger: Logger;
}

/**
 * Connections to one broker, up to two: a broker answers the calls of one connection in turn, so a
 * call that waits there has one of its own. Connects at the first call, and again when the connection
 * is lost.
 */
export class Link {
  readonly address: Address;
  readonly #pool: ConnectionPool;
  readonly #broker: Broker;
  readonly #sockets = new Set<Socket>();
  #isClosed = false;

  /** Throws SG6024 where a password would be sent in the clear. */
  constructor(address: Address, { settings, options, logger }: LinkContext) {
    checkPassword(settings, address);
    this.address = address;
    const makeSocket = socketFactory();
    this.#pool = new ConnectionPoolClass({
      host: address.host,
      port: address.port,
      clientId: settings.clientId,
      ssl: tlsOptions(settings.tls),
      sasl: saslOptions(settings.sasl),
      socketFactory: (socketOptions) => this.#keep(makeSocket(socketOptions)),
      connectionTimeout: Math.max(1_000, Math.floor(options.connectTimeoutMs / 2)),
      requestTimeout: options.requestTimeoutMs,
      enforceRequestTimeout: true,
      logger,
    });
    calmTimers(this.#pool);
    this.#broker = new BrokerClass({
      connectionPool: this.#pool,
      logger,
      authenticationTimeout: options.requestTimeoutMs,
      allowAutoTopicCreation: false,
    });
  }

  get isConnected(): boolean {
    return !this.#isClosed && this.#broker.isConnected();
  }

  /** Throws SG6012, or SG6021 or SG6022 where trying again has no use. */
  async connect(): Promise<void> {
    if (this.#isClosed) throw this.#closed();
    if (this.#broker.isConnected()) return;
    try {
      await this.#broker.connect();
    } catch (error) {
      throw networkError(error, showAddress(this.address), false);
    }
  }

  /** Sends a request and gives what kafkajs decodes, errors of Kafka included. */
  async call<Name extends keyof Apis>(
    name: Name,
    request: Apis[Name]["request"],
  ): Promise<Apis[Name]["answer"]> {
    return this.send(await this.protocol(name, request), 0);
  }

  /** A request in the highest version that both sides have. */
  async protocol<Name extends keyof Apis>(
    name: Name,
    request: Apis[Name]["request"],
  ): Promise<Protocol<Apis[Name]["answer"]>> {
    await this.connect();
    try {
      return this.#broker.lookupRequest(apiKeys[name], requests[name])(request);
    } catch (error) {
      throw networkError(error, showAddress(this.address), false);
    }
  }

  /** Sends over connection 0 or 1. The answer's errors are the caller's to look at. */
  async send<Answer>(protocol: Protocol<Answer>, lane: 0 | 1): Promise<Answer> {
    await this.connect();
    const { decode } = protocol.response;
    try {
      const connection = await this.#pool.getConnection(lane);
      return await connection.send({
        ...protocol,
        response: { decode, parse: (answer: Answer) => Promise.resolve(answer) },
        logResponseError: false,
      });
    } catch (error) {
      const known = networkError(error, showAddress(this.address), true);
      // Whatever else waits on a connection that does not answer would wait as long.
      if (known.code === logCode.unanswered) this.#breakSockets();
      throw known;
    }
  }

  /** Ends both connections at once; what waits for an answer fails. */
  close(): void {
    this.#isClosed = true;
    this.#breakSockets();
  }

  #breakSockets(): void {
    for (const socket of this.#sockets) socket.destroy(new Error(closedHere));
  }

  #keep(socket: Socket): Socket {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    // A socket that is closed before it connects has an error that nobody else listens for.
    socket.on("error", () => undefined);
    if (this.#isClosed) socket.destroy(new Error(closedHere));
    return socket;
  }

  #closed(): Error {
    const message = `the connection to ${showAddress(this.address)} is closed`;
    return logError(logCode.unavailable, message);
  }
}

/**
 * From its first request on kafkajs looks every millisecond for requests that wait, by timers of a
 * negative delay, of which newer Nodes warn. Here it looks where some wait.
 */
function calmTimers({ pool }: ConnectionPool): void {
  for (const { requestQueue } of pool) {
    const schedule = requestQueue.scheduleCheckPendingRequests.bind(requestQueue);
    requestQueue.scheduleCheckPendingRequests = () => {
      if (requestQueue.pending.length > 0) schedule();
    };
  }
}

import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { KafkaAccess } from "./access.ts";

/** Stands between clients that come by the door `proxied` and a broker, and breaks what goes through. */
export class CutProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #losesAnswers = false;
  /** How many connections were broken. */
  broken = 0;
  /** How many pieces of answers were lost. */
  lost = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Only one proxy of a cluster can be open at a time. */
  static async open({ doors, behindProxy: [target = 0] }: KafkaAccess): Promise<CutProxy> {
    const server = createServer();
    const proxy = new CutProxy(server);
    server.on("connection", (client) => proxy.#join(client, connect(target, "127.0.0.1")));
    server.listen(Number(doors.proxied[0]?.split(":")[1]), "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  /** Breaks every connection. */
  cut(): void {
    this.broken += this.#sockets.size / 2;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** From here to the next `cut`, the broker does what it is asked and nobody hears of it. */
  loseAnswers(): void {
    this.#losesAnswers = true;
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(client: Socket, broker: Socket): void {
    client.on("data", (bytes) => broker.write(bytes));
    broker.on("data", (bytes) => {
      if (this.#losesAnswers) this.lost++;
      else client.write(bytes);
    });
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => {
        this.#sockets.delete(socket);
        other.destroy();
        if (this.#sockets.size === 0) this.#losesAnswers = false;
      });
    }
  }
}

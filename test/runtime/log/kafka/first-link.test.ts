import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { after, test } from "node:test";
import { kafkaLog } from "../../../../runtime/log/kafka/index.ts";
import { WireOutput } from "../../../../runtime/log/kafka/wire.ts";

const connectTimeoutMs = 1_000;

/** A server that is no broker, or one that says little; gives its address. */
async function serve(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    onSocket(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers the requests that a client begins with; its only broker is said to be at `named`. */
function introduce(socket: Socket, named: { readonly host: string; readonly port: number }): void {
  socket.on("data", (bytes: Buffer) => {
    const apiKey = bytes.readInt16BE(4);
    const out = new WireOutput().int32(bytes.readInt32BE(8));
    if (apiKey === 18) {
      out.int16(0).list([3, 18], (key) =>
        out
          .int16(key)
          .int16(0)
          .int16(key === 3 ? 6 : 2),
      );
      out.int32(0);
    } else {
      out.int32(0).list([named], ({ host, port }) => out.int32(1).text(host).int32(port).int16(-1));
      out.int16(-1).int32(1).int32(0);
    }
    socket.write(new WireOutput().bytes(out.finish()).finish());
  });
}

async function refusal(...bootstrap: readonly string[]): Promise<Error & { code: string }> {
  const log = kafkaLog({ bootstrap, clientId: "test" }, { connectTimeoutMs });
  try {
    await log.describeTopics(["orders"]);
  } catch (error) {
    if (error instanceof Error && "code" in error) return error as Error & { code: string };
  } finally {
    await log.close();
  }
  throw new Error("a topic was described");
}

test("brokers that name themselves by an address where nobody is are said to", async () => {
  const address = await serve((socket) => introduce(socket, { host: "127.0.0.1", port: 1 }));
  const error = await refusal(address);
  assert.equal(error.code, "SG6020");
  assert.match(
    error.message,
    /brokers are at 127\.0\.0\.1:1,.*ECONNREFUSED.*advertised\.listeners/,
  );
});

test("a server that says nothing is given up in time", async () => {
  const address = await serve(() => undefined);
  const error = await refusal(address);
  assert.equal(error.code, "SG6020");
  assert.ok(error.message.includes(address), error.message);
});

test("a server that hangs up at once is asked whether it wants TLS or SASL", async () => {
  const address = await serve((socket) => socket.on("data", () => socket.end()));
  const error = await refusal(address);
  assert.equal(error.code, "SG6020");
  assert.match(error.message, /does it ask for TLS or SASL\?/);
});

test("a server that answers nonsense is an error, never a wait", async () => {
  const address = await serve((socket) =>
    socket.on("data", () => socket.write("HTTP/1.1 400 Bad Request\r\n\r\n")),
  );
  const error = await refusal(address);
  assert.ok(error.message.includes(address), error.message);
});

test("each address is named where none answers", async () => {
  const silent = await serve((socket) => socket.destroy());
  const error = await refusal("127.0.0.1:1", silent);
  assert.ok(error.message.includes("127.0.0.1:1") && error.message.includes(silent));
  assert.ok(!error.message.includes("\n"));
});

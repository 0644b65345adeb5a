import { once } from "node:events";
import { createServer } from "node:net";

const lowest = 20_000;
const highest = 32_000;

/**
 * Ports of 127.0.0.1 that nobody listens on. They lie below those that systems give to outgoing
 * connections, so that a server which is down for a while finds its port free again.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries++) {
    if (tries > 1000) throw new Error("no free ports");
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (!found.has(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    const listening = once(server, "listening");
    server.listen({ port, host: "127.0.0.1", exclusive: true });
    await listening;
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

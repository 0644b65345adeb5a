import { manualClock } from "../../../../runtime/clock.ts";
import { memoryLog } from "../../../../runtime/log/memory-log.ts";
import { logContract } from "../contract.ts";

const sessionTimeoutMs = 45_000;

logContract("memory", async () => {
  const clock = manualClock(1_700_000_000_000);
  const log = memoryLog({ clock, sessionTimeoutMs });
  const connections = [log.connect("main")];
  let names = 0;
  return {
    log,
    connect(name) {
      const connection = log.connect(name);
      connections.push(connection);
      return connection;
    },
    pollMs: 0,
    unique: (name) => `${name}-${++names}`,
    async close() {
      await log.close();
      for (const connection of connections) await connection.close();
    },
    control: {
      sessionTimeoutMs,
      now: () => clock.now(),
      advance: (byMs) => clock.advance(byMs),
      compact: (topic) => log.compact(topic),
    },
  };
});

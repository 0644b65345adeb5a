import { kafkaLog } from "../../runtime/log/kafka/index.ts";
import type { Log } from "../../runtime/log/log.ts";
import { logContract } from "../runtime/log/contract.ts";
import { sharedKafka, uniqueName, withoutKafka } from "./shared.ts";

logContract(
  "kafka",
  async () => {
    const { bootstrap } = await sharedKafka();
    const logs: Log[] = [];
    const connect = (clientId: string): Log => {
      const log = kafkaLog({ bootstrap, clientId }, { heartbeatMs: 100, fetchWaitMs: 200 });
      logs.push(log);
      return log;
    };
    return {
      log: connect("main"),
      connect,
      pollMs: 100,
      unique: uniqueName,
      async close() {
        await Promise.all(logs.map((log) => log.close()));
      },
    };
  },
  {
    skip: withoutKafka(),
    concurrency: 8,
    exceptions: {
      "committed waits for a transaction that holds the offset":
        "kafkajs asks for offsets in version 4, which cannot require stable ones (KIP-447)",
    },
  },
);

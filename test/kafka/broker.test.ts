import assert from "node:assert/strict";
import { test } from "node:test";
import { Kafka as Client, type KafkaConfig, logLevel } from "kafkajs";
import { type Door, type KafkaAccess, unsignedToken } from "./access.ts";
import { startKafka } from "./broker.ts";
import { sharedKafka, uniqueName, withoutKafka } from "./shared.ts";

const skip = withoutKafka();

/** How many brokers the cluster has, asked through a door. */
async function countBrokers(
  kafka: KafkaAccess,
  door: Door,
  config: Partial<KafkaConfig> = {},
): Promise<number> {
  const client = new Client({
    brokers: [...kafka.doors[door]],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
    ...config,
  });
  const admin = client.admin();
  try {
    await admin.connect();
    return (await admin.describeCluster()).brokers.length;
  } finally {
    await admin.disconnect();
  }
}

test("every door opens to who may enter", { skip }, async () => {
  const kafka = await sharedKafka();
  const { ca, client } = kafka.certificates;
  const { plain, scram } = kafka.users;
  const ssl = { ca: [ca] };
  const token = unsignedToken("olga", Date.now(), 60_000);
  const oauthBearerProvider = async (): Promise<{ value: string }> => ({ value: token });
  const counts = [
    await countBrokers(kafka, "plaintext"),
    await countBrokers(kafka, "tls", { ssl }),
    await countBrokers(kafka, "mutualTls", { ssl: { ...ssl, ...client } }),
    await countBrokers(kafka, "sasl", { sasl: { mechanism: "plain", ...plain } }),
    await countBrokers(kafka, "saslTls", { ssl, sasl: { mechanism: "scram-sha-256", ...scram } }),
    await countBrokers(kafka, "saslTls", { ssl, sasl: { mechanism: "scram-sha-512", ...scram } }),
    await countBrokers(kafka, "saslTls", {
      ssl,
      sasl: { mechanism: "oauthbearer", oauthBearerProvider },
    }),
  ];
  assert.deepEqual(counts, [1, 1, 1, 1, 1, 1, 1]);
});

test("a door stays shut to who may not enter", { skip }, async () => {
  const kafka = await sharedKafka();
  const { ca, strangerCa } = kafka.certificates;
  const { username } = kafka.users.plain;
  await assert.rejects(countBrokers(kafka, "tls", { ssl: { ca: [strangerCa] } }), /self-signed/);
  await assert.rejects(countBrokers(kafka, "mutualTls", { ssl: { ca: [ca] } }), /certificate/);
  await assert.rejects(countBrokers(kafka, "misnamedTls", { ssl: { ca: [ca] } }), /altnames/);
  await assert.rejects(
    countBrokers(kafka, "sasl", { sasl: { mechanism: "plain", username, password: "wrong" } }),
    /Authentication failed/,
  );
});

test("a broker that was killed comes back with its topics", { skip }, async (t) => {
  const kafka = await startKafka();
  t.after(() => kafka.stop());
  const topic = uniqueName("kept");
  const admin = new Client({
    brokers: [...kafka.bootstrap],
    logLevel: logLevel.NOTHING,
  }).admin();
  await admin.connect();
  t.after(() => admin.disconnect());
  await admin.createTopics({ topics: [{ topic, numPartitions: 3 }] });
  await kafka.kill();
  await kafka.restart();
  assert.ok((await admin.listTopics()).includes(topic));
});

/**
 * A worker that brokers let do what docs/operations.md says and nothing else, and that enters by what
 * its configuration says.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { type Admin, Kafka as Client, logLevel } from "kafkajs";
import { type Finished, streamgen, temporaryProject } from "../project.ts";
import { startKafka } from "./broker.ts";
import { withoutKafka } from "./shared.ts";

const skip = withoutKafka();

const source = `import type { Each, Int, Table, To, Topic } from "streamgen";

export interface Order {
  id: string;
  customer: string;
}
export interface Total {
  customer: string;
  orders: Int;
}

export type Orders = Topic<"orders", { value: Order; keyBy: "id"; external: true; format: "json" }>;
export type Totals = Topic<"totals", { value: Total; keyBy: "customer"; format: "json" }>;
export type Counts = Table<"counts", { key: string; value: Int; default: 0 }>;

export function count(order: Each<Orders, { groupBy: "customer" }>, counts: Counts): To<Totals> {
  const { customer } = order;
  return { customer, orders: counts.update(customer, (n) => n + 1) };
}
`;
const user = "pia";
/** Kafka's own numbers of operations, resources, patterns and permissions. */
const operations = { read: 3, write: 4, delete: 6, describe: 8, describeConfigs: 10 };
const resources = { topic: 2, group: 3 };
const patterns = { literal: 3, prefixed: 4 };
const allowed = 3;

async function allow(
  admin: Admin,
  [kind, name]: readonly [kind: keyof typeof resources, name: string],
  ...names: readonly (keyof typeof operations)[]
): Promise<void> {
  const isPrefix = name.endsWith("*");
  const acl = names.map((operation) => ({
    resourceType: resources[kind],
    resourceName: isPrefix ? name.slice(0, -1) : name,
    resourcePatternType: isPrefix ? patterns.prefixed : patterns.literal,
    principal: `User:${user}`,
    host: "*",
    operation: operations[operation],
    permissionType: allowed,
  }));
  await admin.createAcls({ acl });
}

test("a worker needs the rights that are documented, and no others", { skip }, async (t) => {
  const kafka = await startKafka({
    settings: {
      "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
      "super.users": "User:ANONYMOUS",
    },
  });
  t.after(() => kafka.stop());
  const root = temporaryProject({
    "src/orders.ts": source,
    "orders.jsonl": '{"id":"1","customer":"a"}\n{"id":"2","customer":"a"}\n',
    "ca.pem": kafka.certificates.ca,
    "streamgen.config.json": JSON.stringify({
      ...{ app: "shop", delivery: "at-least-once" },
      kafka: {
        tls: { caFile: "ca.pem" },
        sasl: { mechanism: "plain", username: user, password: { env: "PIA_PASSWORD" } },
      },
    }),
  });
  const built = await streamgen(root, "build");
  assert.equal(built.status, 0, built.stderr);
  const password = { PIA_PASSWORD: kafka.users.plain.password };
  const asUser = { ...password, STREAMGEN_BOOTSTRAP: kafka.doors.saslTls.join(",") };
  const asAnyone = {
    ...password,
    STREAMGEN_BOOTSTRAP: kafka.bootstrap.join(","),
    STREAMGEN_TLS: "false",
    STREAMGEN_SASL_MECHANISM: "none",
  };
  const client = new Client({ brokers: [...kafka.bootstrap], logLevel: logLevel.NOTHING });
  const admin = client.admin();
  await admin.connect();
  t.after(() => admin.disconnect());
  await admin.createTopics({ topics: [{ topic: "orders", numPartitions: 2 }] });
  const applied = await run(root, asAnyone, "topics", "apply", "--yes");
  assert.equal(applied.status, 0, applied.stderr);

  const refused = async (message: RegExp): Promise<void> => {
    const { status, stderr } = await run(root, asUser, "worker", "--until-idle");
    assert.notEqual(status, 0);
    assert.match(stderr, message);
    assert.equal(stderr.split("\n").filter((line) => line.includes('"error"')).length, 1, stderr);
  };
  await allow(admin, ["topic", "orders"], "read", "describe");
  await allow(admin, ["topic", "totals"], "write", "describe");
  await allow(admin, ["topic", "shop-*"], "read", "write", "describe");
  await refused(/describing topics.*SG6023/);
  for (const topic of ["orders", "totals", "shop-*"]) {
    await allow(admin, ["topic", topic], "describeConfigs");
  }
  await refused(/group.*SG6023/);
  await allow(admin, ["group", "shop"], "read");
  await allow(admin, ["topic", "shop-count-customer-repartition"], "delete");
  const sent = await run(root, asAnyone, "send", "orders", "--file", "orders.jsonl");
  assert.equal(sent.status, 0, sent.stderr);
  const worked = await run(root, asUser, "worker", "--until-idle");
  assert.equal(worked.status, 0, worked.stderr);
  const seen = await run(root, asAnyone, "tail", "totals", "--no-follow");
  assert.match(seen.stdout, /"orders":2/, seen.stderr);
});

type Environment = Readonly<Record<string, string>>;

async function run(root: string, env: Environment, ...args: readonly string[]): Promise<Finished> {
  const child = spawn(
    process.execPath,
    [
      ...["--conditions=@streamgen/source", "--import", import.meta.resolve("tsx")],
      ...["generated/main.ts", ...args],
    ],
    {
      ...{ cwd: root, timeout: 60_000 },
      env: { ...process.env, STREAMGEN_TEST_KAFKA: "", NODE_TEST_CONTEXT: "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { status, stdout, stderr };
}

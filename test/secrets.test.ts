/**
 * Secrets are planted wherever one may stand, and nothing that comes out may hold them. What a worker on
 * Kafka says is looked through in `kafka/secrets.test.ts`.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import test, { after, before } from "node:test";
import { inspect } from "node:util";
import { pipeline } from "@streamgen/runtime";
import { stackOf } from "../compiler/cli/crash-report.ts";
import { failureText } from "../runtime/cli/failure.ts";
import { registryOf } from "../runtime/worker/connect/open-registry.ts";
import { jsonLogger } from "../runtime/worker/services/json-logger.ts";
import { resolveSettings } from "../runtime/worker/settings/settings.ts";
import { streamgen, temporaryProject } from "./project.ts";
import { spec } from "./runtime/worker/small.ts";
import { temporaryFolder } from "./temporary.ts";

/** In the clear, and in the three ways that it may stand inside a text in base64. */
const canary = "canary";
const planted = /canary|Y2FuYXJ5|NhbmFye|jYW5hcn/;

const files = temporaryFolder({
  password: `${canary}-in-a-file\n`,
  "key.pem": `-----BEGIN PRIVATE KEY-----\n${canary}\n-----END PRIVATE KEY-----\n`,
});

const secrets = {
  STREAMGEN_TLS_PASSPHRASE: `${canary}-passphrase`,
  STREAMGEN_SASL_MECHANISM: "plain",
  STREAMGEN_SASL_USERNAME: "shop",
  STREAMGEN_SASL_PASSWORD: `${canary}-password`,
  STREAMGEN_REGISTRY_USERNAME: "shop",
  STREAMGEN_REGISTRY_PASSWORD: `${canary}-registry`,
  KAFKA_CLIENT_SECRET: `${canary}-client`,
  REGISTRY_TOKEN: `${canary}-token`,
};

const source = `import type { Context, Each, Every, Topic } from "streamgen";

export interface Word {
  word: string;
}

export type Words = Topic<"words", { value: Word; keyBy: "word"; format: "json"; external: true }>;

export function look({ word }: Each<Words>, context: Context): void {
  context.log.debug("saw", { word });
  if (word === "bad") throw new Error("a bad word");
}
`;

const config = `import { defineConfig, env, file } from "streamgen/config";

export default defineConfig({
  app: "secrets",
  kafka: {
    bootstrap: "kafka:9093",
    tls: { keyFile: "key.pem", certFile: "cert.pem", passphrase: file("${files}/password") },
    sasl: {
      mechanism: "oauthbearer",
      tokenUrl: "https://login.example.com/token",
      clientId: "shop",
      clientSecret: env("KAFKA_CLIENT_SECRET"),
    },
  },
  registry: { url: "https://registry:8081", auth: { token: env("REGISTRY_TOKEN") } },
});
`;

const root = temporaryProject({ "src/words.ts": source, "streamgen.config.ts": config });

/** Texts that came out, each with its place. */
const seen: { readonly from: string; readonly text: string }[] = [];

function isClean(from: string, text: string): void {
  seen.push({ from, text });
  assert.doesNotMatch(text, planted, from);
}

before(async () => {
  Object.assign(process.env, { KAFKA_CLIENT_SECRET: secrets.KAFKA_CLIENT_SECRET });
  const { status, stdout, stderr } = await streamgen(root, "build", "--verbose");
  assert.equal(status, 0, stderr);
  isClean("build", stdout + stderr);
});

test("no generated file has a secret, nor has what a build remembers", () => {
  const written = readdirSync(root, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.parentPath.includes("node_modules/"),
  );
  assert.ok(written.length > 10);
  for (const { parentPath, name } of written) {
    const file = path.join(parentPath, name);
    isClean(file, readFileSync(file, "utf8"));
  }
});

test("a secret written as text is shown in no form of output", async () => {
  const text = config
    .replace('env("KAFKA_CLIENT_SECRET")', `"${canary}"`)
    .replace('"https://registry:8081"', `"https://shop:${canary}@registry:8081"`)
    .replace('"kafka:9093"', `"shop:${canary}@kafka"`);
  const project = temporaryProject({ "src/words.ts": source, "streamgen.config.ts": text });
  for (const flags of [[], ["--json"], ["--verbose"], ["--color"]]) {
    const { status, stdout, stderr } = await streamgen(project, "build", ...flags);
    assert.equal(status, 2, stdout + stderr);
    assert.match(stdout + stderr, /SG5910/);
    isClean(`build ${flags.join(" ")}`, stdout + stderr);
  }
});

/** Runs the worker on the embedded log. */
function worker(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      "--conditions=@streamgen/source",
      "--import",
      import.meta.resolve("tsx"),
      "generated/main.ts",
    ].concat(args),
    {
      cwd: root,
      encoding: "utf8",
      timeout: 60_000,
      env: { ...process.env, NODE_TEST_CONTEXT: "", ...secrets, ...env },
    },
  );
  isClean(`worker ${args.join(" ")}`, stdout + stderr);
  return { status, stdout, stderr };
}

test("a worker prints its settings without a secret", () => {
  const { status, stdout } = worker({}, "--print-config");
  assert.equal(status, 0);
  assert.equal(stdout.match(/ \*\*\* /g)?.length, 3);
  assert.match(stdout, /^registry\.auth\.token +- +\(not set/m);
  assert.equal(worker({}, "--print-config", "--json").status, 0);
});

test("nothing that a worker logs or ends with has a secret", () => {
  writeFileSync(path.join(root, "good.jsonl"), '{"word":"good"}\n');
  writeFileSync(path.join(root, "bad.jsonl"), '{"word":"bad"}\n');
  const flags = ["--embedded", "--until-idle", "--verbose"];
  assert.equal(worker({}, ...flags, "--input=words=good.jsonl", "--json").status, 0);
  assert.equal(worker({}, ...flags, "--input=words=bad.jsonl").status, 1);
});

test("nothing that is wrong with settings has a secret", () => {
  const wrong: readonly Readonly<Record<string, string>>[] = [
    { STREAMGEN_SASL_PASSWORD_FILE: `${files}/password` },
    { STREAMGEN_SASL_TOKEN: canary },
    { STREAMGEN_SASL_MECHANISM: "none" },
    { STREAMGEN_REGISTRY_URL: `https://shop:${canary}@registry` },
    { STREAMGEN_BOOTSTRAP: `shop:${canary}@kafka:9092` },
    { STREAMGEN_PASSWORD: canary },
    { STREAMGEN_TLS_KEY_FILE: `${files}/key.pem`, STREAMGEN_TLS_CERT_FILE: `${files}/key.pem` },
  ];
  for (const env of wrong) {
    const { status, stderr } = worker(env);
    assert.equal(status, 2, stderr);
    assert.match(stderr, /SG8002|SG8102/);
  }
});

/** A registry that says back what it was told. */
async function echoingRegistry(status: number): Promise<string> {
  const server = createServer((request, response) => {
    const message = `no: ${request.headers.authorization}`;
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify({ error_code: status, message }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => server.close());
  after(() => server.closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("no error of a registry has a secret, even where the registry tells it", async () => {
  const ways: readonly Readonly<Record<string, string>>[] = [
    { STREAMGEN_REGISTRY_TOKEN: `${canary}-token` },
    { STREAMGEN_REGISTRY_USERNAME: "shop", STREAMGEN_REGISTRY_PASSWORD: `${canary}-password` },
  ];
  for (const way of ways) {
    for (const status of [401, 403, 422]) {
      const env = { ...way, STREAMGEN_REGISTRY_URL: await echoingRegistry(status) };
      const registry = registryOf(resolveSettings(spec([]), { env }));
      await assert.rejects(
        registry?.register("words-value", '"string"') ?? Promise.resolve(),
        (error) => {
          isClean("inspected", inspect(error, { depth: 20, showHidden: true }));
          isClean("as text", failureText(error));
          isClean("in a crash report", stackOf(error));
          return true;
        },
      );
    }
  }
});

test("a worker that could not start says so without a secret", async () => {
  const worker = pipeline(1, spec([]), {
    env: {
      ...secrets,
      STREAMGEN_BOOTSTRAP: "kafka:9093",
      STREAMGEN_TLS_KEY_FILE: `${files}/key.pem`,
      STREAMGEN_TLS_CERT_FILE: `${files}/key.pem`,
    },
    logger: jsonLogger(Date.now, (line) => isClean("log", line)),
  });
  worker.on("error", ({ error }) => isClean("event", inspect(error, { depth: 20 })));
  await assert.rejects(worker.start(), { code: "SG8102" });
  assert.equal(worker.health().state, "failed");
  isClean("health", JSON.stringify(worker.health()));
  isClean("worker", inspect(worker, { depth: 20, showHidden: true }));
});

test("everything was looked through", () => {
  assert.ok(seen.length > 30, `${seen.length} texts`);
  assert.ok(planted.test(`Basic ${Buffer.from(`shop:${canary}`).toString("base64")}`));
});

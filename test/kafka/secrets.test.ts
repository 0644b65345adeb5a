/** Workers in processes of their own, which enter by what environment and files say. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createPrivateKey } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import { text } from "node:stream/consumers";
import { before, test } from "node:test";
import { type Finished, streamgen, temporaryProject } from "../project.ts";
import { temporaryFolder } from "../temporary.ts";
import { type KafkaAccess, unsignedToken } from "./access.ts";
import { freePorts } from "./ports.ts";
import { sharedKafka, uniqueName, withoutKafka } from "./shared.ts";

const skip = withoutKafka();

const words = uniqueName("words");
const loud = uniqueName("loud");
const source = `import type { Each, To, Topic } from "streamgen";

export interface Word {
  word: string;
}

export type Words = Topic<"${words}", { value: Word; keyBy: "word"; partitions: 1; format: "json" }>;
export type Loud = Topic<"${loud}", { value: Word; keyBy: "word"; partitions: 1; format: "json" }>;

export function shout({ word }: Each<Words>): To<Loud> {
  return { word: word.toUpperCase() };
}
`;
const config = { app: uniqueName("secrets"), delivery: "at-least-once" };

type Environment = Readonly<Record<string, string>>;

const root = temporaryProject({
  "src/words.ts": source,
  "streamgen.config.json": JSON.stringify(config),
});
let kafka: KafkaAccess;
const everything: Finished[] = [];
const secretFolder = temporaryFolder();

before(async () => {
  if (skip !== false) return;
  kafka = await sharedKafka();
  const { status, stderr } = await streamgen(root, "build");
  assert.equal(status, 0, stderr);
  const made = await run(
    { STREAMGEN_BOOTSTRAP: kafka.bootstrap.join(",") },
    "topics",
    "apply",
    "--yes",
  );
  assert.equal(made.status, 0, made.stderr);
});

/** Runs the pipeline's `main.ts` with nothing else of `STREAMGEN_` in its environment. */
async function run(env: Environment, ...args: readonly string[]): Promise<Finished> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("STREAMGEN_"));
  const child = spawn(
    process.execPath,
    [
      ...["--conditions=@streamgen/source", "--import", import.meta.resolve("tsx")],
      ...["generated/main.ts", ...args],
    ],
    {
      cwd: root,
      env: { ...Object.fromEntries(inherited), NODE_TEST_CONTEXT: "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 60_000,
    },
  );
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  const finished = { status, stdout, stderr };
  everything.push(finished);
  return finished;
}

/** The file that holds a text. */
function fileOf(name: string, content: string): string {
  const file = path.join(secretFolder, name);
  writeFileSync(file, content, { mode: 0o600 });
  return file;
}

/** Sends a word, lets a worker do its work, and looks for what comes of it. */
async function works(env: Environment, word: string): Promise<void> {
  const line = fileOf("word.jsonl", `${JSON.stringify({ word })}\n`);
  const sent = await run(env, "send", words, "--file", line);
  assert.equal(sent.status, 0, sent.stderr);
  const worked = await run(env, "worker", "--until-idle", "--verbose");
  assert.equal(worked.status, 0, worked.stderr);
  const seen = await run(env, "tail", loud, "--no-follow");
  assert.equal(seen.status, 0, seen.stderr);
  assert.ok(seen.stdout.includes(`"word":"${word.toUpperCase()}"`), seen.stdout);
}

/** Asserts that a worker ends at once with this code and one line, which matches. */
async function fails(env: Environment, status: number, message: RegExp): Promise<void> {
  const finished = await run(env, "worker");
  assert.equal(finished.status, status, finished.stderr);
  const lines = finished.stderr.split("\n").filter((line) => line !== "");
  assert.equal(lines.length, 1, finished.stderr);
  assert.match(lines[0] ?? "", message);
}

const tlsFiles = (): Environment => ({
  STREAMGEN_TLS_CA_FILE: fileOf("ca.pem", kafka.certificates.ca),
});

test("a worker enters by TLS with a certificate whose key has a passphrase", { skip }, async () => {
  const { cert, key } = kafka.certificates.client;
  const passphrase = "key-canary-5Rb8";
  const locked = createPrivateKey(key).export({
    ...{ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase },
  });
  const env = {
    ...tlsFiles(),
    STREAMGEN_BOOTSTRAP: kafka.doors.mutualTls.join(","),
    STREAMGEN_TLS_CERT_FILE: fileOf("client.pem", cert),
    STREAMGEN_TLS_KEY_FILE: fileOf("client.key", String(locked)),
  };
  await works({ ...env, STREAMGEN_TLS_PASSPHRASE: passphrase }, "passphrase");
  await fails({ ...env, STREAMGEN_TLS_PASSPHRASE: "wrong-canary-8Nn2" }, 2, /passphrase/);
});

test("a worker enters by PLAIN and SCRAM, with passwords from variables or files", {
  skip,
}, async () => {
  const { plain, scram } = kafka.users;
  const env = { ...tlsFiles(), STREAMGEN_BOOTSTRAP: kafka.doors.saslTls.join(",") };
  const byPlain = {
    ...env,
    STREAMGEN_SASL_MECHANISM: "plain",
    STREAMGEN_SASL_USERNAME: plain.username,
    STREAMGEN_SASL_PASSWORD: plain.password,
  };
  await works(byPlain, "plain");
  await fails({ ...byPlain, STREAMGEN_SASL_PASSWORD: "wrong-canary-1Qa9" }, 5, /SG6021/);
  for (const mechanism of ["scram-sha-256", "scram-sha-512"]) {
    const byScram = {
      ...env,
      STREAMGEN_SASL_MECHANISM: mechanism,
      STREAMGEN_SASL_USERNAME: scram.username,
      STREAMGEN_SASL_PASSWORD_FILE: fileOf("password", `${scram.password}\n`),
    };
    await works(byScram, mechanism);
  }
});

test("a worker enters by OAUTHBEARER, with a token or with what gets one", { skip }, async (t) => {
  const clientSecret = "secret-canary-4Hh7";
  const tokens: string[] = [];
  const server = createServer((request, response) => {
    const { authorization = "" } = request.headers;
    const expected = Buffer.from(`app:${clientSecret}`).toString("base64");
    if (authorization !== `Basic ${expected}`) {
      response.writeHead(401).end('{"error":"invalid_client"}');
      return;
    }
    const token = unsignedToken("canary-olga", Date.now(), 60_000);
    tokens.push(token);
    response.end(JSON.stringify({ access_token: token, token_type: "Bearer", expires_in: 60 }));
  });
  const [port] = await freePorts(1);
  server.listen(port, "127.0.0.1");
  t.after(() => server.close());
  const env = {
    ...tlsFiles(),
    STREAMGEN_BOOTSTRAP: kafka.doors.saslTls.join(","),
    STREAMGEN_SASL_MECHANISM: "oauthbearer",
  };
  const grant = {
    ...env,
    STREAMGEN_SASL_TOKEN_URL: `http://127.0.0.1:${port}/token`,
    STREAMGEN_SASL_CLIENT_ID: "app",
    STREAMGEN_SASL_CLIENT_SECRET: clientSecret,
  };
  await works(grant, "grant");
  assert.ok(tokens.length > 0);
  await fails({ ...grant, STREAMGEN_SASL_CLIENT_SECRET: "wrong-canary-6Yy3" }, 5, /invalid_client/);
  const token = unsignedToken("canary-otto", Date.now(), 60_000);
  await works({ ...env, STREAMGEN_SASL_TOKEN_FILE: fileOf("token", token) }, "token");
});

test("a password is not sent in the clear beyond this machine", { skip }, async () => {
  const { username, password } = kafka.users.plain;
  const env = {
    STREAMGEN_SASL_MECHANISM: "plain",
    STREAMGEN_SASL_USERNAME: username,
    STREAMGEN_SASL_PASSWORD: password,
  };
  await fails({ ...env, STREAMGEN_BOOTSTRAP: "192.0.2.1:9092" }, 2, /SG8103.*192\.0\.2\.1/);
  const far = kafka.doors.farSasl.join(",");
  await fails({ ...env, STREAMGEN_BOOTSTRAP: far }, 2, /SG6024.*192\.0\.2\.1/);
});

test("a worker whose brokers are away or strangers ends with one line", { skip }, async () => {
  const [port] = await freePorts(1);
  await fails({ STREAMGEN_BOOTSTRAP: `127.0.0.1:${port}` }, 5, /SG6020/);
  const strangers = {
    STREAMGEN_BOOTSTRAP: kafka.doors.tls.join(","),
    STREAMGEN_TLS_CA_FILE: fileOf("stranger.pem", kafka.certificates.strangerCa),
  };
  await fails(strangers, 5, /SG6022/);
});

test("settings are printed without secrets", { skip }, async () => {
  const { status, stdout } = await run(
    {
      STREAMGEN_BOOTSTRAP: kafka.doors.saslTls.join(","),
      STREAMGEN_SASL_MECHANISM: "plain",
      STREAMGEN_SASL_USERNAME: "pia",
      STREAMGEN_SASL_PASSWORD: kafka.users.plain.password,
    },
    "worker",
    "--print-config",
  );
  assert.equal(status, 0);
  assert.match(stdout, /kafka\.sasl\.password +\*\*\*/);
});

test("no output of any worker holds a secret", { skip }, () => {
  assert.ok(everything.length > 20, `${everything.length} runs`);
  const canary = /canary|Y2FuYXJ5|NhbmFye|jYW5hcn/;
  for (const { stdout, stderr } of everything) {
    assert.doesNotMatch(stdout, canary);
    assert.doesNotMatch(stderr, canary);
  }
});

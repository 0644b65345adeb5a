/**
 * Runs every `*.test.ts` under the folders given (all of `test/` without any) on the sources, by the
 * Node that runs this file: `node test/run.js [folder…]`. The files that need a Kafka broker come last
 * and share one: the one that STREAMGEN_TEST_KAFKA describes, or one that is started before the first
 * file.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const variable = "STREAMGEN_TEST_KAFKA";
const timeLimit = new URL("time-limit.js", import.meta.url).href;
const onSources = ["--import", "tsx", "--conditions=@streamgen/source"];
const roots = process.argv.length > 2 ? process.argv.slice(2) : ["test"];
const files = roots.flatMap((root) =>
  statSync(root).isFile()
    ? [root]
    : readdirSync(root, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".test.ts"))
        .sort()
        .map((name) => path.join(root, name)),
);
if (files.length === 0) {
  process.stderr.write(`no test files under ${roots.join(", ")}\n`);
  process.exit(2);
}
const sharing = files.filter((file) => imports(file, path.join("test", "kafka", "shared.ts")));
const alone = files.filter((file) => !sharing.includes(file));
const all = [...alone, ...sharing];
process.exitCode = (await (sharing.length === 0 ? run(all) : onKafka(() => run(all)))) ? 0 : 1;

/** Whether the tests in these files pass. */
function run(chosen) {
  const options = ["--test", "--test-reporter=spec", "--test-concurrency=2"];
  // A test that hangs fails, and so does a file.
  options.push("--test-timeout=600000", `--import=${timeLimit}`);
  const args = [...onSources, ...options, ...chosen];
  return spawnSync(process.execPath, args, { stdio: "inherit" }).status === 0;
}

/** Whether a test file imports a module, itself or by others of `test/`. */
function imports(file, module, seen = new Set()) {
  if (seen.has(file) || !existsSync(file)) return false;
  seen.add(file);
  if (path.relative(file, module) === "") return true;
  return [...readFileSync(file, "utf8").matchAll(/ from "(\.[^"]+)"/g)]
    .map((match) => path.join(path.dirname(file), match[1]))
    .some((imported) => imported.startsWith("test") && imports(imported, module, seen));
}

/** Runs with a broker; without Java the tests skip themselves, which is said again at the end. */
async function onKafka(body) {
  if (process.env[variable]) return body();
  const folder = mkdtempSync(path.join(tmpdir(), "streamgen-tests-"));
  const description = path.join(folder, "kafka.json");
  const registry = sharing.some((file) => imports(file, path.join("test", "kafka", "registry.ts")));
  const start = ["test/kafka/start.ts", "--describe", description, "--until-input-ends"];
  if (registry) start.push("--registry");
  const broker = spawn(process.execPath, [...onSources, ...start], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  broker.stderr.setEncoding("utf8");
  let problem = "";
  broker.stderr.on("data", (text) => {
    problem += text;
  });
  const ended = once(broker, "exit");
  await Promise.race([once(broker.stdout, "data"), ended]);
  const isThere = existsSync(description);
  if (isThere) process.env[variable] = description;
  const good = body();
  broker.stdin.end();
  await ended;
  rmSync(folder, { recursive: true, force: true });
  if (!isThere) process.stderr.write(`\nNO KAFKA BROKER FOR ${sharing.length} FILES: ${problem}`);
  return good;
}

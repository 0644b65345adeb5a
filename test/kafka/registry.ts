import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cached, isCached } from "./cache.ts";
import { hasMaven, javaCommand, javaVersion, maven, run } from "./java.ts";
import { removeAtTheEnd, startLeashed, tail } from "./leash.ts";
import { freePorts } from "./ports.ts";
import { describedServers } from "./shared.ts";

/** Apicurio Registry, which speaks Confluent's API and keeps its schemas in memory. */
export interface Registry {
  /** The base of Confluent's API, without a slash at the end. */
  readonly url: string;
  stop(): Promise<void>;
}

/** The newest version that this Java runs, with the jar that starts it; none below Java 17. */
function release(): { readonly version: string; readonly jar: string } | undefined {
  const java = javaVersion() ?? 0;
  if (java >= 21) return { version: "3.3.3", jar: "quarkus-run.jar" };
  if (java >= 17) return { version: "3.0.9", jar: "apicurio-registry-app-3.0.9-runner.jar" };
  return undefined;
}

const cacheName = (version: string): string => `apicurio-${version}`;

/** Why no registry can be started here; absent where one can. */
export function noRegistry(): string | undefined {
  const found = release();
  if (found === undefined) return "a schema registry needs Java 17, and there is none";
  if (isCached(cacheName(found.version)) || hasMaven()) return undefined;
  return "the schema registry is downloaded by Maven, and there is no mvn";
}

/** The folder of the registry's program; downloads it (110 to 160 MB) at the first use. */
export function registryProgram(): { readonly folder: string; readonly jar: string } {
  const found = release();
  if (found === undefined) throw new Error(noRegistry());
  const { version, jar } = found;
  const folder = cached(cacheName(version), (filling) => {
    const artifact = `io.apicurio:apicurio-registry-app:${version}:tar.gz:all`;
    maven(filling, ["dependency:copy", `-Dartifact=${artifact}`, "-DoutputDirectory=."]);
    const archive = `apicurio-registry-app-${version}-all.tar.gz`;
    run("tar", ["xzf", archive], filling);
    rmSync(path.join(filling, archive));
  });
  return { folder, jar };
}

const jvm = ["-Xmx384m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];

/** Starts a registry of this process's own, with compatibility BACKWARD; it ends with this process. */
export async function startRegistry(): Promise<Registry> {
  const { folder, jar } = registryProgram();
  const home = mkdtempSync(path.join(tmpdir(), "streamgen-registry-"));
  removeAtTheEnd(home);
  const [port = 0, managementPort = 0] = await freePorts(2);
  const server = startLeashed({
    command: javaCommand(),
    args: [...jvm, "-jar", path.join(folder, jar)],
    env: {
      QUARKUS_HTTP_HOST: "127.0.0.1",
      QUARKUS_HTTP_PORT: String(port),
      QUARKUS_MANAGEMENT_HOST: "127.0.0.1",
      QUARKUS_MANAGEMENT_PORT: String(managementPort),
      QUARKUS_HTTP_ACCESS_LOG_ENABLED: "false",
    },
    folder: home,
    log: path.join(home, "registry.log"),
  });
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  const deadline = Date.now() + 90_000;
  while (!(await requireBackward(url))) {
    if (!server.isRunning() || Date.now() > deadline) {
      throw new Error(`the schema registry does not serve:\n${tail(server.log)}`);
    }
    await sleep(200);
  }
  return { url, stop: () => server.end("SIGKILL") };
}

/** Sets the level that Confluent's registry starts with; false while the registry does not answer. */
async function requireBackward(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/config`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ compatibility: "BACKWARD" }),
    });
    return answer.ok;
  } catch {
    return false;
  }
}

/** For the options of a test that needs a registry, as `withoutKafka` is for a broker. */
export function withoutRegistry(): string | false {
  if (describedServers()?.registry !== undefined) return false;
  const missing = noRegistry();
  if (missing === undefined) return false;
  if (process.env["CI"] === "true") throw new Error(missing);
  return missing;
}

let shared: Promise<string> | undefined;

/**
 * The address of the registry that all test files share: subjects need names of their own. Without a
 * running one it starts one for this file.
 */
export function sharedRegistry(): Promise<string> {
  shared ??= find();
  return shared;
}

async function find(): Promise<string> {
  return describedServers()?.registry ?? (await startRegistry()).url;
}

import { spawnSync } from "node:child_process";
import path from "node:path";

/** The `java` that JAVA_HOME names, or the one on the path. */
export function javaCommand(): string {
  const home = process.env["JAVA_HOME"];
  return home ? path.join(home, "bin", "java") : "java";
}

/** The major version of Java; absent without Java. */
export function javaVersion(): number | undefined {
  const { stderr } = spawnSync(javaCommand(), ["-version"], { encoding: "utf8" });
  const major = /version "(\d+)/.exec(stderr ?? "")?.[1];
  return major === undefined ? undefined : Number(major);
}

export function hasMaven(): boolean {
  return spawnSync("mvn", ["-v"], { stdio: "ignore" }).status === 0;
}

/** Runs Maven in a folder; throws what it printed when it fails. */
export function maven(folder: string, args: readonly string[]): void {
  run("mvn", ["-q", "-B", ...args], folder);
}

/** Runs a command to its end; throws what it printed when it fails. */
export function run(command: string, args: readonly string[], folder: string): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: "utf8",
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} failed (${status}):\n${stdout}${stderr}`);
}

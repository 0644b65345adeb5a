import { readFileSync } from "node:fs";
import type { KafkaAccess } from "./access.ts";
import { startKafka } from "./broker.ts";
import { noKafka } from "./jars.ts";

/** Servers that run already, for whoever runs many test files. */
export interface Servers extends KafkaAccess {
  /** Where the schema registry is, if one runs. */
  readonly registry?: string;
}

/** What the file says that STREAMGEN_TEST_KAFKA names: `start.ts --describe` writes it. */
export function describedServers(): Servers | undefined {
  const file = process.env["STREAMGEN_TEST_KAFKA"];
  // The program that writes the file has the same type.
  return file ? (JSON.parse(readFileSync(file, "utf8")) as Servers) : undefined;
}

/**
 * For the options of a test that needs a broker: why it has to be skipped, or false. Where CI is true
 * nothing may be skipped: there it throws.
 */
export function withoutKafka(): string | false {
  if (describedServers() !== undefined) return false;
  const missing = noKafka();
  if (missing === undefined) return false;
  if (process.env["CI"] === "true") throw new Error(missing);
  return missing;
}

let shared: Promise<KafkaAccess> | undefined;

/**
 * The broker that all test files share: topics, groups and transactional ids need names of their own
 * (`uniqueName`). Without a running one it starts one for this file.
 */
export function sharedKafka(): Promise<KafkaAccess> {
  shared ??= find();
  return shared;
}

async function find(): Promise<KafkaAccess> {
  return describedServers() ?? startKafka();
}

let names = 0;

/** A name that no other test uses, on a broker that many test runs may share. */
export function uniqueName(what: string): string {
  names++;
  return `${what}-${process.pid}-${Date.now().toString(36)}-${names}`;
}

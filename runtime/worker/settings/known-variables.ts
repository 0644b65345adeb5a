import type { WorkerConfig } from "../spec.ts";
import type { Environment } from "./layers.ts";
import { nearest } from "./nearest.ts";
import { secretTable } from "./secret-table.ts";
import { settingTable } from "./setting-table.ts";

const prefix = "STREAMGEN_";

/**
 * What Kubernetes sets in every container for a service whose name begins with `streamgen`: nobody has
 * written it, and nobody can leave it out.
 */
const serviceLink =
  /_SERVICE_(HOST|PORT(_\w+)?)$|_PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?$/;

/** What tests and builds are started with, and hand on to the workers that they start. */
const foreign = /^STREAMGEN_(TEST|CI)_/;

/** Every environment variable of the settings, in the order of the tables. */
export const settingVariables: readonly string[] = [
  ...Object.values(settingTable).map(({ variable }: { readonly variable: string }) => variable),
  ...Object.values(secretTable).flatMap(({ variable }: { readonly variable: string }) => [
    variable,
    `${variable}_FILE`,
  ]),
];

/** Variables that look like settings and are none, each as a sentence with the way out. */
export function unknownVariables(env: Environment, config: WorkerConfig): readonly string[] {
  const own = namedVariables(config);
  return Object.keys(env)
    .filter((name) => name.startsWith(prefix) && env[name] !== undefined)
    .filter((name) => !(settingVariables.includes(name) || own.has(name)))
    .filter((name) => !(serviceLink.test(name) || foreign.test(name)))
    .sort()
    .map((name) => {
      // The prefix is the same in all of them: with it, whatever is short would be near.
      const guess = nearest(
        name.slice(prefix.length),
        settingVariables.map((variable) => variable.slice(prefix.length)),
      );
      const fix = guess === undefined ? "remove it" : `write ${prefix}${guess}`;
      return `there is no setting ${name}: ${fix}`;
    });
}

/** The variables that a configuration itself asks for. */
function namedVariables(part: unknown): ReadonlySet<string> {
  if (typeof part !== "object" || part === null) return new Set();
  return new Set(
    Object.entries(part).flatMap(([key, value]: [string, unknown]) =>
      key === "env" && typeof value === "string" ? [value] : [...namedVariables(value)],
    ),
  );
}

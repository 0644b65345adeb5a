import { badPath } from "../diagnostics/timers.ts";
import { nameNotLiteral } from "../diagnostics/topology.ts";
import type { WebMethod } from "../model/topology.ts";
import type { Candidate } from "./candidates.ts";
import { readLiteral } from "./literal.ts";
import { pascal } from "./named.ts";
import type { Reading } from "./reading.ts";
import { resolve, type Written } from "./resolve.ts";
import type { ReadTrigger } from "./trigger.ts";
import { inline } from "./where.ts";

const methods: Readonly<Record<string, WebMethod>> = {
  Get: "GET",
  Post: "POST",
  Put: "PUT",
  Patch: "PATCH",
  Delete: "DELETE",
};

/** `undefined` for triggers that are none of the web's. */
export const webMethodOf = (trigger: string): WebMethod | undefined => methods[trigger];

/** `Post<path, Body>`. `undefined` after a report. */
export function readWeb(
  reading: Reading,
  { name, trigger }: Candidate,
  method: WebMethod,
): ReadTrigger | undefined {
  const [first, second] = trigger.arguments;
  const literal = first && readLiteral(reading, first);
  const span = reading.place(first?.node ?? trigger.node);
  if (literal?.kind !== "text") {
    reading.report(nameNotLiteral("path", span));
    return undefined;
  }
  const path = literal.value;
  const problem = problemOf(path);
  if (problem !== undefined) {
    reading.report(badPath(path, problem, span));
    return undefined;
  }
  if (second === undefined || isUndefined(reading, second)) {
    return { model: { kind: "web", method, path }, onError: "stop" };
  }
  const body = reading.readType(reading, second, {
    name: `${pascal(name)}Body`,
    fixedName: `${name}_body`,
    subject: `the body of ${method} ${path}`,
    namespace: reading.options.namespace,
    declaration: inline,
    optional: false,
    within: [],
  });
  return body && { model: { kind: "web", method, path, body }, onError: "stop" };
}

const isUndefined = (reading: Reading, written: Written): boolean =>
  resolve(reading, written).node.getText() === "undefined";

const own: ReadonlySet<string> = new Set(["/health", "/health/live", "/health/ready"]);

/** What is wrong with a path, as a clause that follows it. */
function problemOf(path: string): string | undefined {
  if (own.has(path)) return "is the worker's own";
  if (path === "/") return undefined;
  const [before, ...parts] = path.split("/");
  if (before !== "") return "does not begin with a slash";
  if (parts.includes("")) return "has nothing between two slashes, or behind the last one";
  const bad = parts.find((part) => !/^(?:[\w.~-]+|:[A-Za-z_]\w*)$/.test(part));
  if (bad !== undefined) return `has the part "${bad}"`;
  const names = parts.filter((part) => part.startsWith(":"));
  const twice = names.find((part, index) => names.indexOf(part) !== index);
  return twice === undefined ? undefined : `has "${twice}" twice`;
}

/** What a run did that its analysis does not allow. */
import { isDeepStrictEqual } from "node:util";
import type { BodyModel, TableAccessModel } from "../../../../compiler/model/topology.ts";
import type { Fields, Trace } from "./running.ts";

export function contradictions(
  body: BodyModel,
  trace: Trace,
  keyOf: (fields: Fields) => unknown,
): readonly string[] {
  return [
    ...unnamedReads(body, trace),
    ...unexplainedAccesses(body, trace, keyOf),
    ...unsaidChanges(body, trace),
    ...otherEmissions(body, trace),
  ];
}

function unnamedReads({ reads }: BodyModel, trace: Trace): readonly string[] {
  if (reads === "all") return [];
  return [...trace.reads].filter((field) => !reads.includes(field)).map((each) => `reads ${each}`);
}

/** Each key that was used must be what one of the table's accesses by that method says it is. */
function unexplainedAccesses(
  { accesses }: BodyModel,
  trace: Trace,
  keyOf: (fields: Fields) => unknown,
): readonly string[] {
  return trace.accesses
    .filter(({ table, method, key }) => {
      const sites = accesses.filter(
        (site) => site.table === table && (site.method === method || site.method === "?"),
      );
      return !sites.some((site) => isKey(site, key, trace, keyOf));
    })
    .map(({ table, method, key }) => `${table}.${method}(${String(key)})`);
}

export function isKey(
  site: TableAccessModel,
  key: unknown,
  trace: Trace,
  keyOf: (fields: Fields) => unknown,
): boolean {
  const before = trace.values.map((value) => value.before);
  switch (site.key.kind) {
    case "proved":
      return before.some((fields) => keyOf(fields) === key);
    case "field": {
      const steps = site.key.field.split(".");
      return before.some((fields) => steps.reduce(step, fields) === key);
    }
    case "constant":
      return typeof key === "string";
    case "scan":
      return false;
    case "unknown":
      return true;
  }
}

function step(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function unsaidChanges(body: BodyModel, trace: Trace): readonly string[] {
  if (body.changesBecause !== undefined) return [];
  return trace.values
    .filter(({ before, after }) => !isDeepStrictEqual(before, after))
    .map(() => "changes its value");
}

function otherEmissions(body: BodyModel, trace: Trace): readonly string[] {
  if (body.returnsInput !== true) return [];
  return trace.emitted.filter((each) => !trace.handed.includes(each)).map(() => "emits another");
}

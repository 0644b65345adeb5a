import { Node } from "ts-morph";
import { badErrorPolicy, badRetryCount, badRetryWaits } from "../diagnostics/errors.ts";
import { unknownChoice } from "../diagnostics/topology.ts";
import type { ErrorPolicyModel, LastStepModel, RetryModel } from "../model/error-policy.ts";
import { type Failing, readDeadLetter } from "./dead-letter.ts";
import { readLiteral } from "./literal.ts";
import type { Option, Options } from "./options.ts";
import type { Reading } from "./reading.ts";
import { type Resolved, resolve, type Written } from "./resolve.ts";
import { spanMs } from "./span.ts";

/** More than this is a loop. */
const retriesMax = 1000;
/** What `Retry` says unless it is told otherwise. */
const waitsDefault = "100ms..10s";

/** `onError`. What is wrong has been reported: the default stands for it. */
export function policyOf(reading: Reading, options: Options, failing: Failing): ErrorPolicyModel {
  const option = options.get("onError");
  return (option && readErrorPolicy(reading, option, failing)) ?? "stop";
}

/** `undefined` after a report. */
function readErrorPolicy(
  reading: Reading,
  option: Option,
  failing: Failing,
): ErrorPolicyModel | undefined {
  const type = resolve(reading, option.type);
  if (type.kind === "unresolved") return undefined;
  const steps = stepsOf(type);
  if (steps === undefined) return readLast(reading, option.type, failing);
  const [first, second, ...more] = steps;
  const retry = first && resolve(reading, first);
  if (
    retry?.kind !== "library" ||
    retry.name !== "Retry" ||
    second === undefined ||
    more.length > 0
  ) {
    reportPolicy(reading, option.type, failing);
    return undefined;
  }
  const times = readRetry(reading, retry, failing);
  const last = readLast(reading, second, failing);
  return times === undefined || last === undefined ? undefined : { ...times, last };
}

/** The elements of a tuple. */
function stepsOf({ node, bound, kind }: Resolved): readonly Written[] | undefined {
  const list = Node.isTypeOperatorTypeNode(node) ? node.getTypeNode() : node;
  if (kind !== "syntax" || !Node.isTupleTypeNode(list)) return undefined;
  return list.getElements().map((step) => ({
    node: Node.isNamedTupleMember(step) ? step.getTypeNode() : step,
    bound,
  }));
}

function readLast(reading: Reading, written: Written, failing: Failing): LastStepModel | undefined {
  const type = resolve(reading, written);
  if (type.kind === "unresolved") return undefined;
  if (type.kind === "library" && type.name === "DeadLetter") {
    return readDeadLetter(reading, type, failing);
  }
  const literal = readLiteral(reading, written);
  const span = reading.place(written.node);
  if (literal?.kind !== "text") {
    reportPolicy(reading, written, failing);
    return undefined;
  }
  if (literal.value === "stop" || literal.value === "skip") return literal.value;
  const choice = { option: "onError", text: literal.value, choices: ["stop", "skip"] };
  reading.report(unknownChoice(choice, span));
  return undefined;
}

function readRetry(
  reading: Reading,
  { arguments: [count, waits], node }: Resolved & { kind: "library" },
  { agent }: Failing,
): Omit<RetryModel, "last"> | undefined {
  const times = count && readLiteral(reading, count);
  const retries = times?.kind === "number" ? times.value : 0;
  const isCount = Number.isInteger(retries) && retries >= 1 && retries <= retriesMax;
  if (!isCount) {
    reading.report(badRetryCount(agent, retriesMax, reading.place(count?.node ?? node)));
  }
  const bounds = waitBounds(reading, waits);
  if (bounds === undefined && waits !== undefined) {
    reading.report(badRetryWaits(agent, waits.node.getText(), reading.place(waits.node)));
  }
  return isCount && bounds !== undefined ? { retries, ...bounds } : undefined;
}

function waitBounds(
  reading: Reading,
  waits: Written | undefined,
): Pick<RetryModel, "firstWaitMs" | "waitMaxMs"> | undefined {
  const literal = waits && readLiteral(reading, waits);
  if (waits !== undefined && literal?.kind !== "text") return undefined;
  const text = literal?.kind === "text" ? literal.value : waitsDefault;
  const [shortest = "", longest = shortest, ...more] = text.split("..");
  const firstWaitMs = spanMs(shortest);
  const waitMaxMs = spanMs(longest);
  if (firstWaitMs === undefined || waitMaxMs === undefined || more.length > 0) return undefined;
  return firstWaitMs <= waitMaxMs ? { firstWaitMs, waitMaxMs } : undefined;
}

function reportPolicy(reading: Reading, written: Written, { agent, what }: Failing): void {
  const policy = { text: written.node.getText(), agent, isOfRecords: what === undefined };
  reading.report(badErrorPolicy(policy, reading.place(written.node)));
}

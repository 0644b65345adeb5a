import { Node } from "ts-morph";
import { ackInLanes, neverAcknowledged } from "../diagnostics/acknowledging.ts";
import type { Candidate } from "./candidates.ts";
import { choiceOption, type Options } from "./options.ts";
import type { Reading } from "./reading.ts";

export interface AckModel {
  readonly ack?: "manual";
}

/** Whether a function says itself when an event is done with. */
export function readAck(
  reading: Reading,
  options: Options,
  { fn, name, nameNode }: Candidate,
): AckModel {
  const option = options.get("ack");
  if (option === undefined) return {};
  if (choiceOption(reading, options, "ack", ["manual"]) === undefined) return {};
  if (options.has("concurrency")) {
    reading.report(ackInLanes(name, reading.place(option.node)));
    return {};
  }
  if (!mayAcknowledge(fn)) reading.report(neverAcknowledged(name, reading.place(nameNode)));
  return { ack: "manual" };
}

/** Whether something in the function is called `ack`, or the events get out of it. */
function mayAcknowledge(fn: Candidate["fn"]): boolean {
  const [parameter] = fn.getParameters();
  const name = parameter?.getNameNode();
  if (name === undefined || !Node.isIdentifier(name)) return true;
  let isFound = false;
  fn.getBody()?.forEachDescendant((node, traversal) => {
    if (!Node.isIdentifier(node)) return;
    const isHandedOn = node.getText() === name.getText() && !isOwner(node);
    if (node.getText() !== "ack" && !isHandedOn) return;
    isFound = true;
    traversal.stop();
  });
  return isFound;
}

/** `event` in `event.key`. */
function isOwner(node: Node): boolean {
  const parent = node.getParent();
  return Node.isPropertyAccessExpression(parent) && parent.getExpression() === node;
}

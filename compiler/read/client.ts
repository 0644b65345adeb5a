import { Node } from "ts-morph";
import { clientOfNoAsk } from "../diagnostics/asks.ts";
import type { AgentFunction } from "./body/body.ts";
import { triggerOf } from "./candidates.ts";
import { readFunction } from "./function.ts";
import type { Reading } from "./reading.ts";
import type { Written } from "./resolve.ts";

/** `Client<typeof fn>`: the name of the function that is asked. `undefined` after a report. */
export function readClient(reading: Reading, written: Written, agent: string): string | undefined {
  const fn = readFunction(reading, written);
  if (fn === undefined) return undefined;
  const { model, node } = fn;
  const value = Node.isVariableDeclaration(node) ? node.getInitializer() : node;
  const isFunction =
    Node.isFunctionDeclaration(value) ||
    Node.isArrowFunction(value) ||
    Node.isFunctionExpression(value);
  const trigger = isFunction ? triggerOf(reading, value.getParameters()[0]) : undefined;
  if (trigger?.name === "Ask" && !model.external) return model.name;
  const span = reading.place(written.node);
  reading.report(clientOfNoAsk(agent, model.name, span, reading.place(node)));
  return undefined;
}

/** Whether all that a body does with a parameter is to call its method `cast`. */
export function castsOnly(fn: AgentFunction, parameter: string): boolean {
  const uses = fn
    .getDescendants()
    .filter((node) => Node.isIdentifier(node) && node.getText() === parameter)
    .filter((node) => !Node.isParameterDeclaration(node.getParent()));
  return uses.every((use) => {
    const access = use.getParent();
    return Node.isPropertyAccessExpression(access) && access.getName() === "cast";
  });
}

import { Node, type SyntaxKind } from "ts-morph";
import { callRules } from "./call.ts";
import { Findings } from "./findings.ts";
import type { Frame } from "./frame.ts";
import { literalRules } from "./literals.ts";
import { lose } from "./loss.ts";
import { nameRules } from "./names.ts";
import { operatorRules } from "./operators.ts";
import { other, type Value } from "./place.ts";
import { reasonFor } from "./reasons.ts";
import type { Rule } from "./rule.ts";
import { Runner } from "./run.ts";
import { statementRules } from "./statements.ts";
import type { Call, Walk } from "./walk.ts";

const ruleByKind: ReadonlyMap<SyntaxKind, Rule> = new Map(
  [...nameRules, ...callRules, ...operatorRules, ...literalRules, ...statementRules].map(
    (rule) => [rule.kind, rule] as const,
  ),
);

/** So many nodes are looked at for one agent, those of its helpers included, each time they are. */
const nodesMax = 50_000;
/** Nodes within nodes, over all the calls that are being walked; each takes some of the stack. */
const depthMax = 800;

/** One walk over an agent's body and over all that it calls. */
export class Walker implements Walk {
  readonly findings: Findings = new Findings();
  readonly value: Walk["value"];
  readonly key: Walk["key"];
  readonly keyFunction: Walk["keyFunction"];
  readonly #runner: Runner = new Runner(this);
  #nodes = 0;
  #depth = 0;

  constructor(roots: Pick<Walk, "value" | "key" | "keyFunction">) {
    this.value = roots.value;
    this.key = roots.key;
    this.keyFunction = roots.keyFunction;
  }

  start(frame: Frame, args: readonly Value[]): void {
    this.#runner.walkBody(frame, args);
  }

  run(call: Call): Value {
    return this.#runner.run(call);
  }

  evaluate(node: Node, frame: Frame): Value {
    this.#nodes += 1;
    if (this.#nodes > nodesMax || this.#depth > depthMax) {
      this.findings.giveUp(reasonFor(frame.fn, "there is too much in it, or in what it calls"));
    }
    if (this.findings.gaveUp !== undefined) return other;
    this.#depth += 1;
    const rule = ruleByKind.get(node.getKind());
    const value = rule?.apply(this, node, frame) ?? this.#unknown(node, frame);
    this.#depth -= 1;
    return value;
  }

  /** Syntax without a rule: what is in it is walked, and whatever that gives is lost. */
  #unknown(node: Node, frame: Frame): Value {
    node.forEachChild((child) => {
      if (Node.isTypeNode(child) && !Node.isExpressionWithTypeArguments(child)) return;
      lose(this, this.evaluate(child, frame), child);
    });
    return other;
  }
}

import { Node, type SourceFile, SyntaxKind } from "ts-morph";
import { agentCalled } from "../diagnostics/agents.ts";
import type { Candidate } from "./candidates.ts";
import type { Reading } from "./reading.ts";
import { through } from "./symbol.ts";

/** Reports calls of agents: what is called by other code is better a function of its own. */
export function checkCalls(
  reading: Reading,
  files: readonly SourceFile[],
  candidates: readonly Candidate[],
): void {
  const agents = new Map<Node, Candidate>();
  for (const candidate of candidates) agents.set(candidate.nameNode, candidate);
  const names = new Set(candidates.map((candidate) => candidate.nameNode.getText()));
  for (const file of files) {
    for (const call of file.getDescendantsOfKind(SyntaxKind.CallExpression)) {
      const callee = call.getExpression();
      const name = Node.isPropertyAccessExpression(callee) ? callee.getNameNode() : callee;
      // Names first: asking for symbols makes the checker look at the whole body.
      if (!Node.isIdentifier(name) || !names.has(name.getText())) continue;
      const agent = agents.get(declaredName(name));
      if (agent === undefined) continue;
      const span = reading.place(name);
      reading.report(agentCalled(agent.name, span, reading.place(agent.nameNode)));
    }
  }
}

/** The name in the declaration that a name means. */
function declaredName(name: Node): Node {
  const symbol = name.getSymbol();
  const declaration = symbol && through(symbol).getValueDeclaration();
  const isNamed =
    Node.isFunctionDeclaration(declaration) || Node.isVariableDeclaration(declaration);
  return (isNamed ? declaration.getNameNode() : undefined) ?? name;
}

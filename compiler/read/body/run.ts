import { Node, type ParameterDeclaration, SyntaxKind } from "ts-morph";
import { declare } from "./declare.ts";
import { Frame, type FunctionNode, functionAround } from "./frame.ts";
import { lose, show } from "./loss.ts";
import { idOfValue, join, nothing, other, perhaps, unseen, type Value } from "./place.ts";
import { reasonFor } from "./reasons.ts";
import type { Call, Walk } from "./walk.ts";

/** Helpers that call helpers deeper than this are not followed. */
const depthMax = 16;
/** A variable that takes on ever new parts of the value is not followed any longer. */
const roundsMax = 8;

/** A call that is being walked. What it gives back is found out by its own repetitions. */
interface Running {
  readonly id: string;
  readonly fn: FunctionNode;
  readonly around: Frame | undefined;
  result: Value;
  isRepeated: boolean;
}

/** Walks bodies: one for each call, so that a helper's parameters are what that call passes. */
export class Runner {
  readonly #walk: Walk;
  readonly #running: Running[] = [];

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  run(call: Call): Value {
    const enclosing = functionAround(call.fn);
    const around = enclosing === undefined ? undefined : call.frame.running(enclosing);
    const id = call.args.map(idOfValue).join(";");
    const same = this.#running.find(
      (each) => each.fn === call.fn && each.around === around && each.id === id,
    );
    if (same !== undefined) {
      same.isRepeated = true;
      return same.result;
    }
    if (this.#running.length >= depthMax) {
      this.#walk.findings.giveUp(reasonFor(call.fn, "helpers call helpers too deep"));
      return other;
    }
    const running = { id, fn: call.fn, around, result: unseen, isRepeated: false };
    this.#running.push(running);
    const result = this.#runToEnd(call, running);
    this.#running.pop();
    return result;
  }

  /** A function that calls itself is walked until what it gives back stays the same. */
  #runToEnd(call: Call, running: Running): Value {
    for (let round = 0; round < roundsMax; round += 1) {
      running.isRepeated = false;
      const result = this.#runOnce(call, running.around);
      const isStable = idOfValue(result) === idOfValue(running.result);
      running.result = join(running.result, result);
      if (!running.isRepeated || isStable) return running.result;
    }
    this.#walk.findings.giveUp(reasonFor(call.fn, "what it calls itself with does not settle"));
    return other;
  }

  #runOnce(call: Call, around: Frame | undefined): Value {
    const frame = new Frame(call.fn, around, false);
    this.walkBody(frame, call.args);
    return givenBack(this.#walk, frame);
  }

  /** Walks a body until nothing new is found out about its variables. */
  walkBody(frame: Frame, args: readonly Value[]): void {
    for (let round = 0; round < roundsMax; round += 1) {
      this.#walkOnce(frame, args);
      if (frame.settle()) return;
    }
    this.#walk.findings.giveUp(reasonFor(frame.fn, "what its variables are does not settle"));
  }

  #walkOnce(frame: Frame, args: readonly Value[]): void {
    const walk = this.#walk;
    const parameters = frame.fn.getParameters().filter((each) => each.getName() !== "this");
    parameters.forEach((parameter, index) => {
      bindParameter(walk, parameter, args.slice(index), frame);
    });
    const body = frame.fn.getBody();
    if (body === undefined) return;
    const value = walk.evaluate(body, frame);
    if (Node.isBlock(body)) return;
    frame.giveBack(value);
    if (frame.emits) show(walk, value, body);
  }
}

function bindParameter(
  walk: Walk,
  parameter: ParameterDeclaration,
  args: readonly Value[],
  frame: Frame,
): void {
  const name = parameter.getNameNode();
  if (parameter.isRestParameter()) {
    for (const arg of args) lose(walk, arg, parameter);
    declare(walk, name, other, frame);
    return;
  }
  const given = args[0] ?? other;
  const otherwise = parameter.getInitializer();
  const value =
    otherwise === undefined ? given : join(perhaps(given), walk.evaluate(otherwise, frame));
  declare(walk, name, value, frame);
}

/**
 * What the caller gets: of a function that has not run when it returns, nothing that is followed.
 */
function givenBack(walk: Walk, frame: Frame): Value {
  const { fn } = frame;
  if (isDeferred(fn)) return lose(walk, frame.returns, fn, "it is given back by a promise");
  return endsWithReturn(fn) ? frame.returns : join(frame.returns, nothing);
}

function isDeferred(fn: FunctionNode): boolean {
  return fn.hasModifier(SyntaxKind.AsyncKeyword) || (Node.isGeneratorable(fn) && fn.isGenerator());
}

function endsWithReturn(fn: FunctionNode): boolean {
  const body = fn.getBody();
  if (!Node.isBlock(body)) return body !== undefined;
  const last = body.getStatements().at(-1);
  return Node.isReturnStatement(last) || Node.isThrowStatement(last);
}

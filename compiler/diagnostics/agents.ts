/** SG31: agents, their parameters and what they return. */
import type { Span } from "../model/span.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { error, warning } from "./report.ts";

/** SG3101: two triggers in one signature. */
export const twoTriggers = (agent: string, trigger: string, span: Span): Diagnostic =>
  error({
    code: "SG3101",
    span,
    message: `agent "${agent}" has a second trigger, "${trigger}", but one function runs for one reason`,
    fix: "write a function for each trigger, and share what they do in one that they call",
  });

/** SG3102: a parameter that nobody can give. */
export const parameterNotSupplied = (
  parameter: { readonly name: string; readonly agent: string; readonly type: string | undefined },
  span: Span,
): Diagnostic =>
  error({
    code: "SG3102",
    span,
    message: `parameter "${parameter.name}" of agent "${parameter.agent}" has ${parameter.type === undefined ? "no type" : `the type ${parameter.type}`}, which the runtime cannot supply`,
    fix: "take a Table, Lookup, View, Sink, Context, or Resource<typeof open> for anything that is opened at start",
  });

/** SG3103: a table where none may be written. */
export const tableAtStart = (agent: string, parameter: string, span: Span): Diagnostic =>
  error({
    code: "SG3103",
    span,
    message: `agent "${agent}" runs at start, outside of any task, so it cannot write the table "${parameter}"`,
    fix: "take a View to read it, or a Sink to a topic whose agent writes it",
  });

/** SG3104: a lookup where no task is. */
export const lookupAtStart = (agent: string, parameter: string, span: Span): Diagnostic =>
  error({
    code: "SG3104",
    span,
    message: `agent "${agent}" runs at start, outside of any task, so no rows of "${parameter}" are at hand`,
    fix: "take a View, which reads from anywhere",
  });

/** SG3105: a return type that emits nothing and is not nothing. */
export const returnNotTo = (agent: string, type: string, span: Span): Diagnostic =>
  error({
    code: "SG3105",
    span,
    message: `agent "${agent}" returns ${type}, which goes nowhere`,
    fix: "return To<T>, To<T> | undefined, To<T>[], a generator of To<T>, a promise of these, or void",
  });

/** SG3106: several topics in one return type, and no way to know which is meant. `problem`: a clause. */
export const severalEmissions = (agent: string, problem: string, span: Span): Diagnostic =>
  error({
    code: "SG3106",
    span,
    message: `agent "${agent}" returns values for several topics, ${problem}`,
    fix: "return values for one of them, and send the others through a Sink",
  });

/** SG3107: a stream function with a value at its end. */
export const streamEmission = (agent: string, span: Span): Diagnostic =>
  error({
    code: "SG3107",
    span,
    message: `agent "${agent}" reads a stream, so it returns once, not once for each record`,
    fix: "make it an async generator that yields: AsyncGenerator<To<T>>",
  });

/** SG3108: a value whose destination is not written. */
export const emissionNotWritten = (agent: string, span: Span): Diagnostic =>
  error({
    code: "SG3108",
    span,
    message: `agent "${agent}" returns a value, but no return type says where it goes`,
    fix: "write the return type: To<T>, or void",
  });

/** SG3109: a stream function that is not asynchronous. */
export const streamNotAsync = (agent: string, span: Span): Diagnostic =>
  error({
    code: "SG3109",
    span,
    message: `agent "${agent}" reads a stream, but it is not async`,
    fix: "write async, and read with `for await`",
  });

/** SG3110: a promise for nothing. */
export const asyncWithoutAwait = (agent: string, span: Span): Diagnostic =>
  warning({
    code: "SG3110",
    span,
    message: `agent "${agent}" is async, but it awaits nothing, which costs a promise for each record`,
    fix: "remove async",
  });

/** SG3111: a return type that is never used. */
export const neverEmits = (agent: string, topic: string, span: Span): Diagnostic =>
  warning({
    code: "SG3111",
    span,
    message: `agent "${agent}" says that it sends to "${topic}", but it never returns a value`,
    fix: "return the value, or write void",
  });

/** SG3113: an agent that other code calls. */
export const agentCalled = (agent: string, span: Span, declared: Span): Diagnostic =>
  warning({
    code: "SG3113",
    span,
    message: `agent "${agent}" is called like a helper, but it also runs by itself`,
    related: [{ message: `${agent} is declared here`, span: declared }],
    fix: "move what both do into a function that takes the plain value",
  });

/** SG3114: state that is neither one task's nor durable. */
export const moduleState = (
  agent: string,
  variable: string,
  { span, declared }: { readonly span: Span; readonly declared: Span },
): Diagnostic =>
  warning({
    code: "SG3114",
    span,
    message: `agent "${agent}" uses the variable "${variable}", which all tasks share and a restart loses`,
    related: [{ message: `${variable} is declared here`, span: declared }],
    fix: "keep the state in a Table, or in a variable of a Stream's function",
  });

/** SG3115: a callback that outlives the record. */
export const lateUse = (
  agent: string,
  { used, timer }: { readonly used: string; readonly timer: string },
  span: Span,
): Diagnostic =>
  warning({
    code: "SG3115",
    span,
    message: `agent "${agent}" uses "${used}" in a callback of ${timer}, when the record is done with`,
    fix: `use "${used}" before the function returns, or return a promise that waits for the callback`,
  });

/** SG3112: a loop without an end. */
export const feedsItself = (agent: string, topic: string, span: Span): Diagnostic =>
  warning({
    code: "SG3112",
    span,
    message: `agent "${agent}" reads "${topic}" and sends to it, so it may never come to an end`,
    fix: "send to another topic, or make sure that a record is sent on only so many times",
  });

/** SG3116: work that nobody waits for. */
export const floatingPromise = (agent: string, call: string, span: Span): Diagnostic =>
  error({
    code: "SG3116",
    span,
    message: `agent "${agent}" does not wait for ${call}, so its record is done with before that is, and a failure of it is nobody's`,
    fix: "await it; or write void before it where it may fail, or end, at any time",
  });

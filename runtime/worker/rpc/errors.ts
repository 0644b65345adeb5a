import type { Json } from "../../codec/json.ts";
import { StreamgenError } from "../../errors.ts";
import { shortened } from "../failures/dead-letter-headers.ts";

/** Longer names are cut. */
const nameMax = 100;

/** What the function that was asked has thrown: `name` and `message` are those of its error. */
export class AnswerError extends StreamgenError {
  constructor(agent: string, name: string, message: string) {
    super("SG8904", message, { agent });
    this.name = name;
  }
}

/** What is told of an error: its name, and its message without a stack. */
export interface ToldError {
  readonly name: string;
  readonly message: string;
}

export function toldError(error: unknown): ToldError {
  // What the runtime has put around an error of the function's is not for whoever asked.
  const inner = error instanceof StreamgenError ? (error.cause ?? error) : error;
  if (!(inner instanceof Error)) return { name: "Error", message: shortened(String(inner)) };
  return { name: inner.name.slice(0, nameMax), message: shortened(inner.message) };
}

/** The error that an answer's header tells of; bytes that tell of none are an error as well. */
export function readToldError(agent: string, text: string): AnswerError {
  const { name = "Error", message = text } = parsed(text);
  return new AnswerError(agent, name.slice(0, nameMax), shortened(message));
}

function parsed(text: string): Partial<ToldError> {
  let json: Json;
  try {
    json = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof json !== "object" || json === null || !("name" in json && "message" in json))
    return {};
  const { name, message } = json;
  return typeof name === "string" && typeof message === "string" ? { name, message } : {};
}

/** What a registry's answers have to look like. What does not is one clear error, SG5043. */
import { StreamgenError } from "../../errors.ts";
import { describe } from "../fail.ts";
import { registryCode, registryError } from "./errors.ts";
import type { Answer } from "./exchange.ts";

/** A schema as a subject has it. */
export interface SchemaAnswer {
  readonly schema: string;
  readonly id?: number;
  readonly version?: number;
  readonly references: readonly SchemaReference[];
}

/** A type that a schema uses and another subject's schema defines. */
export interface SchemaReference {
  /** The type's full name. */
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

/** The id in the answer to a registration or lookup. */
export function idOf(answer: Answer): number {
  const { id } = objectOf(answer);
  if (isId(id)) return id;
  throw nonsense(answer, `"id" is ${describe(id)}, no whole number from 1 to ${idMax}`);
}

/** A schema, by its id or by its version. */
export function schemaOf(answer: Answer): SchemaAnswer {
  const { schema, schemaType, id, version, references = [] } = objectOf(answer);
  if (schemaType !== undefined && schemaType !== null && schemaType !== "AVRO") {
    throw new StreamgenError(
      "SG5051",
      `${answer.url} is a schema of the type ${describe(schemaType)}, not Avro`,
    );
  }
  if (typeof schema !== "string") {
    throw nonsense(answer, `"schema" is ${describe(schema)}, no text`);
  }
  if (references !== null && !Array.isArray(references)) {
    throw nonsense(answer, `"references" is ${describe(references)}, no list`);
  }
  return {
    schema,
    ...(isId(id) && { id }),
    ...(isId(version) && { version }),
    references: (references ?? []).map((each: unknown) => referenceOf(answer, each)),
  };
}

function referenceOf(answer: Answer, reference: unknown): SchemaReference {
  if (isRecord(reference)) {
    const { name, subject, version } = reference;
    if (typeof name === "string" && typeof subject === "string" && isId(version)) {
      return { name, subject, version };
    }
  }
  throw nonsense(answer, "a reference is not of the form { name, subject, version }");
}

export function textsOf(answer: Answer): readonly string[] {
  const list = jsonOf(answer);
  if (Array.isArray(list) && list.every((each) => typeof each === "string")) return list;
  throw nonsense(answer, `it is ${describe(list)}, no list of texts`);
}

export function versionsOf(answer: Answer): readonly number[] {
  const list = jsonOf(answer);
  if (Array.isArray(list) && list.every(isId)) return list;
  throw nonsense(answer, `it is ${describe(list)}, no list of versions`);
}

/** What an error says: the code is the HTTP status where the body has none. */
export function problemOf({ text, status }: Answer): {
  readonly code: number;
  readonly message: string;
} {
  const body = parse(text);
  if (!isRecord(body)) return { code: status, message: shorten(text) };
  const { error_code: code, message } = body;
  return {
    code: typeof code === "number" ? code : status,
    message: typeof message === "string" ? shorten(message) : "",
  };
}

/** Whether the body is what a registry says, or at least nothing else. */
export function isRegistryBody({ text }: Answer): boolean {
  return text.trim() === "" || isRecord(parse(text));
}

/** An answer that is none: SG5043 with where and what. */
export function nonsense({ url, status, contentType }: Answer, found: string): Error {
  const type = contentType === "" ? "" : ` of the type ${shorten(contentType)}`;
  return registryError(
    registryCode.nonsense,
    `${url} gives no schema registry's answer (HTTP ${status}${type}): ${found}; ` +
      "check registry.url, its path too",
  );
}

const idMax = 2_147_483_647;

const isId = (id: unknown): id is number =>
  typeof id === "number" && Number.isInteger(id) && id >= 1 && id <= idMax;

function objectOf(answer: Answer): Readonly<Record<string, unknown>> {
  const body = jsonOf(answer);
  if (isRecord(body)) return body;
  throw nonsense(answer, `it is ${describe(body)}, no object`);
}

function jsonOf(answer: Answer): unknown {
  const body = parse(answer.text);
  if (body !== undefined) return body;
  const found =
    answer.text.trim() === "" ? "it is empty" : `it starts with ${opening(answer.text)}`;
  throw nonsense(answer, found);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const opening = (text: string): string => JSON.stringify(printable(text).slice(0, 40));

const shorten = (text: string): string => printable(text).slice(0, 300);

/** On one line, and without what a terminal would obey. */
const printable = (text: string): string => text.replaceAll(/[\p{Cc}\s]+/gu, " ").trim();

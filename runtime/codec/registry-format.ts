import { canonicalForm } from "../avro/canonical.ts";
import { parseSchema } from "../avro/parse.ts";
import { resolveSchemas } from "../avro/resolve.ts";
import type { Schema } from "../avro/schema.ts";
import type { Step } from "../avro/steps.ts";
import { StreamgenError } from "../errors.ts";
import type { Codec } from "./codec.ts";
import { failTrailing } from "./fail.ts";
import type { BoundFormat, FormatBinding } from "./format.ts";
import { readRegistryFrame, writeRegistryFrame } from "./framing.ts";
import { Reader } from "./reader.ts";
import { registryCode } from "./registry/errors.ts";
import type { SchemaRegistry } from "./registry.ts";
import { transcode } from "./transcode.ts";
import { UnknownWriter } from "./unknown-writer.ts";
import { located, readWhole, writeBehind } from "./whole.ts";
import { Writer } from "./writer.ts";

/** Binds Avro behind a registry's frame. What is only read asks the registry without waiting for it. */
export async function bindRegistryFormat<V>(
  codec: Codec<V>,
  schemaText: string,
  { subject, registry, read = codec.read, isReadOnly = false }: FormatBinding<V>,
): Promise<BoundFormat<V>> {
  if (isReadOnly) {
    const own = registry.lookup(subject, schemaText);
    return new RegistryFormat(codec, read, registry, own);
  }
  const id = await registry.register(subject, schemaText);
  return new RegistryFormat(codec, read, registry, Promise.resolve(id), id);
}

/** How values of one writer are read; `undefined`: as the codec's own. */
type Reading = { readonly schema: Schema; readonly step: Step } | undefined;

/** Writers that are kept in mind; a topic has a handful. */
const writersMax = 1000;
/** A larger scratch is given back after use. */
const scratchMaxBytes = 1024 * 1024;

class RegistryFormat<V> implements BoundFormat<V> {
  readonly #codec: Codec<V>;
  readonly #read: (reader: Reader) => V;
  readonly #registry: SchemaRegistry;
  /** Resolves with the id of the codec's own schema, if that is known. */
  readonly #own: Promise<number | undefined>;
  #id: number | undefined;
  /** By writer's id. An error is why its values cannot be read. */
  readonly #writers: Map<number, Reading | StreamgenError> = new Map();
  readonly #inner: Reader = new Reader();
  #scratch: Writer = new Writer(0);

  constructor(
    codec: Codec<V>,
    read: (reader: Reader) => V,
    registry: SchemaRegistry,
    own: Promise<number | undefined>,
    id?: number,
  ) {
    this.#codec = codec;
    this.#read = read;
    this.#registry = registry;
    this.#id = id;
    // Without an answer each id is fetched when it is met, and whoever waits for that is told.
    this.#own = own.then(
      (found) => {
        this.#id = found;
        return found;
      },
      () => undefined,
    );
  }

  write(writer: Writer, value: V): void {
    if (this.#id === undefined) {
      throw new StreamgenError("SG9804", "a value was written by a format that only reads");
    }
    const from = writer.position;
    writeRegistryFrame(writer, this.#id);
    writeBehind(this.#codec, writer, value, from);
  }

  read(reader: Reader): V {
    const id = readRegistryFrame(reader);
    if (id === this.#id) return readWhole(this.#codec, reader, this.#read);
    const reading = this.#writers.get(id);
    if (reading instanceof StreamgenError) throw reading;
    if (reading !== undefined) return this.#readAs(reading, reader);
    if (!this.#writers.has(id)) throw new UnknownWriter(id);
    return readWhole(this.#codec, reader, this.#read);
  }

  async learn(id: number): Promise<void> {
    if ((await this.#own) === id || this.#writers.has(id)) return;
    let reading: Reading | StreamgenError;
    try {
      reading = this.#reading(parseSchema(await this.#registry.schema(id)));
    } catch (error) {
      if (!isAboutSchema(error)) throw error;
      const message = `the value was written by schema ${id}: ${error.message}`;
      reading = new StreamgenError(error.code, message);
    }
    if (this.#writers.size >= writersMax) this.#writers.clear();
    this.#writers.set(id, reading);
  }

  #reading(writer: Schema): Reading {
    const { schema } = this.#codec;
    const { step } = resolveSchemas(writer, schema);
    const isSame = canonicalForm(writer) === canonicalForm(schema);
    return isSame ? undefined : { schema: writer, step };
  }

  /** Makes the writer's bytes the reader's, and reads those. */
  #readAs({ schema, step }: NonNullable<Reading>, reader: Reader): V {
    const scratch = this.#scratch;
    const from = reader.position;
    scratch.truncate(0);
    try {
      transcode(step, reader, scratch);
      if (reader.position !== reader.end) failTrailing(reader);
    } catch (error) {
      throw located(error, schema, reader, from);
    }
    this.#inner.reset(scratch.bytes, 0, scratch.position);
    if (scratch.bytes.length > scratchMaxBytes) this.#scratch = new Writer(0);
    try {
      return readWhole(this.#codec, this.#inner, this.#read);
    } catch (error) {
      throw withoutPosition(error);
    }
  }
}

/** Whether the schema itself is why its values cannot be read: that stays so. */
function isAboutSchema(error: unknown): error is StreamgenError {
  const codes: readonly string[] = ["SG5051", "SG5052", registryCode.noId];
  return error instanceof StreamgenError && codes.includes(error.code);
}

/** The byte is one that the record does not have. */
function withoutPosition(error: unknown): unknown {
  if (!(error instanceof StreamgenError)) return error;
  const { position: _, ...place } = error.place;
  return new StreamgenError(error.code, error.message, place, error);
}

/**
 * How the values of a topic are written: what they are, and what stands around them. A format is a
 * description; bound to a subject and a registry it reads and writes.
 */
import { fingerprint } from "../avro/fingerprint.ts";
import { schemaText } from "../avro/schema.ts";
import { StreamgenError } from "../errors.ts";
import type { Codec } from "./codec.ts";
import { failForm, failValue } from "./fail.ts";
import { readSingleObjectFrame, singleObjectFrame } from "./framing.ts";
import { JsonValue } from "./json.ts";
import type { JsonForm } from "./json-form.ts";
import { bytesKey, intKey, longKey, stringKey } from "./key.ts";
import type { Reader } from "./reader.ts";
import type { SchemaRegistry } from "./registry.ts";
import { bindRegistryFormat } from "./registry-format.ts";
import { bytesCodec, doubleCodec, intCodec, longCodec, stringCodec } from "./scalars.ts";
import { readWhole, writeBehind, writeWhole } from "./whole.ts";
import { Writer } from "./writer.ts";

/** How one topic's values become bytes. `avro`, `json` and the others below make one. */
export interface Format<V> {
  readonly kind: "avro" | "single-object" | "bare" | "json" | "raw";
  /** The Avro schema's text, for formats that have a schema. */
  readonly schemaText?: string;
  /** The values in files of JSON lines, whatever the format. */
  readonly jsonForm: JsonForm<V>;
  bind(binding: FormatBinding<V>): Promise<BoundFormat<V>>;
}

export interface FormatBinding<V> {
  /** Under which the schema is registered: `subjectOf` names it. */
  readonly subject: string;
  readonly registry: SchemaRegistry;
  /** Nothing is written: the schema is looked up, and not registered. */
  readonly isReadOnly?: boolean;
  /** A projected decoder of the same schema, in place of the codec's own. */
  readonly read?: (reader: Reader) => V;
}

/** A format with everything it needs. Errors name the field and the byte. */
export interface BoundFormat<V> {
  /** Appends a value. When it throws SG5xxx, the writer is as it was. */
  write(writer: Writer, value: V): void;
  /**
   * Reads the value that fills the reader's range. Throws SG5xxx, and `UnknownWriter` where the value
   * was written by a schema that `learn` has to fetch.
   */
  read(reader: Reader): V;
  /**
   * Fetches a writer's schema; then `read` knows how to read its values, or why they cannot be read.
   * Throws SG5032 where the registry has no such schema, SG5041 to SG5046 where it does not answer.
   */
  learn?(id: number): Promise<void>;
}

/** Makes a format ready to use; formats with a registry's frame register their schema. */
export function bindFormat<V>(
  format: Format<V>,
  binding: FormatBinding<V>,
): Promise<BoundFormat<V>> {
  return format.bind(binding);
}

/** Avro behind a registry's frame. */
export function avro<V>(codec: Codec<V>): Format<V> {
  const text = schemaText(codec.schema);
  return {
    kind: "avro",
    schemaText: text,
    jsonForm: codec,
    bind: (binding) => bindRegistryFormat(codec, text, binding),
  };
}

/** Avro behind a single object's header, which needs no registry. */
export function singleObject<V>(codec: Codec<V>): Format<V> {
  return {
    kind: "single-object",
    schemaText: schemaText(codec.schema),
    jsonForm: codec,
    async bind({ read = codec.read }) {
      const frame = singleObjectFrame(fingerprint(codec.schema));
      return {
        write(writer, value) {
          const from = writer.position;
          writer.append(frame);
          writeBehind(codec, writer, value, from);
        },
        read(reader) {
          readSingleObjectFrame(reader, frame);
          return readWhole(codec, reader, read);
        },
      };
    },
  };
}

/** Avro with nothing around it: reader and writer must share the schema. */
export function bare<V>(codec: Codec<V>): Format<V> {
  return {
    kind: "bare",
    schemaText: schemaText(codec.schema),
    jsonForm: codec,
    async bind({ read = codec.read }) {
      return {
        write: (writer, value) => writeWhole(codec, writer, value),
        read: (reader) => readWhole(codec, reader, read),
      };
    },
  };
}

/** JSON text by the one JSON mapping. */
export function json<V>(codec: Codec<V>): Format<V> {
  const scratch = new Writer();
  return plain("json", codec, {
    write(writer, value) {
      // JSON would take what Avro's types refuse, and what nobody could read back.
      writeWhole(codec, scratch, value);
      scratch.truncate(0);
      writer.append(Buffer.from(JSON.stringify(codec.toJson(value))));
    },
    read: (reader) => codec.fromJson(new JsonValue(parseJson(reader))),
  });
}

/** Java's StringSerializer: UTF-8. */
export const stringFormat: Format<string> = plain("raw", stringCodec, stringKey);
/** The bytes themselves. */
export const bytesFormat: Format<Uint8Array> = plain("raw", bytesCodec, bytesKey);
/** Java's IntegerSerializer: four bytes, big endian. */
export const int32Format: Format<number> = plain("raw", intCodec, intKey);
/** Java's LongSerializer: eight bytes, big endian. */
export const int64Format: Format<bigint> = plain("raw", longCodec, longKey);
/** Java's DoubleSerializer: eight bytes, big endian. */
export const float64Format: Format<number> = plain("raw", doubleCodec, {
  write(writer, value) {
    if (typeof value !== "number") failValue(value, "a number");
    writer.need(8);
    writer.position = writer.bytes.writeDoubleBE(value, writer.position);
  },
  read(reader) {
    const { bytes, position, end } = reader;
    if (end - position !== 8) failForm(reader, position, "a number of 8 bytes");
    reader.position = end;
    return bytes.readDoubleBE(position);
  },
});

function plain<V>(kind: "json" | "raw", jsonForm: JsonForm<V>, bound: BoundFormat<V>): Format<V> {
  return { kind, jsonForm, bind: async () => bound };
}

function parseJson(reader: Reader): unknown {
  const { bytes, position, end } = reader;
  reader.position = end;
  try {
    return JSON.parse(bytes.toString("utf8", position, end));
  } catch (error) {
    throw new StreamgenError("SG5007", "the value is no JSON", {}, error);
  }
}

/**
 * What stands before a value and says by which schema it was written.
 *
 *     registry framing:   00 id(4, big endian)              Confluent's
 *     single object:      C3 01 fingerprint(8, little endian)   Avro 1.12
 */
import { StreamgenError } from "../errors.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

export function writeRegistryFrame(writer: Writer, id: number): void {
  writer.need(5);
  writer.bytes[writer.position] = 0;
  writer.position = writer.bytes.writeUInt32BE(id, writer.position + 1);
}

/** The id of the writer's schema. Throws SG5030 where there is no frame. */
export function readRegistryFrame(reader: Reader): number {
  const { bytes, position, end } = reader;
  if (end - position < 5 || bytes[position] !== 0) {
    throw new StreamgenError("SG5030", "the value does not start with a registry's frame", {
      position: position - reader.start,
    });
  }
  reader.position = position + 5;
  return bytes.readUInt32BE(position + 1);
}

/** The bytes of a single object's header. */
export function singleObjectFrame(fingerprint: bigint): Buffer {
  const frame = Buffer.from([0xc3, 0x01, 0, 0, 0, 0, 0, 0, 0, 0]);
  frame.writeBigUInt64LE(fingerprint, 2);
  return frame;
}

/** Throws SG5030 where the value does not start with this header. */
export function readSingleObjectFrame(reader: Reader, frame: Buffer): void {
  const { bytes, position, end } = reader;
  const place = { position: position - reader.start };
  if (end - position < frame.length || bytes[position] !== 0xc3 || bytes[position + 1] !== 0x01) {
    throw new StreamgenError("SG5030", "the value is no Avro single object", place);
  }
  if (bytes.compare(frame, 0, frame.length, position, position + frame.length) !== 0) {
    throw new StreamgenError("SG5031", "the value was written by another schema", place);
  }
  reader.position = position + frame.length;
}

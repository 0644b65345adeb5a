import type { KeyCodec } from "../../codec/key.ts";
import type { RowCodec } from "../row-bytes.ts";
import type { RowIndexes } from "./index-of.ts";
import { rowByte, rowRange } from "./layout.ts";

/** How the rows of a table are written that may have indexes. */
export interface TendedCodec<K, V, Found> extends RowCodec<K, V, Found> {
  readonly indexes?: RowIndexes<V>;
}

/** The same as the store has them: tended rows begin with a byte that tells them from entries. */
export function storedCodec<K, V, Found>(codec: TendedCodec<K, V, Found>): RowCodec<K, V, Found> {
  if (codec.indexes === undefined) return codec;
  return { ...codec, key: rowKey(codec.key), space: rowRange };
}

function rowKey<K>(key: KeyCodec<K>): KeyCodec<K> {
  return {
    ...key,
    writeOrdered(writer, value) {
      writer.need(1);
      writer.bytes[writer.position] = rowByte;
      writer.position += 1;
      key.writeOrdered(writer, value);
    },
    readOrdered(reader) {
      reader.position += 1;
      return key.readOrdered(reader);
    },
  };
}

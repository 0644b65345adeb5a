import type { KeyCodec } from "../../codec/key.ts";
import { Reader } from "../../codec/reader.ts";
import { Writer } from "../../codec/writer.ts";

/** A key as bytes and back, in both forms; the bytes are the caller's to keep. */
export class KeyBytes<K> {
  readonly #codec: KeyCodec<K>;
  readonly #writer = new Writer(64);
  readonly #reader = new Reader();

  constructor(codec: KeyCodec<K>) {
    this.#codec = codec;
  }

  /** As topics hold it. */
  write(key: K): Buffer {
    this.#writer.truncate(0);
    this.#codec.write(this.#writer, key);
    return Buffer.from(this.#writer.written());
  }

  read(bytes: Buffer): K {
    this.#reader.reset(bytes, 0, bytes.length);
    return this.#codec.read(this.#reader);
  }

  /** As stores hold it. */
  writeOrdered(key: K): Buffer {
    this.#writer.truncate(0);
    this.#codec.writeOrdered(this.#writer, key);
    return Buffer.from(this.#writer.written());
  }

  readOrdered(bytes: Buffer): K {
    this.#reader.reset(bytes, 0, bytes.length);
    return this.#codec.readOrdered(this.#reader);
  }
}

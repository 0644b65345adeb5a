import type { IncomingMessage } from "node:http";
import { errorAnswer, type WebAnswer } from "../worker/web/answer.ts";

/** A body that is not taken. */
export class BodyRefusal extends Error {
  readonly answer: WebAnswer;

  constructor(status: number, message: string) {
    super(message);
    this.name = "BodyRefusal";
    this.answer = errorAnswer(status, message);
  }
}

/** The bytes of a request's body. Throws a `BodyRefusal` for what is too large or encoded. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") throw new BodyRefusal(415, "send the body without an encoding");
  const tooLarge = `the body has more than ${maxBytes} bytes`;
  const length = Number(request.headers["content-length"] ?? 0);
  if (length > maxBytes) throw new BodyRefusal(413, tooLarge);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) throw new BodyRefusal(413, tooLarge);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

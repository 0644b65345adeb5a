import type { StreamgenError } from "../../errors.ts";
import { isLogError, logCode } from "../codes.ts";
import { type Address, showAddress } from "./address.ts";
import type { Apis } from "./apis.ts";
import { Refusal, refusalError } from "./broker-errors.ts";
import { Link, type LinkContext } from "./link.ts";
import { noBroker } from "./network-errors.ts";

/** How long connections that are refused are tried at first: a broker may just be starting. */
const refusedMaxMs = 2_000;
const pauseMs = 200;
/** A request for metadata that names no topic would get every topic there is. */
export const anyTopic = "__consumer_offsets";

export interface FirstLink {
  readonly link: Link;
  readonly metadata: Apis["Metadata"]["answer"];
}

/**
 * Connects to one of the brokers named, and asks it for the others. Throws SG6020 where none answers in
 * `connectTimeoutMs`; once there was a connection, SG6012 after one round.
 */
export async function firstLink(
  context: LinkContext,
  bootstrap: readonly Address[],
  hasConnected: boolean,
): Promise<FirstLink> {
  const { clock, connectTimeoutMs } = context.options;
  const begun = clock.now();
  const refusedMs = Math.min(refusedMaxMs, connectTimeoutMs / 2);
  for (;;) {
    const failures: StreamgenError[] = [];
    for (const address of bootstrap) {
      const link = new Link(address, context);
      const leftMs = begun + connectTimeoutMs - clock.now();
      const timer = clock.timer(Math.max(leftMs, 500), () => link.close());
      const metadata = await attempt(() => greet(link), failures);
      timer.cancel();
      if (metadata !== undefined) return { link, metadata };
      link.close();
      if (clock.now() - begun >= connectTimeoutMs) break;
    }
    // Once there was a connection, whoever calls knows for how long to try.
    if (hasConnected || clock.now() - begun > refusedMs) {
      throw noBroker(context.settings, failures, hasConnected);
    }
    await clock.sleep(pauseMs);
  }
}

/**
 * A broker that asks for another security takes the connection, and closes it at the first request, or
 * says there that nobody is logged in.
 */
async function greet(link: Link): Promise<Apis["Metadata"]["answer"]> {
  const metadata = await link.call("Metadata", {
    topics: [anyTopic],
    allowAutoTopicCreation: false,
  });
  for (const { topicErrorCode } of metadata.topicMetadata) {
    const refusal = new Refusal(topicErrorCode);
    const error = refusalError(refusal, `connecting to ${showAddress(link.address)}`);
    if (isLogError(error, logCode.authentication)) throw error;
  }
  return metadata;
}

/** Notes why not; what trying another broker would not help is thrown. */
export async function attempt<T>(
  connect: () => Promise<T>,
  failures: StreamgenError[],
): Promise<T | undefined> {
  try {
    return await connect();
  } catch (error) {
    if (!isLogError(error, logCode.unavailable, logCode.unanswered)) throw error;
    failures.push(error);
    return undefined;
  }
}

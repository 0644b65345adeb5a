import { logCode, logError } from "./codes.ts";
import type { CommittedOffset } from "./log.ts";

/** Committers' text beside an offset, in bytes. */
const metadataMax = 4096;

/** Throws SG6008 for metadata that no log takes. */
export function checkMetadata({ topic, partition, metadata }: CommittedOffset): void {
  const size = Buffer.byteLength(metadata);
  if (size <= metadataMax) return;
  const message = `an offset's metadata has ${size} bytes, more than ${metadataMax}`;
  throw logError(logCode.tooLarge, message, { topic, partition });
}

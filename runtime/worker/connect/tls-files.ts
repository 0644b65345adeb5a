import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { StreamgenError } from "../../errors.ts";
import type { TlsSettings } from "../../log/kafka/settings.ts";
import { reasonOf } from "../settings/hidden-text.ts";
import type { TlsTarget } from "../settings/kafka-target.ts";

/** All the authorities of a system together are smaller. */
const sizeMaxBytes = 4 * 1024 * 1024;

/**
 * Reads the files of encrypted connections and the passphrase. Throws SG8102 that lists every file which
 * is missing, not readable or not what it should be, and SG8101 for the passphrase.
 */
export function readTls({ caFile, certFile, keyFile, passphrase }: TlsTarget): TlsSettings {
  const problems: string[] = [];
  const read = (name: string, file: string | undefined, check: (pem: string) => void) => {
    if (file === undefined) return undefined;
    try {
      return checkedPem(file, check);
    } catch (cause) {
      const reason = cause instanceof PemProblem ? cause.message : reasonOf(cause);
      problems.push(`${name} ${file}: ${reason}`);
      return undefined;
    }
  };
  const secret = passphrase?.read();
  const ca = read("kafka.tls.caFile", caFile, checkCertificate);
  const cert = read("kafka.tls.certFile", certFile, checkCertificate);
  const key = read("kafka.tls.keyFile", keyFile, (pem) => checkKey(pem, secret));
  if (problems.length > 0) throw new StreamgenError("SG8102", problems.join("; "));
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(secret !== undefined && { passphrase: secret }),
  };
}

/** The PEM of a registry's authorities. Throws SG8102. */
export function readAuthorities(name: string, file: string): string {
  try {
    return checkedPem(file, checkCertificate);
  } catch (cause) {
    const reason = cause instanceof PemProblem ? cause.message : reasonOf(cause);
    throw new StreamgenError("SG8102", `${name} ${file}: ${reason}`);
  }
}

class PemProblem extends Error {}

function checkedPem(file: string, check: (pem: string) => void): string {
  if (statSync(file).size > sizeMaxBytes) throw new PemProblem("it is larger than 4 MiB");
  const pem = readFileSync(file, "latin1");
  if (!/-----BEGIN [A-Z0-9 ]+-----/.test(pem)) throw new PemProblem("it is not PEM");
  check(pem);
  return pem;
}

function checkCertificate(pem: string): void {
  try {
    new X509Certificate(pem);
  } catch {
    throw new PemProblem("it holds no certificate");
  }
}

/** What the crypto library says about a key is left out: it may speak of what is inside. */
function checkKey(pem: string, passphrase: string | undefined): void {
  const isEncrypted = /ENCRYPTED/.test(pem);
  if (isEncrypted && passphrase === undefined) {
    throw new PemProblem("it is encrypted: set kafka.tls.passphrase");
  }
  try {
    createPrivateKey(passphrase === undefined ? pem : { key: pem, passphrase });
  } catch {
    throw new PemProblem(
      isEncrypted ? "kafka.tls.passphrase does not open it" : "it holds no private key",
    );
  }
}

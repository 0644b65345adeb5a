import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "./java.ts";

/** PEM texts. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Certificates {
  readonly ca: string;
  /** An authority that signed nothing here. */
  readonly strangerCa: string;
  readonly client: Certificate;
}

/**
 * Makes an authority in `folder`, and what it signs: `server.pem` (key and chain, for localhost and
 * 127.0.0.1), `misnamed.pem` (for another host), and a client's certificate.
 */
export function makeCertificates(folder: string): Certificates {
  makeAuthority(folder, "ca");
  makeAuthority(folder, "stranger");
  const server = sign(folder, "server", "DNS:localhost,IP:127.0.0.1");
  const misnamed = sign(folder, "misnamed", "DNS:elsewhere.test");
  const ca = read(folder, "ca.crt");
  writeFileSync(path.join(folder, "server.pem"), server.key + server.cert + ca);
  writeFileSync(path.join(folder, "misnamed.pem"), misnamed.key + misnamed.cert + ca);
  const client = sign(folder, "client", "DNS:client.test");
  return { ca, strangerCa: read(folder, "stranger.crt"), client };
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

function makeAuthority(folder: string, name: string): void {
  openssl(folder, "req", [
    ...["-x509", ...newKey, "-days", "7", "-subj", `/CN=${name}`],
    ...["-keyout", `${name}.key`, "-out", `${name}.crt`],
  ]);
}

function sign(folder: string, name: string, names: string): Certificate {
  openssl(folder, "req", [
    ...["-new", ...newKey, "-subj", `/CN=${name}`],
    ...["-keyout", `${name}.key`, "-out", `${name}.csr`],
  ]);
  writeFileSync(path.join(folder, `${name}.ext`), `subjectAltName=${names}\n`);
  openssl(folder, "x509", [
    ...["-req", "-in", `${name}.csr`, "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial"],
    ...["-days", "7", "-extfile", `${name}.ext`, "-out", `${name}.crt`],
  ]);
  return { cert: read(folder, `${name}.crt`), key: read(folder, `${name}.key`) };
}

function openssl(folder: string, command: string, args: readonly string[]): void {
  run("openssl", [command, ...args], folder);
}

function read(folder: string, file: string): string {
  return readFileSync(path.join(folder, file), "utf8");
}

/** `C0B7:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate required:../ssl.c:1:...` */
const openssl = /(?:[0-9a-f]+:)?error:[0-9a-f]+:[^:\n]*:[^:\n]*:([^:\n]+)(?::[^\n]*)?/i;

/** An error's message, of which OpenSSL's own part is cut to its reason. */
export function tlsReason({ message }: Error): string {
  // OpenSSL ends its errors with a new line.
  return message.trim().replace(openssl, (_, reason: string) => reason);
}

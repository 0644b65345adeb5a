/** Whether an address can be reached from its own machine only. */
export const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);

/** Whether a request was sent to this machine by a name that nobody else can have. */
export function isOwnHost(header: string | undefined): boolean {
  if (header === undefined) return false;
  const host = header.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return isLoopback(host.toLowerCase());
}

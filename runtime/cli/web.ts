import type { WebServer } from "../web/server.ts";
import type { Worker } from "../worker/contract.ts";
import type { Logger } from "../worker/scope.ts";
import type { Settings } from "../worker/settings/settings.ts";

const portByDefault = 6066;

/**
 * The worker's server. There is none where nobody has asked for a port, and no function answers
 * requests or the worker only runs until it is idle.
 */
export async function openWeb(
  worker: Worker,
  { web }: Settings,
  { logger, untilIdle }: { readonly logger: Logger; readonly untilIdle: boolean },
): Promise<WebServer | undefined> {
  const hasRoutes = (worker.spec.routes ?? []).length > 0;
  if (web.port === undefined && (untilIdle || !hasRoutes)) return undefined;
  const { serveWeb } = await import("../web/server.ts");
  const { host, port = portByDefault } = web;
  const server = await serveWeb(worker, { host, port, logger });
  logger.info("answers requests", { address: server.address });
  return server;
}

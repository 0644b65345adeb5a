import { memoryStores } from "../../state/memory-store.ts";
import type { WorkerOptions } from "../contract.ts";
import { named } from "../failures/named-error.ts";
import { type Opening, openServices } from "../services/open-services.ts";
import type { Services } from "../services/services.ts";
import { Signals } from "../services/signals.ts";
import { resolveSettings } from "../settings/settings.ts";
import type { PipelineSpec } from "../spec.ts";
import { WorkerCore } from "../worker-core.ts";
import type { Command, OpenCall } from "./command-spec.ts";
import { Direct } from "./direct.ts";

export interface CommandCall {
  readonly command: Command;
  /** What its `read` gave for the arguments. */
  readonly open: OpenCall;
  /** Aborts `ctx.signal`; the function is waited for all the same. */
  readonly stop?: { readonly requested: Promise<void> };
}

/**
 * Calls one of a pipeline's commands, beside its workers: no group is joined, and no table opened.
 * Resolves when the function is done and the log has acknowledged what it sent. Throws SG8523 where the
 * function throws.
 */
export async function runCommand(
  spec: PipelineSpec,
  options: WorkerOptions,
  call: CommandCall,
): Promise<void> {
  const isEmbedded = options.log !== undefined;
  const settings = resolveSettings(spec, { env: process.env, isEmbedded, ...options });
  // The stores on disk are the workers'.
  const given = { ...options, stores: options.stores ?? memoryStores() };
  const openings: Opening[] = [];
  try {
    const services = await openServices(spec, given, {
      settings,
      signals: new Signals(),
      failed: () => undefined,
      opening: (opening) => openings.push(opening),
    });
    await withResources(spec, services, call);
  } finally {
    for (const { outage, close } of openings) {
      outage.isOver = true;
      await close();
    }
  }
}

async function withResources(
  spec: PipelineSpec,
  services: Services,
  call: CommandCall,
): Promise<void> {
  const { resources = [] } = call.command;
  const wanted = spec.resources?.filter(({ open }) => resources.includes(open)) ?? [];
  try {
    await services.resources.open(wanted, new WorkerCore(services, 0).context("resources"));
    await callOnce(services, call);
  } finally {
    services.outage.isOver = true;
    await services.resources.dispose();
  }
}

async function callOnce(services: Services, { command, open, stop }: CommandCall): Promise<void> {
  const direct = await Direct.open(services.log, services);
  try {
    const scope = direct.scope();
    const run = open(scope.core);
    await scope.core.formats.ready();
    stop?.requested.then(() => scope.core.interrupt()).catch(() => undefined);
    await scope.during(command.name, run);
  } catch (error) {
    const located = named(error, "SG8523", `command "${command.name}" threw`);
    throw located.at({ agent: command.name });
  } finally {
    await direct.close();
  }
}

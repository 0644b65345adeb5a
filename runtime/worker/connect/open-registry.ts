import { type Clock, systemClock } from "../../clock.ts";
import { openRegistry } from "../../codec/registry/open.ts";
import type { RegistrySettings } from "../../codec/registry/settings.ts";
import type { SchemaRegistry } from "../../codec/registry.ts";
import type { RegistryTarget } from "../settings/registry-target.ts";
import type { Settings } from "../settings/settings.ts";
import { readAuthorities } from "./tls-files.ts";

/**
 * The registry of the settings; `undefined` where they name none. Nothing is sent yet. Throws SG8101 for
 * a secret that cannot be read, SG8102 for a file that is no certificate.
 */
export function registryOf(
  { registry }: Settings,
  clock: Clock = systemClock,
): SchemaRegistry | undefined {
  if (registry === undefined) return undefined;
  const { urls, ids, subjects } = registry;
  const server = urls.length === 0 ? undefined : registrySettings(registry);
  return openRegistry(server, ids, { subjects, clock });
}

function registrySettings({ urls, auth, subjects, caFile }: RegistryTarget): RegistrySettings {
  return {
    urls,
    subjects,
    ...(auth !== undefined && { auth: authOf(auth) }),
    ...(caFile !== undefined && { ca: readAuthorities("registry.caFile", caFile) }),
  };
}

/** Secrets are read for each request; one that is not there now is told now. */
function authOf(auth: NonNullable<RegistryTarget["auth"]>): NonNullable<RegistrySettings["auth"]> {
  if ("token" in auth) {
    const { token } = auth;
    return {
      get token() {
        return token.read();
      },
    };
  }
  const { username, password } = auth;
  return {
    username,
    get password() {
      return password.read();
    },
  };
}

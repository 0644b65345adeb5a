import type { SubjectStrategy } from "../../codec/registry/settings.ts";
import type { WorkerConfig } from "../spec.ts";
import type { HiddenText } from "./hidden-text.ts";
import { compareSources, type Found, type Layers } from "./layers.ts";
import { leftOver, needed } from "./parts.ts";
import { secretTable } from "./secret-table.ts";
import { settingTable } from "./setting-table.ts";

/** Where schemas get their numbers; secrets are not read yet. */
export interface RegistryTarget {
  /** None: `ids` alone say which schema is which. */
  readonly urls: readonly string[];
  readonly auth?:
    | { readonly username: string; readonly password: HiddenText }
    | { readonly token: HiddenText };
  readonly subjects: SubjectStrategy;
  readonly caFile?: string;
  readonly ids: Readonly<Record<string, number>>;
}

/** `undefined` where neither a registry nor ids are known. Problems go to `layers`. */
export function registryTarget(layers: Layers, config: WorkerConfig): RegistryTarget | undefined {
  const urls = layers.value(settingTable.registryUrl)?.value ?? [];
  const auth = authTarget(layers);
  const subjects = layers.value(settingTable.registrySubjects)?.value ?? "topic";
  const caFile = layers.value(settingTable.registryCaFile)?.value;
  const ids = config.registry?.ids ?? {};
  for (const [subject, id] of Object.entries(ids)) {
    layers.show(`registry.ids.${subject}`, id, { kind: "configuration" });
  }
  if (urls.length === 0 && Object.keys(ids).length === 0) return undefined;
  return {
    urls,
    subjects,
    ids,
    ...(auth !== undefined && { auth }),
    ...(caFile !== undefined && { caFile }),
  };
}

/** A token beats user and password where it comes from a higher layer, and the other way round. */
function authTarget(layers: Layers): RegistryTarget["auth"] {
  const username = layers.value(settingTable.registryUsername);
  const password = layers.secret(secretTable.registryPassword);
  const token = layers.secret(secretTable.registryToken);
  const rival = username ?? password;
  if (token !== undefined && (rival === undefined || beats(token, rival))) {
    for (const part of [username, password]) leftOver(layers, part, `${token.name} is, too`);
    return { token: token.value };
  }
  if (rival !== undefined) leftOver(layers, token, `${rival.name} is, too`);
  if (username !== undefined && password !== undefined) {
    return { username: username.value, password: password.value };
  }
  if (username !== undefined) needed(layers, secretTable.registryPassword);
  if (password !== undefined) needed(layers, settingTable.registryUsername);
  return undefined;
}

function beats(a: Found<unknown>, b: Found<unknown>): boolean {
  return compareSources(a.source, b.source) > 0;
}

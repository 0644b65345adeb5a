import { isRegistryAway } from "../codec/registry/errors.ts";
import { StreamgenError } from "../errors.ts";
import { isLogError, logCode } from "../log/codes.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { Refusal } from "./refusal.ts";

/** What a process ends with after an error. Errors inside others count: they are the reason. */
export function exitCodeOf(cause: unknown): ExitCode {
  if (cause instanceof Refusal) return cause.exitCode;
  if (!(cause instanceof StreamgenError) || cause.code.startsWith("SG9")) return exitCode.bug;
  const { address, clearPassword } = logCode;
  if (isSetting(cause.code) || isLogError(cause, address, clearPassword)) return exitCode.usage;
  return isUnreachable(cause) ? exitCode.unreachable : exitCode.failed;
}

/** SG8001, SG8002, SG8005, SG8044 and SG5060, and what is wrong with settings and secrets. */
function isSetting(code: string): boolean {
  return /^SG(800[125]|8044|810[12356]|50[46]0)$/.test(code);
}

function isUnreachable(cause: unknown): boolean {
  const { unanswered, unavailable, unreachable, authentication, tls, denied, unsupported } =
    logCode;
  const isAway = isLogError(
    cause,
    ...[unanswered, unavailable, unreachable, authentication, tls, denied, unsupported],
  );
  if (isAway || isRegistryAway(cause)) return true;
  // No token: its server was asked, or refused.
  if (cause instanceof StreamgenError && cause.code === "SG8104") return true;
  return cause instanceof StreamgenError && cause.cause instanceof StreamgenError
    ? isUnreachable(cause.cause)
    : false;
}

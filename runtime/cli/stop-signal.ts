/** Whether somebody wants the run to end. */
export interface StopSignal {
  readonly isRequested: boolean;
  /** Resolves when it is. */
  readonly requested: Promise<void>;
}

/** The part of `process` that is used. */
export interface SignalSource {
  on(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
}

/** One Ctrl-C may arrive twice: from the terminal, and passed on by the process that started this one. */
const sameSignalMs = 500;

/** Turns Ctrl-C and SIGTERM into a wish to stop. Another one later ends the process at once. */
export function listenForStop(
  source: SignalSource,
  now: () => number,
  endAtOnce: () => void,
): StopSignal {
  let isRequested = false;
  let requestedMs = 0;
  const requested = new Promise<void>((resolve) => {
    const stop = (): void => {
      if (isRequested && now() - requestedMs > sameSignalMs) endAtOnce();
      if (!isRequested) requestedMs = now();
      isRequested = true;
      resolve();
    };
    source.on("SIGINT", stop);
    source.on("SIGTERM", stop);
  });
  return {
    get isRequested() {
      return isRequested;
    },
    requested,
  };
}

/** Whether somebody wants the run to end. */
export interface StopSignal {
  readonly isRequested: boolean;
  /** Resolves when it is. */
  readonly requested: Promise<void>;
}

/** The part of `process` that is used. */
export interface SignalSource {
  on(event: "SIGINT" | "SIGTERM" | "disconnect", listener: () => void): unknown;
  /** There where another process has started this one and listens. */
  readonly channel?: { unref(): void } | null | undefined;
}

/** One Ctrl-C may arrive twice: from the terminal, and passed on by the process that started this one. */
const sameSignalMs = 500;

/** Turns Ctrl-C, SIGTERM and the end of the process that started this one into a wish to stop. Another one later ends the process at once. */
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
    source.on("disconnect", stop);
    // Node keeps a process alive while somebody listens for that.
    source.channel?.unref();
  });
  return {
    get isRequested() {
      return isRequested;
    },
    requested,
  };
}

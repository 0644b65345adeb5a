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

/** Turns Ctrl-C and SIGTERM into a wish to stop. A second one ends the process at once. */
export function listenForStop(source: SignalSource, endAtOnce: () => void): StopSignal {
  let isRequested = false;
  const requested = new Promise<void>((resolve) => {
    const stop = (): void => {
      if (isRequested) endAtOnce();
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

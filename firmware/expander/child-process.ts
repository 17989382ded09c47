/** The expander process as the controller sees it: something to talk to that may be gone at any moment. Types only. */
export interface ExpanderProcess {
  /** Lost when the process is gone. */
  send(message: object): void;
  /** Closes the channel: the process sets its outputs to 0 and ends. */
  release(): void;
  /** Ends it at once, whatever it does. */
  kill(): void;
}

export interface ExpanderProcessEvents {
  message(message: unknown): void;
  /** It ended, or could not be started. Comes once; nothing follows. */
  ended(how: string): void;
}

/** Starts one process. Never throws. */
export type ForkExpander = (events: ExpanderProcessEvents) => ExpanderProcess;

/**
 * Waits for a condition of the real world (a file, a process, bytes from a pty). It looks every few milliseconds and gives
 * up with what it waited for; it is no way to wait for a while.
 */
export interface UntilOptions {
  readonly timeoutMs?: number;
  /** What is waited for, for the failure message; a function is asked at the end and may tell what was seen instead. */
  readonly what: string | (() => string);
}

const LOOK_MS = 5;

export async function until(condition: () => boolean | Promise<boolean>, options: UntilOptions): Promise<void> {
  const timeoutMs = options.timeoutMs ?? 10_000;
  const endMs = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > endMs) {
      const what = typeof options.what === "string" ? options.what : options.what();
      throw new Error(`waited ${timeoutMs} ms in vain for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

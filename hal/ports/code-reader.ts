/** A reader of printed or shown codes. Text is given without terminator; length is bounded by the driver. */
export interface CodeReader {
  watch(onCode: (text: string) => void): void;
  health(): "unknown" | "good" | "silent";
}

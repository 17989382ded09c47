/**
 * Lines of the header chip, by the number printed in the Raspberry Pi documentation (BCM). The adapter finds the chip by its
 * label and adds its base; opening an output writes the given safe level first and never glitches through another.
 */
export interface GpioOutput {
  write(high: boolean): void;
  read(): boolean;
  close(): void;
}
export interface GpioInput {
  read(): boolean;
  /** Edges where the kernel gives them, polling otherwise. */
  watch(onLevel: (high: boolean) => void): void;
  close(): void;
}
export interface Gpio {
  openOutput(line: number, initiallyHigh: boolean): GpioOutput;
  openInput(line: number): GpioInput;
}

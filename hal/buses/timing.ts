/** How long bytes take on a line. 8 data bits, no parity: one start bit, eight data bits, one or two stop bits. */
import type { LineSpec } from "../ports/wire.ts";

export function byteMs(line: LineSpec): number {
  return ((9 + line.stopBits) * 1_000) / line.baud;
}

/**
 * Silence between two frames: 3.5 characters, fixed at 1.75 ms above 19,200 baud (MODBUS over Serial Line V1.02,
 * section 2.5.1.1). The other protocols ask for less or say nothing.
 */
export function quietMs(line: LineSpec): number {
  return line.baud > 19_200 ? 1.75 : 3.5 * byteMs(line);
}

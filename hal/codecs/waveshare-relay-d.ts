/**
 * Waveshare Modbus RTU Relay (D) 8CH: eight relays, eight inputs. Relays are counted from 0 here as on the wire. On is
 * only ever said as "flash-on", which the board itself ends, so that a controller that dies leaves nothing switched on:
 * there is deliberately no function that latches a relay.
 */
import { encodeModbusCoil, encodeModbusCoilWord, encodeModbusRead, type ModbusRequest } from "./modbus-rtu.ts";

export const WAVESHARE_RELAYS = 8;
export const WAVESHARE_INPUTS = 8;
/** Flash-on coils begin here; the word is the time in steps of 100 ms. */
const FLASH_ON = 0x0200;
const FLASH_OFF = 0x0400;
const ALL = 0x00ff;

/** Undefined for a relay the board does not have, or a time outside 0.1 s to 3276.7 s. */
export function encodeFlashOn(address: number, relay: number, tenths: number): Uint8Array | undefined {
  if (!isRelay(relay) || !Number.isInteger(tenths) || tenths < 1 || tenths > 0x7fff) return undefined;
  return encodeModbusCoilWord(address, FLASH_ON + relay, tenths);
}

/** Undefined for a relay the board does not have. */
export function encodeRelayOff(address: number, relay: number): Uint8Array | undefined {
  return isRelay(relay) ? encodeModbusCoil(address, relay, false) : undefined;
}

export function encodeAllOff(address: number): Uint8Array {
  return encodeModbusCoil(address, ALL, false);
}

export function encodeReadInputs(address: number): Uint8Array {
  return encodeModbusRead(address, 2, 0, WAVESHARE_INPUTS);
}

export function encodeReadRelays(address: number): Uint8Array {
  return encodeModbusRead(address, 1, 0, WAVESHARE_RELAYS);
}

function isRelay(relay: number): boolean {
  return Number.isInteger(relay) && relay >= 0 && relay < WAVESHARE_RELAYS;
}

/** What a coil write (05) asks of the board. `toggle` is the board's word 5500. */
export type RelayCommand =
  | { readonly do: "flash-on" | "flash-off"; readonly relay: number; readonly tenths: number }
  | { readonly do: "on" | "off" | "toggle"; readonly relay: number | "all" };

/** Device side; undefined for what the board does not know. */
export function relayCommandOf(request: ModbusRequest): RelayCommand | undefined {
  if (request.function !== 5) return undefined;
  const { start: coil, value } = request;
  if (coil >= FLASH_ON && coil < FLASH_ON + WAVESHARE_RELAYS) {
    return { do: "flash-on", relay: coil - FLASH_ON, tenths: value };
  }
  if (coil >= FLASH_OFF && coil < FLASH_OFF + WAVESHARE_RELAYS) {
    return { do: "flash-off", relay: coil - FLASH_OFF, tenths: value };
  }
  const act = value === 0xff00 ? "on" : value === 0x0000 ? "off" : value === 0x5500 ? "toggle" : undefined;
  if (act === undefined) return undefined;
  if (coil === ALL) return { do: act, relay: "all" };
  return coil < WAVESHARE_RELAYS ? { do: act, relay: coil } : undefined;
}

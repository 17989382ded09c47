/** Meddlers on a line, each before one device: what it says under another's name, too late, not at all, or with its twin. */
import type { LineTap } from "../fault-types.ts";
import { addressOf, readdressed } from "./addresses.ts";
import type { AddressedDevice } from "./targets.ts";

const isOf = ({ kind, address }: AddressedDevice, bytes: Uint8Array): boolean => addressOf(kind, bytes) === address;

/** Now and then the device answers as somebody else. */
export const misnamed = (device: AddressedDevice, as: number, now: () => boolean): LineTap => ({
  answers: (bytes, delayMs, send) =>
    send(isOf(device, bytes) && now() ? readdressed(device.kind, bytes, as) : bytes, delayMs),
});

/** The device thinks this much longer. */
export const slowed = (device: AddressedDevice | undefined, byMs: number): LineTap => ({
  answers: (bytes, delayMs, send) => send(bytes, delayMs + (device === undefined || isOf(device, bytes) ? byMs : 0)),
});

/** Nobody lives at this address any more. */
export const gone = (device: AddressedDevice): LineTap => ({
  hears: (bytes, length, hand) => {
    if (!isOf(device, bytes)) hand(bytes, length);
  },
});

/** What the device says is changed before it is sealed and sent. */
export const reworded = (device: AddressedDevice, change: (bytes: Uint8Array) => Uint8Array): LineTap => ({
  answers: (bytes, delayMs, send) => send(isOf(device, bytes) ? change(bytes) : bytes, delayMs),
});

/** Two drivers on one pair of wires, each at its own pace: where they do not agree, noise that is no text either. */
function atOnce(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(one.length >= other.length ? one : other);
  const both = Math.min(one.length, other.length);
  for (let at = 0; at < both; at++)
    if (one[at] !== other[at]) bytes[at] = (one[at] as number) ^ (other[at] as number) ^ 0xff;
  return bytes;
}

interface Held {
  readonly bytes: Uint8Array;
  send(): void;
}

/** A second device has the address of the first: both hear, both obey, both answer at once. The second's own address is empty. */
export class Twins implements LineTap {
  private readonly device: AddressedDevice;
  private readonly twin: AddressedDevice;
  private turn: "nobody" | "device" | "twin" = "nobody";
  private held: Held | undefined;

  constructor(device: AddressedDevice, twin: AddressedDevice) {
    this.device = device;
    this.twin = twin;
  }

  hears(bytes: Uint8Array, length: number, hand: (bytes: Uint8Array, length: number) => void): void {
    if (isOf(this.twin, bytes)) return;
    if (!isOf(this.device, bytes)) {
      hand(bytes, length);
      return;
    }
    const request = bytes.slice(0, length);
    this.turn = "device";
    hand(request, length);
    this.turn = "twin";
    hand(readdressed(this.device.kind, request, this.twin.address), length);
    this.turn = "nobody";
    this.held?.send();
    this.held = undefined;
  }

  answers(bytes: Uint8Array, delayMs: number, send: (bytes: Uint8Array, delayMs: number) => void): void {
    if (this.turn === "device") {
      this.held = { bytes, send: () => send(bytes, delayMs) };
      return;
    }
    if (this.turn === "nobody") {
      send(bytes, delayMs);
      return;
    }
    const mine = readdressed(this.device.kind, bytes, this.device.address);
    const { held } = this;
    this.held = undefined;
    send(held === undefined ? mine : atOnce(held.bytes, mine), delayMs);
  }
}

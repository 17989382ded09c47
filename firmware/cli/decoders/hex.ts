/** Bytes as people write them: hex with or without blanks, dashes, colons or 0x; text where the protocol is text. */

/** More than any frame or sensor file; it keeps a pasted capture from being taken for one frame. */
const MAX_BYTES = 4096;

/** The bytes, or what is wrong with them. */
export function parseBytes(text: string, protocol: string): Uint8Array | string {
  const raw = asText(text, protocol);
  const bytes = raw ?? fromHex(text);
  if (typeof bytes !== "string" && bytes.length > MAX_BYTES)
    return `${bytes.length} bytes; at most ${MAX_BYTES} are read`;
  return bytes;
}

function fromHex(text: string): Uint8Array | string {
  const digits = text.replace(/0x/gi, "").replace(/[\s:,_-]/g, "");
  if (digits.length === 0) return "no bytes given";
  const wrong = /[^0-9a-f]/i.exec(digits);
  if (wrong !== null) return `"${wrong[0]}" is not a hex digit`;
  if (digits.length % 2 !== 0) return `${digits.length} hex digits; a byte has two`;
  const bytes = new Uint8Array(digits.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

/** The text itself where it cannot be hex: a sensor file has `crc=` in it, a charger's line `:01r` or `:01ok`. */
function asText(text: string, protocol: string): Uint8Array | undefined {
  const isFile = protocol === "sysfs-w1_slave" && text.includes("=");
  const isLine = protocol === "dpm86-ascii" && /^\s*:\d\d[rwo]/.test(text);
  if (!isFile && !isLine) return undefined;
  return new TextEncoder().encode(text.replaceAll("\\r", "\r").replaceAll("\\n", "\n"));
}

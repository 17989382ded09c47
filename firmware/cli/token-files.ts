/**
 * Key files of whoever signs requests: made once, readable by their owner alone, never overwritten and never printed. What is
 * told of a key is its public half.
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { rawOf } from "../config/ed25519.ts";

/** PKCS #8 in PEM is 119 bytes; whatever is larger is something else. */
const keyBytesMax = 4_096;

export interface MadeKey {
  readonly privateFile: string;
  readonly publicFile: string;
  readonly publicKey: string;
}

/** Created, not opened: a file that is there stays what it is. */
const createNew = (path: string, mode: number): number =>
  openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, mode);

function fill(file: number, text: string): void {
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
}

export function makeKey(directory: string, id: string): MadeKey {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const privateFile = join(directory, `${id}.key`);
  const publicFile = join(directory, `${id}.pub`);
  const ownFile = createNew(privateFile, 0o600);
  fill(ownFile, String(privateKey.export({ type: "pkcs8", format: "pem" })));
  try {
    fill(createNew(publicFile, 0o644), String(publicKey.export({ type: "spki", format: "pem" })));
  } catch (error) {
    // A private key whose public half belongs to another pair would mislead.
    unlinkSync(privateFile);
    throw error;
  }
  return { privateFile, publicFile, publicKey: rawOf(publicKey) };
}

export type KeyRead =
  | { readonly is: "key"; readonly key: KeyObject; readonly openToOthers: boolean }
  | { readonly is: "not-a-key" };

/** Throws what the file system throws. */
export function readKey(path: string): KeyRead {
  const file = openSync(path, "r");
  try {
    const { size, mode } = fstatSync(file);
    if (size > keyBytesMax) return { is: "not-a-key" };
    const key = parsed(readFileSync(file, "utf8"));
    if (key?.asymmetricKeyType !== "ed25519") return { is: "not-a-key" };
    return { is: "key", key, openToOthers: (mode & 0o077) !== 0 };
  } finally {
    closeSync(file);
  }
}

function parsed(text: string): KeyObject | undefined {
  try {
    return createPrivateKey(text);
  } catch {
    return undefined;
  }
}

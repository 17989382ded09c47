/** Who may ask in a test: everybody, or askers with real keys who sign as an operator's program would. */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { rawOf, verifyEd25519 } from "../../firmware/config/ed25519.ts";
import type { Asking } from "../../firmware/mqtt/requests.ts";
import { type AskerKey, openToAll, signedText } from "../../services/requests/asker.ts";
import type { AskerRole } from "../../services/requests/roles.ts";

/** A station without keys. */
export const everybody: Asking = { policy: openToAll, verify: verifyEd25519, sequences: {} };

export interface TestAsker extends AskerKey {
  readonly privateKey: KeyObject;
}

export function makeAsker(id: string, role: AskerRole): TestAsker {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { id, role, publicKey: rawOf(publicKey), privateKey };
}

/** A station that knows these keys and refuses what is not signed. */
export const only = (...askers: readonly AskerKey[]): Asking => ({
  policy: { signatures: "required", keys: new Map(askers.map((asker) => [asker.id, asker])) },
  verify: verifyEd25519,
  sequences: {},
});

/** The payload with the asker's key and signature in it. */
export function signedBy(
  asker: TestAsker,
  to: { readonly station: string; readonly verb: string },
  payload: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  // As it goes over the wire: what is undefined is not there.
  const said = JSON.parse(JSON.stringify({ ...payload, key: asker.id })) as Record<string, unknown>;
  const text = signedText(to.station, to.verb, said);
  if (text === undefined) throw new Error("this payload has no canonical text");
  return { ...said, signature: sign(null, Buffer.from(text, "utf8"), asker.privateKey).toString("base64url") };
}

/** The people of the simulated town, by the texts of their codes. The example members carry the same; a real station never does. */
import { credentialDigest } from "../firmware/config/hash.ts";
import type { LoadedConfig } from "../firmware/config/load.ts";
import { makeMemberList } from "../services/members/members.ts";

/** Riders of the simulated town; each owns one pack. */
const ridersMax = 300;

/** Development credentials, the same that the example members carry; a real station never knows them. */
export const developmentCredential = (rider: number): string => `yz-member-${String(rider).padStart(4, "0")}`;

/** `rider` counts from 0, as the world does. */
export const memberName = (rider: number): string => `m-${String(rider + 1).padStart(4, "0")}`;

/** The code of the one technician of the simulated town. */
export const technicianCredential = "yz-technician-0001";

/** The code of somebody whose membership has ended. */
export const formerCredential = "yz-former-0001";

export function withRiders(config: LoadedConfig): {
  readonly config: LoadedConfig;
  readonly credentials: readonly string[];
} {
  const credentials = Array.from({ length: ridersMax }, (_unused, rider) => developmentCredential(rider + 1));
  const entries = credentials.map((text, rider) => ({
    member: memberName(rider),
    credentialSha256: credentialDigest(text),
    role: "rider" as const,
    active: true,
  }));
  const credentialSha256 = credentialDigest(technicianCredential);
  const technician = { member: "t-0001", credentialSha256, role: "technician" as const, active: true };
  const former = {
    member: "m-9999",
    credentialSha256: credentialDigest(formerCredential),
    role: "rider" as const,
    active: false,
  };
  const members = makeMemberList([...entries, technician, former]);
  return { config: { ...config, members, memberCount: entries.length + 2 }, credentials };
}

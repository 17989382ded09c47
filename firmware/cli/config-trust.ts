/**
 * Where a program that reads the configuration finds the key it must be signed with: an option, the environment, or a file of the
 * system. None of them is the configuration itself, and none is a switch that turns a given key off.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Trust } from "../config/signed.ts";

/** Owned by root, like the program. */
const SYSTEM_KEY = "/etc/yizhan/config.pub";
const SYSTEM_STATE = "/var/lib/yizhan";

export interface TrustAsked {
  readonly key: string | undefined;
  readonly kept: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Undefined: configurations need no signature here. */
export function trustOf({ key, kept, env }: TrustAsked): Trust | undefined {
  const keyFile = key ?? env.YIZHAN_CONFIG_KEY ?? (existsSync(SYSTEM_KEY) ? SYSTEM_KEY : undefined);
  if (keyFile === undefined) return undefined;
  // systemd names the state directories of a unit by this, with colons between them (systemd.exec(5), StateDirectory=).
  const directory = kept ?? env.STATE_DIRECTORY?.split(":")[0] ?? SYSTEM_STATE;
  return { keyFile, keptFile: join(directory, "config.kept.json") };
}

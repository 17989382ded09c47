/** Gives the security desk of a station what it watches: the log that was found, the settings, the floor under the clock. */
import { securitySettingsHash } from "../config/hash.ts";
import type { LoadedConfig } from "../config/load.ts";
import { endedByCrash, type JournalDesk } from "./journal-desk.ts";
import type { Platform } from "./platform.ts";
import { openSecurityDesk, type SecurityDesk, type SecurityDeskOptions } from "./security-desk.ts";

export function openStationSecurity(
  config: LoadedConfig,
  platform: Platform,
  journal: JournalDesk,
  hooks: Pick<SecurityDeskOptions, "tell" | "condition">,
): SecurityDesk {
  const { clock, memory, note, securityMark, identity } = platform;
  const { recovered, logId, log, timeFloorMs } = journal;
  return openSecurityDesk({
    ...hooks,
    clock,
    memory,
    note,
    mark: securityMark,
    log: { logId, lastN: recovered.lastN },
    head: () => log.head(),
    timeFloorMs: () => Math.max(identity.sourceMs ?? 0, timeFloorMs()),
    settings: securitySettingsHash(config.file),
    version: identity.version,
    crashed: endedByCrash(recovered.entries),
  });
}

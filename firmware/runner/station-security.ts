/** Gives the security desk of a station what it watches: the log that was found, the settings, the floor under the clock. */
import type { StationEvent } from "../../services/events.ts";
import { securitySettingsHash } from "../config/hash.ts";
import type { LoadedConfig } from "../config/load.ts";
import { endedByCrash, type JournalDesk } from "./journal-desk.ts";
import type { Platform } from "./platform.ts";
import { openSecurityDesk, type SecurityDesk } from "./security-desk.ts";

export interface SecurityHooks {
  post(event: StationEvent): void;
  isStopping(): boolean;
}

export function openStationSecurity(
  config: LoadedConfig,
  platform: Platform,
  journal: JournalDesk,
  hooks: SecurityHooks,
): SecurityDesk {
  const { clock, memory, note, securityMark, identity } = platform;
  const { recovered, logId, log, timeFloorMs } = journal;
  return openSecurityDesk({
    tell: (record) => {
      // The last record of a run that ends well says so; nothing may stand behind it.
      if (!hooks.isStopping()) hooks.post({ type: "told", record });
    },
    condition: (code, present) => hooks.post({ type: "condition", code, subject: "station", present }),
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

/**
 * The signed access list between broker, disk and core. It is kept as its signed text, so that a station that starts without a
 * network knows who is let in; the core judges it anew each time. Nothing here trusts a file more than a message.
 */
import { listCharsMax } from "../../services/access/list.ts";
import type { StationEvent } from "../../services/events.ts";
import type { Platform } from "./platform.ts";

export interface AccessLists {
  /** A list came from somewhere. */
  heard(text: string): void;
  /** The core accepted this one. */
  keep(text: string): void;
  /** Hands the core the list of before, once. */
  start(): void;
}

export function createAccessLists(
  { accessList, digest, note }: Pick<Platform, "accessList" | "digest" | "note">,
  post: (event: StationEvent) => void,
): AccessLists {
  const heard = (text: string): void => post({ type: "access-list", text, digest: digest(text) });
  return {
    heard,
    keep: (text) => accessList?.write(text),
    start() {
      const text = accessList?.read()?.trim();
      if (text === undefined || text === "") return;
      if (text.length > listCharsMax) note("warn", "the access list kept on disk is too large", { chars: text.length });
      else heard(text);
    },
  };
}

/**
 * Fingerprints. The hash of a configuration covers its meaning with all defaults filled in, so that comments, order and
 * spacing do not change it, and everything the station obeys does.
 */
import { createHash } from "node:crypto";
import type { ConfigFile } from "./schema.ts";

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

export function configHash(file: ConfigFile): string {
  return sha256(JSON.stringify(sorted(file)));
}

/** The settings that others' trust rests on: who is connected to, who is believed, and what is obeyed without being asked again. */
export function securitySettingsHash({ station, mqtt, requests, clock, members, safety }: ConfigFile): string {
  return sha256(JSON.stringify(sorted({ station: station.id, mqtt, requests, clock, members, safety })));
}

/** What the allow-list knows a presented code by. */
export function credentialDigest(text: string): string {
  return sha256(text);
}

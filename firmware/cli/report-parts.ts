/**
 * What goes into a report, and how it is hidden: the configuration without keys, names and user names, the end of the log under
 * pseudonyms, what the running controller says of itself if it answers, the newest recordings. Each part that cannot be had says why.
 */
import { readFileSync } from "node:fs";
import { arch, platform, release, totalmem, uptime } from "node:os";
import { join } from "node:path";
import type { ConfigLoad, LoadedConfig } from "../config/load.ts";
import { resolveBeside } from "../config/load.ts";
import { problemLine } from "../config/report.ts";
import { readAll } from "../log/read-all.ts";
import { buildIdentity } from "../platform/build-identity.ts";
import { readableDisk } from "../platform/node-disk.ts";
import { recordingsIn } from "../platform/recording-files.ts";
import { pack } from "../recorder/packed.ts";
import type { Pseudonyms } from "../recorder/pseudonyms.ts";
import { recordingDirectory } from "./run-recorder.ts";
import type { TarFile } from "./tar.ts";

export const logEntriesMax = 1_000;
const answerMsMax = 2_000;
const removed = "(removed)";

type Load = Extract<ConfigLoad, { ok: true }>;

export interface Wish {
  readonly load: Load;
  readonly names: Pseudonyms;
  readonly recordings: number;
  readonly wallMs: number;
}

const fileOf = (name: string, text: string): TarFile => ({ name, bytes: new TextEncoder().encode(text) });
const jsonFile = (name: string, value: unknown): TarFile => fileOf(name, `${JSON.stringify(value, undefined, 2)}\n`);
const whyOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What a field of the configuration may not say outside the station. */
function hiddenText(text: string, under: string): string {
  if (under === "publicKey" || under === "username") return removed;
  return under === "url" ? text.replace(/\/\/[^/@]*@/, "//") : text;
}

export function hiddenConfiguration({ file }: LoadedConfig, names: Pseudonyms): unknown {
  const keys = file.requests.keys.map(({ name: _name, id, ...key }) => ({ ...key, id: names.name("key", id) }));
  const shown = { ...file, requests: { ...file.requests, keys } };
  const packed = pack(shown, { text: hiddenText, key: (key) => key, inside: (_under, key) => key });
  // What is not there needs no line here.
  return JSON.parse(JSON.stringify(packed), (_key, value: unknown) =>
    typeof value === "object" && value !== null && "$" in value ? undefined : value,
  );
}

function logTail({ config }: Load, names: Pseudonyms): TarFile {
  const directory = resolveBeside(config.baseDirectory, config.file.storage.directory);
  try {
    const entries = readAll(readableDisk(directory)).slice(-logEntriesMax);
    const lines = entries.map(({ entry: { n, at, clock, boot, record } }) =>
      JSON.stringify({ n, at, clock, boot, record: pack(record, names) }),
    );
    return fileOf("log-tail.jsonl", lines.map((line) => `${line}\n`).join(""));
  } catch (error) {
    return fileOf("log-tail.missing", `${whyOf(error)}\n`);
  }
}

async function answered(url: string, name: string): Promise<TarFile> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(answerMsMax) });
    return fileOf(name, await answer.text());
  } catch (error) {
    return fileOf(`${name}.missing`, `${url}: ${whyOf(error)}\n`);
  }
}

async function ownWords({ config }: Load): Promise<readonly TarFile[]> {
  const { http } = config.file;
  if (http === undefined) return [];
  const host = http.host === "0.0.0.0" ? "127.0.0.1" : http.host;
  const root = `http://${host.includes(":") ? `[${host}]` : host}:${http.port}`;
  return Promise.all([answered(`${root}/healthz`, "healthz.json"), answered(`${root}/metrics`, "metrics.txt")]);
}

function recordings({ config }: Load, most: number): readonly TarFile[] {
  const directory = recordingDirectory(config);
  return recordingsIn(directory)
    .slice(0, most)
    .map((name) => ({ name: `recordings/${name}`, bytes: readFileSync(join(directory, name)) }));
}

function about({ load, wallMs }: Wish, parts: readonly TarFile[]): TarFile {
  const { config, warnings } = load;
  return jsonFile("about.json", {
    report: 1,
    madeAt: wallMs,
    station: config.station.stationId,
    timeZone: config.station.timeZone,
    yizhan: buildIdentity(),
    configHash: config.hash,
    members: config.memberCount,
    warnings: warnings.map((warning) => problemLine(warning, "en")),
    node: process.version,
    system: { platform: platform(), release: release(), arch: arch(), uptimeS: uptime(), memoryBytes: totalmem() },
    files: parts.map(({ name, bytes }) => ({ name, bytes: bytes.length })),
  });
}

export async function reportParts(wish: Wish): Promise<readonly TarFile[]> {
  const { load, names } = wish;
  const parts = [
    jsonFile("configuration.json", hiddenConfiguration(load.config, names)),
    logTail(load, names),
    ...(await ownWords(load)),
    ...recordings(load, wish.recordings),
  ];
  return [about(wish, parts), ...parts];
}

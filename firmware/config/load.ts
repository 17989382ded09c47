/**
 * The configuration of a station from its files: all of it, or everything that is wrong with it. It never guesses, never fills
 * in for a broken value, never throws for anything a file can hold, and never writes.
 */
import { dirname, isAbsolute, join } from "node:path";
import type { StationConfig } from "../../services/config.ts";
import type { MemberList } from "../../services/members/members.ts";
import type { RequestPolicy } from "../../services/requests/asker.ts";
import { crossCheck } from "./cross-checks.ts";
import { type ConfigFiles, nodeConfigFiles } from "./files.ts";
import { configHash } from "./hash.ts";
import { type MembersRead, readMembers } from "./members-file.ts";
import { byPosition, type Located, type Locator, locate, type Problem } from "./problem.ts";
import { readYamlFile } from "./read-file.ts";
import { type KeysRead, readRequestKeys, requestPolicy, unsignedAllowed } from "./request-keys.ts";
import { ConfigFile } from "./schema.ts";
import { child } from "./schema-node.ts";
import { stationConfig } from "./station-config.ts";

export interface LoadedConfig {
  /** As it was named, for messages. */
  readonly path: string;
  /** Relative paths inside the file start here. */
  readonly baseDirectory: string;
  readonly file: ConfigFile;
  readonly station: StationConfig;
  readonly members: MemberList;
  readonly memberCount: number;
  /** Who may ask for something, with the keys that prove it. */
  readonly requests: RequestPolicy;
  /** SHA-256 of the configuration's meaning, with the keys it names and without the members. */
  readonly hash: string;
}

export type ConfigLoad =
  | {
      readonly ok: true;
      readonly config: LoadedConfig;
      readonly warnings: readonly Problem[];
      /** Finds fields in the text, for whatever is judged later. */
      readonly locator: Locator;
    }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] };

/** The largest station has some 200 bays: well below a quarter of these. */
const limits = { bytesMax: 1_000_000, nodesMax: 50_000 };

function inFile(file: string, problems: readonly Located[]): Problem[] {
  return [...problems].sort(byPosition).map((problem) => ({ file, ...problem }));
}

export function resolveBeside(baseDirectory: string, path: string): string {
  return isAbsolute(path) ? path : join(baseDirectory, path);
}

/** A members file that cannot be read is told where it is named. */
function namedWrongly(read: MembersRead, locator: Locator | undefined): Located[] {
  if (read.unreadable === undefined || locator === undefined) return [];
  const { message, expected } = read.unreadable;
  return [locate(locator, ["members", "file"], "value", { code: "E_CFG_MEMBERS_UNREADABLE", message, expected })];
}

/** A key file that changed is another configuration, though the file that names it is the same. */
function withKeys(file: ConfigFile, { keys }: KeysRead): ConfigFile {
  return { ...file, requests: { ...file.requests, keys: [...keys] } };
}

/** Reads a configuration and the members file it names. A file that changes on disk later is not noticed by itself. */
export function loadConfig(path: string, files: ConfigFiles = nodeConfigFiles()): ConfigLoad {
  const read = readYamlFile({ files, path, schema: ConfigFile, limits });
  if (read.is === "unreadable") return { ok: false, problems: inFile(path, [read.problem]), warnings: [] };
  const { root, locator, value } = read;
  if (root === undefined || locator === undefined) {
    return { ok: false, problems: inFile(path, read.problems), warnings: [] };
  }
  const baseDirectory = dirname(path);
  const crossed = crossCheck(root.value, locator);
  const named = child(child(root.value, "members"), "file");
  const membersPath = typeof named === "string" && named !== "" ? resolveBeside(baseDirectory, named) : undefined;
  const members = membersPath === undefined ? undefined : readMembers(files, membersPath);
  const resolve = (named: string): string => resolveBeside(baseDirectory, named);
  const keys = readRequestKeys(root.value, { files, locator, resolve });
  const membersNamed = members ? namedWrongly(members, locator) : [];
  const own = [...read.problems, ...crossed.problems, ...keys.problems, ...membersNamed];
  const problems = [...inFile(path, own), ...inFile(membersPath ?? "", members?.problems ?? [])];
  const advice = [...crossed.warnings, ...unsignedAllowed(root.value, locator)];
  const warnings = [...inFile(path, advice), ...inFile(membersPath ?? "", members?.warnings ?? [])];
  if (problems.length > 0 || value === undefined || members?.list === undefined) {
    // What a broken entry would have used is not unused.
    const sure = warnings.filter(({ code }) => code !== "W_CFG_UNUSED_BUS" && code !== "W_CFG_UNUSED_DEVICE");
    return { ok: false, problems, warnings: sure };
  }
  const config: LoadedConfig = {
    path,
    baseDirectory,
    file: value,
    station: stationConfig(value),
    members: members.list,
    memberCount: members.count,
    requests: requestPolicy(value.requests, keys.keys),
    hash: configHash(withKeys(value, keys)),
  };
  return { ok: true, config, warnings, locator };
}

export type OnDisk =
  | { readonly is: "same" | "changed" }
  | { readonly is: "broken"; readonly problems: readonly Problem[] };

/** Compares the running configuration with what now stands on disk; the running one stays what it is. */
export function compareWithDisk(running: LoadedConfig, files: ConfigFiles = nodeConfigFiles()): OnDisk {
  const now = loadConfig(running.path, files);
  if (!now.ok) return { is: "broken", problems: now.problems };
  return { is: now.config.hash === running.hash ? "same" : "changed" };
}

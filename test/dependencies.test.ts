/** What a replaced dependency would have to get past: every package is locked with its hash, and runs nothing as it is installed. */
import { describe, expect, test } from "vitest";
import { read } from "./support/repository.ts";

interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
}

interface Lock {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}

/** Both build or fetch native code: the serial line's binding, and the interrupts of header lines (optional, through onoff). */
const mayRunScripts = ["node_modules/@serialport/bindings-cpp", "node_modules/epoll"];

/** What is wrong with the packages of a lock file; nothing, when all is well. */
function flaws({ packages }: Lock): string[] {
  const found: string[] = [];
  for (const [path, { integrity, resolved, link, hasInstallScript }] of Object.entries(packages)) {
    if (path === "") continue;
    if (link === true) found.push(`${path} is a link to somewhere else`);
    if (integrity === undefined || !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity))
      found.push(`${path} has no SHA-512`);
    if (resolved !== undefined && !resolved.startsWith("https://")) found.push(`${path} comes from ${resolved}`);
    if (hasInstallScript === true && !mayRunScripts.includes(path)) found.push(`${path} runs a script when installed`);
  }
  return found;
}

const lock = JSON.parse(read("package-lock.json")) as Lock;
const manifest = JSON.parse(read("package.json")) as Manifest;
const direct = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };

describe("the lock file", () => {
  test("names every package with its hash, none from an unencrypted place or from beside the tree, and no new install script", () => {
    expect(Object.keys(lock.packages).length).toBeGreaterThan(100);
    expect(flaws(lock)).toEqual([]);
  });

  test("still lists every package that may run a script, so that an exception ends with its reason", () => {
    expect(mayRunScripts.filter((path) => lock.packages[path]?.hasInstallScript !== true)).toEqual([]);
  });

  test("agrees with the manifest, in which every version is exact", () => {
    for (const [name, version] of Object.entries(direct)) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
  });

  test("runs nothing of ours but the build when the package itself is installed", () => {
    const atInstall = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "postprepare"];
    expect(atInstall.filter((script) => Object.hasOwn(manifest.scripts, script))).toEqual([]);
  });
});

describe("a dependency that is not what it was", () => {
  const path = "node_modules/mqtt";
  const sound = lock.packages[path] ?? {};
  const { integrity: _hash, ...unhashed } = sound;

  test.each<[string, LockedPackage]>([
    ["without a hash", unhashed],
    ["with a hash that anybody can meet", { ...sound, integrity: "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=" }],
    ["from an unencrypted place", { ...sound, resolved: "http://packages.example/mqtt.tgz" }],
    ["from a folder beside the tree", { ...sound, link: true }],
    ["with a script of its own", { ...sound, hasInstallScript: true }],
  ])("is noticed %s", (_what, entry) => {
    expect(flaws({ ...lock, packages: { ...lock.packages, [path]: entry } })).toHaveLength(1);
  });
});

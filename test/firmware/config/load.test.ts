import { unlinkSync, writeFileSync } from "node:fs";
import mockFs from "mock-fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { configHash } from "../../../firmware/config/hash.ts";
import { compareWithDisk, type LoadedConfig, loadConfig } from "../../../firmware/config/load.ts";
import { AccessConfig } from "../../../services/access/config.ts";
import { AmenitiesConfig } from "../../../services/amenities/config.ts";
import { ClimateConfig } from "../../../services/climate/config.ts";
import { FridgeConfig } from "../../../services/fridge/config.ts";
import { loadText, members, patched, starter } from "./memory-files.ts";

function valid(text: string): LoadedConfig {
  const loaded = loadText(text);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

describe("the examples", () => {
  const advice = ["W_CFG_UNSIGNED_REQUESTS"];

  test("the reference station is three cabinets of twelve bays, and warned of nothing but unsigned requests", () => {
    const loaded = loadConfig("examples/reference-station.yaml");
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const { station, file } = loaded.config;
    expect(loaded.warnings.map(({ code }) => code)).toEqual(advice);
    expect(station).toMatchObject({ stationId: "liaoyuan-1", timeZone: "Asia/Shanghai", siteLimitW: 25_000 });
    expect(station.cabinets.map(({ id, bays }) => `${id} ${bays[0]}..${bays.at(-1)}`)).toEqual([
      "a 1..12",
      "b 13..24",
      "c 25..36",
    ]);
    expect(station.bays).toHaveLength(37);
    expect(station.bays[0]).toBeUndefined();
    expect(station.bays[36]).toEqual({ bay: 36, cabinet: "c", hasHeater: true, hasDoorSwitch: true });
    expect(station.cabinets.every(({ hasSmoke, hasFan }) => hasSmoke && hasFan)).toBe(true);
    expect(file.buses).toHaveLength(48);
    expect(file.devices).toHaveLength(93);
  });

  test("the starter cabinet has four bays, and is warned of nothing but unsigned requests", () => {
    const loaded = loadConfig("examples/starter-cabinet.yaml");
    expect(loaded).toMatchObject({ ok: true });
    expect(loaded.warnings.map(({ code }) => code)).toEqual(advice);
    expect(loaded.ok && loaded.config.station.bays.length).toBe(5);
  });
});

describe("the room of the example", () => {
  const loaded = loadConfig("examples/room-station.yaml");
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const { room } = loaded.config.station;
  if (room === undefined) throw new Error("there is no room");

  test("has everything a station offers, and lacks only what nobody can write for you: keys", () => {
    expect(loaded.warnings.map(({ code }) => code)).toEqual(["W_CFG_UNSIGNED_REQUESTS", "W_CFG_NO_ISSUER"]);
    expect(new Set(room.amenities.map(({ kind }) => kind)).size).toBe(10);
    expect(room).toMatchObject({ climateSensors: 2, hasPresence: true });
  });

  test("says what is there by what is wired", () => {
    expect(room.access.doors).toMatchObject([
      { id: "front", lock: "strike", hasExitRequest: true, hasTamper: true, hasLockPower: false },
    ]);
    expect(room.climate).toMatchObject({ hasHeater: true, hasCooler: true, sensors: 2 });
    expect(room.fridge).toMatchObject({ hasDefrostHeater: true });
    const counts = room.amenities.flatMap((one) => ("lockers" in one ? [[one.id, one.lockers]] : []));
    expect(counts).toEqual([
      ["phones", 6],
      ["gifts", 4],
    ]);
    expect(room.amenities.find(({ kind }) => kind === "rescue-cabinet")).toMatchObject({ hasAed: true });
  });

  test("hands on no wire, and nothing that the services' own rules refuse", () => {
    expect(JSON.stringify(room)).not.toMatch(/wires|device|relay/);
    expect(AccessConfig.parse(room.access)).toEqual(room.access);
    expect(ClimateConfig.parse(room.climate)).toEqual(room.climate);
    expect(FridgeConfig.parse(room.fridge)).toEqual(room.fridge);
    expect(AmenitiesConfig.parse(room.amenities)).toEqual(room.amenities);
  });

  test("knows where each reader stands, and which of them are at a door", () => {
    expect(room.readers.map(({ id, place }) => `${id} ${place.at}`)).toEqual([
      "front-codes door",
      "front-cards door",
      "fridge fridge",
      "phones amenity",
      "gifts amenity",
      "dryer amenity",
    ]);
    expect(room.access.readers).toEqual([
      { id: "front-codes", door: "front" },
      { id: "front-cards", door: "front" },
    ]);
  });

  test("is not there where no section of it is", () => {
    expect(valid(starter).station).not.toHaveProperty("room");
    expect(valid(`${starter}room: {}\n`).station.room).toMatchObject({ climateSensors: 0, amenities: [], readers: [] });
  });
});

describe("what the services get", () => {
  test("left-out sections have their defaults, and bays without parts say so", () => {
    const bare = starter
      .replace("    fan: { device: relay-2, relay: 1 }\n", "")
      .replace("    smoke: { device: relay-2, input: 1 }\n", "")
      .replace("door: { device: relay-1, input: 1 }, ", "")
      .replace(", heater: { device: relay-1, relay: 2 }", "");
    const { station } = valid(bare);
    expect(station.cabinets).toMatchObject([{ id: "a", bays: [1, 2, 3, 4], hasSmoke: false, hasFan: false }]);
    const none = { hasConductor: false, hasWater: false, hasAerosol: false, hasAlarm: false };
    expect(station.cabinets).toMatchObject([none]);
    expect(station).toMatchObject({ hasEmergencyStop: false, hasAlarm: false, hasExitRelease: false });
    expect(station.bays[1]).toEqual({ bay: 1, cabinet: "a", hasHeater: false, hasDoorSwitch: false });
    expect(station.swap.insertWindowMs).toBe(60_000);
    expect(station.safety.chargeMinC).toBe(0);
  });

  test("bay numbers may have holes", () => {
    const { station } = valid(starter.replace("bay: 4,", "bay: 40,"));
    expect(station.bays).toHaveLength(41);
    expect(station.bays.filter((bay) => bay !== undefined)).toHaveLength(4);
    expect(5 in station.bays).toBe(true);
  });
});

describe("the hash", () => {
  const { hash } = valid(starter);

  test("does not change with comments, spacing, order or defaults that are written out", () => {
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(valid(`# a comment\n${starter.replaceAll("  - {", "  -   {")}`).hash).toBe(hash);
    expect(
      valid(`${starter.replace("members:\n  file: members.yaml\n", "")}\nmembers: { file: members.yaml }\n`).hash,
    ).toBe(hash);
    expect(valid(starter.replace("id: codes,", "id: codes, stopBits: 1,")).hash).toBe(hash);
  });

  test("does not depend on the order a program builds its objects in", () => {
    const { file } = valid(starter);
    expect(configHash(file)).toBe(hash);
    expect(configHash(Object.fromEntries(Object.entries(file).reverse()) as typeof file)).toBe(hash);
  });

  test("changes with everything the station obeys", () => {
    expect(valid(starter.replace("siteLimitW: 3000", "siteLimitW: 3001")).hash).not.toBe(hash);
    expect(valid(patched(starter, "members.yaml", "members.yaml\nswap: { strictOwner: false }")).hash).not.toBe(hash);
  });
});

describe("the reader on a file system", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    mockFs.restore();
  });

  const layout = () => mockFs({ "/etc/yizhan": { "config.yaml": starter, "members.yaml": members, folder: {} } });

  test("finds the members beside the configuration, wherever the process was started", () => {
    layout();
    const loaded = loadConfig("/etc/yizhan/config.yaml");
    expect(loaded).toMatchObject({
      ok: true,
      config: { baseDirectory: "/etc/yizhan", path: "/etc/yizhan/config.yaml" },
    });
  });

  test("takes an absolute path to the members as it is", () => {
    mockFs({ "/a/config.yaml": starter.replace("members.yaml", "/b/list.yaml"), "/b/list.yaml": members });
    expect(loadConfig("/a/config.yaml").ok).toBe(true);
  });

  test.each([
    ["a file that is not there", "/etc/yizhan/other.yaml", "no such file"],
    ["a directory", "/etc/yizhan/folder", "directory"],
    ["a path through a file", "/etc/yizhan/config.yaml/x", "not a directory"],
    ["a name with a zero byte", "/etc/yizhan/\0", "not allowed"],
  ])("%s is told as unreadable", (_, path, words) => {
    layout();
    const loaded = loadConfig(path);
    expect(loaded).toMatchObject({
      ok: false,
      problems: [{ file: path, line: 1, column: 1, path: ".", code: "E_CFG_UNREADABLE" }],
    });
    expect(loaded.ok || loaded.problems[0]?.message.en).toContain(words);
  });

  test("a file without permission is told as unreadable", () => {
    mockFs({ "/etc/yizhan/config.yaml": mockFs.file({ content: starter, mode: 0o000, uid: 12_345, gid: 12_345 }) });
    // The tests may run as root, whom the mock lets read everything.
    vi.spyOn(process, "getuid").mockReturnValue(1_000);
    vi.spyOn(process, "getgid").mockReturnValue(1_000);
    const loaded = loadConfig("/etc/yizhan/config.yaml");
    expect(loaded.ok ? "" : loaded.problems[0]?.message.en).toBe("reading it is not permitted");
  });

  test("a members file that vanished is told where it is named", () => {
    layout();
    // Not rmSync: since Node 24 it is native code, which mock-fs does not see.
    unlinkSync("/etc/yizhan/members.yaml");
    const loaded = loadConfig("/etc/yizhan/config.yaml");
    expect(loaded.ok ? [] : loaded.problems).toMatchObject([
      { file: "/etc/yizhan/config.yaml", path: "members.file", code: "E_CFG_MEMBERS_UNREADABLE" },
    ]);
  });

  test("a configuration that vanished is a problem, not an exception", () => {
    layout();
    unlinkSync("/etc/yizhan/config.yaml");
    expect(loadConfig("/etc/yizhan/config.yaml").ok).toBe(false);
  });

  test("a change under the running process is seen when asked for, and the running one stays", () => {
    layout();
    const loaded = loadConfig("/etc/yizhan/config.yaml");
    if (!loaded.ok) throw new Error("not valid");
    expect(compareWithDisk(loaded.config)).toEqual({ is: "same" });
    writeFileSync("/etc/yizhan/config.yaml", `# touched\n${starter}`);
    expect(compareWithDisk(loaded.config)).toEqual({ is: "same" });
    writeFileSync("/etc/yizhan/config.yaml", starter.replace("siteLimitW: 3000", "siteLimitW: 3001"));
    expect(compareWithDisk(loaded.config)).toEqual({ is: "changed" });
    writeFileSync("/etc/yizhan/config.yaml", "station: {");
    expect(compareWithDisk(loaded.config).is).toBe("broken");
    expect(loaded.config.station.siteLimitW).toBe(3_000);
  });
});

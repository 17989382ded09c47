/** Advice: a file with nothing but these is valid. Each says what could bite later. */
import { judgeIdPattern } from "./id-pattern.ts";
import { type Located, type Locator, locate } from "./problem.ts";
import type { Survey } from "./survey.ts";
import { useRules } from "./use-rules.ts";

function movingNames({ buses, devices }: Survey, locator: Locator): Located[] {
  const ports = devices.flatMap(({ path, value }) => (value.kind === "firmata" ? [{ path, value }] : []));
  return [...buses, ...ports]
    .filter(({ value }) => /^\/dev\/tty(USB|ACM)\d+$/.test(value.path))
    .map(({ path, value }) =>
      locate(locator, [...path, "path"], "value", {
        code: "W_CFG_TTY_NAME",
        message: {
          zh: `${value.path} 在重启后可能变成另一个端口`,
          en: `${value.path} may be another port after a restart`,
        },
        expected: { zh: "/dev/serial/by-path/ 下的名字", en: "a name below /dev/serial/by-path/" },
        nearest: "/dev/serial/by-path/…",
      }),
    );
}

function unusedParts({ buses, devices, uses, thermistorUses }: Survey, locator: Locator): Located[] {
  const usedBuses = new Set(devices.flatMap(({ value }) => ("bus" in value ? [value.bus] : [])));
  const usedDevices = new Set(uses.flatMap(({ on }) => (on.is === "device" ? [on.device] : [])));
  for (const { value } of thermistorUses) usedDevices.add(value.device);
  const expected = { zh: "被使用，或者删去", en: "to be used, or left out" };
  return [
    ...buses
      .filter(({ value }) => !usedBuses.has(value.id))
      .map(({ path, value }) => {
        const message = { zh: `没有设备接在总线 ${value.id} 上`, en: `no device is on the bus ${value.id}` };
        return locate(locator, [...path, "id"], "value", { code: "W_CFG_UNUSED_BUS", message, expected });
      }),
    ...devices
      .filter(({ value }) => !usedDevices.has(value.id))
      .map(({ path, value }) => {
        const message = { zh: `没有任何地方使用设备 ${value.id}`, en: `nothing uses the device ${value.id}` };
        return locate(locator, [...path, "id"], "value", { code: "W_CFG_UNUSED_DEVICE", message, expected });
      }),
  ];
}

function outputs({ uses, hasMasterEnable }: Survey, locator: Locator): Located[] {
  const untimed = uses.filter(({ role, on }) => useRules[role].isPower === true && on.is === "gpio");
  const told = untimed.map((use) =>
    locate(locator, [...use.path, "gpio"], "value", {
      code: "W_CFG_UNTIMED_OUTPUT",
      message: {
        zh: "GPIO 不会自己断开，只能靠守护进程",
        en: "a header line does not switch off by itself; only the guardian drops it",
      },
      expected: { zh: "继电器板上的继电器", en: "a relay of a relay board" },
    }),
  );
  if (hasMasterEnable) return told;
  const missing = locate(locator, ["masterEnable"], "key", {
    code: "W_CFG_NO_MASTER_ENABLE",
    message: { zh: "没有总使能，守护进程无从切断接触器", en: "is missing, so the guardian has nothing to drop" },
    expected: { zh: "masterEnable: { gpio: 17 }", en: "masterEnable: { gpio: 17 }" },
  });
  return [missing, ...told];
}

function texts({ timeZone, packs, devices }: Survey, locator: Locator): Located[] {
  const told: Located[] = [];
  const zone = timeZone?.verdict;
  if (zone?.is === "sign" && !zone.behind) {
    told.push(
      locate(locator, ["station", "timeZone"], "value", {
        code: "W_CFG_TIME_ZONE_SIGN",
        message: { zh: `意思是比 UTC 快 ${zone.hours} 小时`, en: `means ${zone.hours} hours ahead of UTC` },
        expected: { zh: "地区名", en: "the name of a region" },
        nearest: zone.nearest,
      }),
    );
  }
  const pattern = packs === undefined ? undefined : judgeIdPattern(packs.idPattern);
  if (packs !== undefined && pattern?.is === "good" && !pattern.anchored) {
    told.push(
      locate(locator, ["packs", "idPattern"], "value", {
        code: "W_CFG_ID_PATTERN_OPEN",
        message: { zh: "编号中间匹配也算本站电池", en: "also accepts ids that only contain it" },
        expected: { zh: "以 ^ 开头、以 $ 结尾", en: "a pattern from ^ to $" },
        nearest: `^${packs.idPattern.replace(/^\^|\$$/g, "")}$`,
      }),
    );
  }
  for (const { path, value } of devices) {
    if (value.kind !== "w1-thermometer" || value.path.endsWith("/w1_slave")) continue;
    told.push(
      locate(locator, [...path, "path"], "value", {
        code: "W_CFG_SENSOR_PATH",
        message: { zh: "不像内核的温度计文件", en: "does not look like a thermometer file of the kernel" },
        expected: { zh: "以 /w1_slave 结尾的路径", en: "a path that ends in /w1_slave" },
        nearest: `${value.path.replace(/\/$/, "")}/w1_slave`,
      }),
    );
  }
  return told;
}

export function warningsFor(survey: Survey, locator: Locator): Located[] {
  return [movingNames, unusedParts, outputs, texts].flatMap((check) => check(survey, locator));
}

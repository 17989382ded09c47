/** Numbers that are each allowed but contradict each other, and texts that only their own reader can judge. */
import { judgeIdPattern } from "./id-pattern.ts";
import { type Bilingual, type Detail, type Located, type Locator, locate, type Path, shorten } from "./problem.ts";
import { isSecret } from "./schema-problems.ts";
import type { Survey } from "./survey.ts";

/** A lithium cell at 4.2 V is full; 0.05 V is what a charger and a wire may add. LFP cells stay below this anyway. */
const CELL_MAX_MV = 4_250;
/** Below 2 V a cell is damaged and must not be charged. */
const CELL_MIN_MV = 2_000;

/** The first of the fields that stands in the file; the others have their defaults. */
function written(locator: Locator, ...paths: readonly [Path, ...Path[]]): Path {
  return paths.find((path) => locator.has(path)) ?? paths[0];
}

function limit(code: Detail["code"], message: Bilingual, bound: Bilingual, nearest: number): Detail {
  return { code, message, expected: bound, nearest: String(nearest) };
}

const atMost = (value: number, unit: string) => ({ zh: `不超过 ${value} ${unit}`, en: `at most ${value} ${unit}` });
const atLeast = (value: number, unit: string) => ({ zh: `至少 ${value} ${unit}`, en: `at least ${value} ${unit}` });

function timeZone({ timeZone: zone }: Survey, locator: Locator): Located[] {
  if (zone === undefined) return [];
  const { name, verdict } = zone;
  if (verdict.is === "good" || (verdict.is === "sign" && !verdict.behind)) return [];
  const shown = JSON.stringify(shorten(name));
  const told: Pick<Detail, "code" | "message"> =
    verdict.is === "sign"
      ? {
          code: "E_CFG_TIME_ZONE_SIGN",
          message: {
            zh: `${shown} 的意思是比 UTC 慢 ${verdict.hours} 小时`,
            en: `${shown} means ${verdict.hours} hours behind UTC`,
          },
        }
      : {
          code: "E_CFG_TIME_ZONE",
          message:
            verdict.is === "offset"
              ? { zh: `${shown} 是时差，不是时区名`, en: `${shown} is an offset, not the name of a zone` }
              : { zh: `时区 ${shown} 不存在`, en: `there is no time zone ${shown}` },
        };
  const detail: Detail = { ...told, expected: { zh: "IANA 时区名", en: "an IANA name" }, nearest: verdict.nearest };
  return [locate(locator, ["station", "timeZone"], "value", detail)];
}

function brokerUrl({ brokerUrl: text }: Survey, locator: Locator): Located[] {
  if (text === undefined) return [];
  const path = ["mqtt", "url"];
  if (isSecret(path, text)) {
    const detail: Detail = {
      code: "E_CFG_SECRET_IN_URL",
      message: { zh: "地址中带有用户名或密码", en: "holds a user name or a password" },
      expected: { zh: "用 username 和 passwordFile 给出", en: "username and passwordFile beside it instead" },
      nearest: text.replace(/\/\/.*@/, "//"),
    };
    return [locate(locator, path, "value", detail)];
  }
  const host = /^mqtts?:\/\/(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d+))?$/.exec(text);
  const port = Number(host?.[2] ?? 1883);
  if (host !== null && port >= 1 && port <= 65_535) return [];
  const detail: Detail = {
    code: "E_CFG_MQTT_URL",
    message: { zh: `地址 ${JSON.stringify(text)} 无效`, en: `is not an address: ${JSON.stringify(text)}` },
    expected: { zh: "mqtt://主机:端口，端口为 1 到 65535", en: "mqtt://host:port with a port from 1 to 65535" },
    nearest:
      host === null ? undefined : `${text.slice(0, text.lastIndexOf(":"))}:${Math.min(65_535, Math.max(1, port))}`,
  };
  return [locate(locator, path, "value", detail)];
}

function idPattern({ packs }: Survey, locator: Locator): Located[] {
  if (packs === undefined) return [];
  const verdict = judgeIdPattern(packs.idPattern);
  if (verdict.is === "good") return [];
  const detail: Detail = {
    code: "E_CFG_ID_PATTERN",
    message: verdict.why,
    expected: { zh: "简单的正则表达式，如 ^yz-[a-z0-9-]+$", en: "a plain regular expression such as ^yz-[a-z0-9-]+$" },
    nearest: verdict.nearest ?? "^yz-[a-z0-9-]+$",
  };
  return [locate(locator, ["packs", "idPattern"], "value", detail)];
}

function packVoltage({ packs }: Survey, locator: Locator): Located[] {
  if (packs === undefined) return [];
  const { cells, chargeMv, minPackMv } = packs;
  const problems: Located[] = [];
  const per = (mv: number) => ({
    zh: `${cells} 串电池`,
    en: `${cells} cells at ${(mv / cells / 1_000).toFixed(2)} V each`,
  });
  if (chargeMv > CELL_MAX_MV * cells) {
    const path = written(locator, ["packs", "chargeMv"], ["packs", "cells"]);
    const message = {
      zh: `${chargeMv} mV 对 ${cells} 串电池过高`,
      en: `${chargeMv} mV is too high: ${per(chargeMv).en}`,
    };
    const isCells = path.at(-1) === "cells";
    const nearest = isCells ? Math.ceil(chargeMv / 4_200) : cells * 4_200;
    const bound = isCells ? atLeast(nearest, "cells") : atMost(CELL_MAX_MV * cells, "mV");
    problems.push(locate(locator, path, "value", limit("E_CFG_CHARGE_VOLTAGE", message, bound, nearest)));
  }
  if (minPackMv < CELL_MIN_MV * cells || minPackMv >= chargeMv) {
    const path = written(locator, ["packs", "minPackMv"], ["packs", "cells"], ["packs", "chargeMv"]);
    const isLow = minPackMv < CELL_MIN_MV * cells;
    const message = isLow
      ? {
          zh: `minPackMv ${minPackMv} mV 对 ${cells} 串电池过低`,
          en: `minPackMv ${minPackMv} mV is too low: ${per(minPackMv).en}`,
        }
      : { zh: `minPackMv ${minPackMv} mV 不低于充电电压`, en: `minPackMv ${minPackMv} mV is not below chargeMv` };
    const bound = isLow
      ? atLeast(CELL_MIN_MV * cells, "mV")
      : { zh: `低于 ${chargeMv} mV`, en: `below ${chargeMv} mV` };
    problems.push(locate(locator, path, "value", limit("E_CFG_PACK_VOLTAGE", message, bound, CELL_MIN_MV * cells)));
  }
  return problems;
}

/** The last two digits of a DPM86xx's name are its largest current in A (maker's data sheet). */
function chargerMaxMa(survey: Survey): number {
  const models = survey.devices.flatMap(({ value }) => (value.kind === "dpm86" ? [value.model] : []));
  return Math.min(24_000, ...models.map((model) => Number(model.slice(-2)) * 1_000));
}

function currents(survey: Survey, locator: Locator): Located[] {
  const { packs, charging } = survey;
  if (packs === undefined) return [];
  const problems: Located[] = [];
  const code = "E_CFG_CHARGE_CURRENT";
  const path = written(locator, ["packs", "chargeMa"], ["packs", "capacityMah"]);
  const weakest = chargerMaxMa(survey);
  if (packs.chargeMa > packs.capacityMah) {
    const message = { zh: `${packs.chargeMa} mA 超过 1 C`, en: `${packs.chargeMa} mA is more than 1 C of the pack` };
    const bound = atMost(packs.capacityMah, "mA");
    problems.push(locate(locator, path, "value", limit(code, message, bound, Math.round(packs.capacityMah / 2))));
  } else if (packs.chargeMa > weakest) {
    const message = {
      zh: `${packs.chargeMa} mA 超过最小充电器的能力`,
      en: `${packs.chargeMa} mA is more than the smallest charger gives`,
    };
    problems.push(locate(locator, path, "value", limit(code, message, atMost(weakest, "mA"), weakest)));
  }
  if (charging !== undefined && charging.deratedMa > packs.chargeMa) {
    const derated = written(locator, ["charging", "deratedMa"], ["packs", "chargeMa"]);
    const message = {
      zh: `deratedMa ${charging.deratedMa} mA 高于 chargeMa`,
      en: `deratedMa ${charging.deratedMa} mA is above chargeMa`,
    };
    problems.push(
      locate(locator, derated, "value", limit(code, message, atMost(packs.chargeMa, "mA"), packs.chargeMa)),
    );
  }
  return problems;
}

function siteLimit({ siteLimitW, packs, charging }: Survey, locator: Locator): Located[] {
  if (siteLimitW === undefined || packs === undefined || charging === undefined) return [];
  const chargerW = Math.ceil((packs.chargeMa * packs.chargeMv) / 1_000_000 / charging.chargerEfficiency);
  if (siteLimitW >= chargerW) return [];
  const message = {
    zh: `siteLimitW ${siteLimitW} W 不够一台充电器（${chargerW} W）`,
    en: `siteLimitW ${siteLimitW} W is less than one charger takes (${chargerW} W)`,
  };
  const detail = limit("E_CFG_SITE_LIMIT", message, atLeast(chargerW, "W"), chargerW);
  return [locate(locator, written(locator, ["station", "siteLimitW"], ["packs", "chargeMa"]), "value", detail)];
}

function stateOfCharge({ charging }: Survey, locator: Locator): Located[] {
  if (charging === undefined || charging.targetSocPct <= charging.maxSocPct) return [];
  const { targetSocPct, maxSocPct } = charging;
  const path = written(locator, ["charging", "targetSocPct"], ["charging", "maxSocPct"]);
  const isTarget = path.at(-1) === "targetSocPct";
  const message = {
    zh: `targetSocPct ${targetSocPct} 高于 maxSocPct ${maxSocPct}`,
    en: `targetSocPct ${targetSocPct} is above maxSocPct ${maxSocPct}`,
  };
  const bound = isTarget ? atMost(maxSocPct, "%") : atLeast(targetSocPct, "%");
  const detail = limit("E_CFG_SOC_ORDER", message, bound, isTarget ? maxSocPct : targetSocPct);
  return [locate(locator, path, "value", detail)];
}

function temperatures({ safety, charging }: Survey, locator: Locator): Located[] {
  if (safety === undefined) return [];
  const { chargeMinC, fullCurrentMinC, chargeMaxC } = safety;
  const rising: [Path, string, number, Path, string, number][] = [
    [
      ["safety", "chargeMinC"],
      "chargeMinC",
      chargeMinC,
      ["safety", "fullCurrentMinC"],
      "fullCurrentMinC",
      fullCurrentMinC,
    ],
    [
      ["safety", "fullCurrentMinC"],
      "fullCurrentMinC",
      fullCurrentMinC,
      ["safety", "chargeMaxC"],
      "chargeMaxC",
      chargeMaxC,
    ],
  ];
  if (charging !== undefined) {
    const { warmToC } = charging;
    rising.push([["safety", "chargeMinC"], "chargeMinC", chargeMinC, ["charging", "warmToC"], "warmToC", warmToC]);
    rising.push([["charging", "warmToC"], "warmToC", warmToC, ["safety", "chargeMaxC"], "chargeMaxC", chargeMaxC]);
  }
  return rising.flatMap(([lowPath, lowName, low, highPath, highName, high]) => {
    if (low <= high) return [];
    const path = written(locator, lowPath, highPath);
    const isLow = path === lowPath;
    const message = {
      zh: `${lowName} ${low} °C 高于 ${highName} ${high} °C`,
      en: `${lowName} ${low} °C is above ${highName} ${high} °C`,
    };
    const bound = isLow ? atMost(high, "°C") : atLeast(low, "°C");
    return [locate(locator, path, "value", limit("E_CFG_TEMPERATURE_ORDER", message, bound, isLow ? high : low))];
  });
}

export function ruleProblems(survey: Survey, locator: Locator): Located[] {
  return [timeZone, brokerUrl, idPattern, packVoltage, currents, siteLimit, stateOfCharge, temperatures].flatMap(
    (check) => check(survey, locator),
  );
}

/** What must agree about the line to the broker. Whether the files themselves are fit is judged by `credentials.ts`. */
import { type Located, type Locator, locate } from "./problem.ts";
import type { Survey, TlsField } from "./survey.ts";

const partners = { certFile: "keyFile", keyFile: "certFile" } as const;

function unused({ brokerUrl, brokerTls }: Survey, locator: Locator): Located[] {
  if (brokerUrl === undefined || brokerUrl.startsWith("mqtts:")) return [];
  return brokerTls.map((field) =>
    locate(locator, ["mqtt", field], "value", {
      code: "E_CFG_TLS_UNUSED",
      message: { zh: "地址不是 mqtts://，此项不会被使用", en: "is of no use, because the address is not mqtts://" },
      expected: { zh: "mqtts:// 地址，或者删去此项", en: "an address with mqtts://, or this left out" },
      nearest: brokerUrl.replace(/^mqtt:/, "mqtts:").replace(/:1883$/, ":8883"),
    }),
  );
}

function halves({ brokerTls }: Survey, locator: Locator): Located[] {
  const has = (field: TlsField): boolean => brokerTls.includes(field);
  return (["certFile", "keyFile"] as const)
    .filter((field) => has(field) && !has(partners[field]))
    .map((field) =>
      locate(locator, ["mqtt", field], "key", {
        code: "E_CFG_TLS_INCOMPLETE",
        message: { zh: `缺少 ${partners[field]}`, en: `stands without ${partners[field]}` },
        expected: { zh: "certFile 与 keyFile 两者", en: "both certFile and keyFile" },
      }),
    );
}

export function brokerProblems(survey: Survey, locator: Locator): Located[] {
  return [...unused(survey, locator), ...halves(survey, locator)];
}

/** What never leaves the computer needs no cipher. */
const isLoopback = (url: string): boolean => /^mqtt:\/\/(127\.[0-9.]+|localhost|\[::1\])(:|$)/.test(url);

export function plainBroker({ brokerUrl }: Survey, locator: Locator): Located[] {
  if (brokerUrl === undefined || brokerUrl.startsWith("mqtts:") || isLoopback(brokerUrl)) return [];
  return [
    locate(locator, ["mqtt", "url"], "value", {
      code: "W_CFG_MQTT_PLAIN",
      message: {
        zh: "没有加密：途中任何人都能看到和改动一切",
        en: "is not encrypted: whoever sits on the way sees and changes everything",
      },
      expected: { zh: "mqtts://，并给出证书", en: "mqtts:// with certificates" },
      nearest: brokerUrl.replace(/^mqtt:/, "mqtts:").replace(/:1883$/, ":8883"),
    }),
  ];
}

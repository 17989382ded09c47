/** What must hold for every source and every sample file at once: nobody skips a verification, and every topic has its right. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadConfig } from "../../firmware/config/load.ts";
import { ConfigFile } from "../../firmware/config/schema.ts";
import { contract } from "../../services/contract/topics.ts";

function textsBelow(folder: string): [string, string][] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry): [string, string][] => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return textsBelow(path);
    return /\.(ts|js|mjs|yaml|conf|md)$/.test(entry.name) ? [[path, readFileSync(path, "utf8")]] : [];
  });
}

describe("verification", () => {
  const everything = ["bin", "firmware", "hal", "services", "simulator", "scripts", "examples", "docs"].flatMap(
    textsBelow,
  );

  // Written so that this file does not contain what it looks for.
  test.each([
    ["rejectUnauthorized", /rejectUnauthorized["']?\s*[:=](?!\s*true\b)/],
    ["an environment variable that switches it off", new RegExp(["NODE_TLS", "REJECT_UNAUTHORIZED"].join("_"))],
    ["a check of the host's name of our own", /checkServerIdentity/],
    ["an insecure option of a tool", /--insecure\b|allow_self_signed/],
  ])("is never switched off: %s", (_, pattern) => {
    expect(everything.length).toBeGreaterThan(300);
    expect(everything.filter(([, text]) => pattern.test(text)).map(([path]) => path)).toEqual([]);
  });

  test("is asked for in so many words where the connection is made", () => {
    expect(readFileSync("firmware/platform/broker-tls.ts", "utf8")).toContain("rejectUnauthorized: true");
  });
});

describe("the sample rights of brokers", () => {
  const told = Object.values(contract)
    .filter(({ direction }) => direction === "out")
    .map(({ topic }) => topic.replace(/\{\w+\}/g, "+"));

  test("let a station write each topic that the contract has it write, and no other", () => {
    const acl = readFileSync("examples/brokers/mosquitto.acl", "utf8");
    const writes = [...acl.matchAll(/^pattern write yizhan\/1\/%u\/(.*)$/gm)].map((match) => match[1]);
    expect(writes.toSorted()).toEqual(told.toSorted());
    expect([...acl.matchAll(/^pattern (readwrite|write|read) (?!yizhan\/1\/%u\/)/gm)]).toEqual([]);
  });

  test("are the same at NATS, for each station that stands there", () => {
    const text = readFileSync("examples/brokers/nats.conf", "utf8");
    for (const station of ["liaoyuan-1", "liaoyuan-2"]) {
      const block = new RegExp(`user: "CN=${station}"[\\s\\S]*?publish: \\[([\\s\\S]*?)\\]`).exec(text)?.[1] ?? "";
      const writes = [...block.matchAll(/"yizhan\.1\.([^"]*)"/g)].map((match) => match[1]);
      const subjects = told.map((topic) => `${station}.${topic.replaceAll("/", ".").replaceAll("+", "*")}`);
      expect(writes.toSorted()).toEqual(subjects.toSorted());
    }
  });

  test("let a station read its own requests, access list and faults, and nothing else", () => {
    const acl = readFileSync("examples/brokers/mosquitto.acl", "utf8");
    const reads = [...acl.matchAll(/^pattern read (.*)$/gm)].map((match) => match[1]);
    const heard = Object.values(contract).filter(({ direction }) => direction === "in");
    const topics = [...heard, contract.fault].map(({ topic }) => topic.replace(/\{\w+\}/g, "+"));
    expect(reads.toSorted()).toEqual(topics.map((topic) => `yizhan/1/%u/${topic}`).toSorted());
  });

  test("let an operator read, ask, publish a list, and nothing else", () => {
    const acl = readFileSync("examples/brokers/mosquitto.acl", "utf8");
    expect([...acl.matchAll(/^topic (.*)$/gm)].map((match) => match[1])).toEqual([
      "read yizhan/1/#",
      "write yizhan/1/+/request/+",
      "write yizhan/1/+/access-list",
    ]);
  });
});

describe("nothing that would be the same at every station comes along", () => {
  const loads = ["reference-station", "starter-cabinet"].map((name) => {
    const loaded = loadConfig(`examples/${name}.yaml`);
    if (!loaded.ok) throw new Error(name);
    return loaded.config.file;
  });

  test("no configuration has a user name, a password, a certificate or a key of requests by default", () => {
    for (const { mqtt, requests } of loads) {
      expect(Object.keys(mqtt ?? {})).toEqual(["url"]);
      expect(requests.keys).toEqual([]);
    }
  });

  test("no private key lies in the repository", () => {
    const begin = ["-----BEGIN", "(EC |RSA |ENCRYPTED )?PRIVATE KEY-----\\n[A-Za-z0-9+/]{20}"].join(" ");
    const all = ["bin", "firmware", "hal", "services", "simulator", "scripts", "examples", "docs", "test"].flatMap(
      textsBelow,
    );
    expect(all.filter(([, text]) => new RegExp(begin).test(text)).map(([path]) => path)).toEqual([]);
  });

  test("nothing listens unless it is asked to, and then on this computer only", () => {
    for (const { http } of loads) expect(http).toBeUndefined();
    expect(ConfigFile.shape.http.unwrap().parse({}).host).toBe("127.0.0.1");
  });
});

describe("what others need to know", () => {
  test("SECURITY.md says how to report a weakness, and what does not protect", () => {
    const text = readFileSync("SECURITY.md", "utf8");
    expect(text).toMatch(/## Reporting[\s\S]*report a weakness in private/);
    expect(text).toMatch(/## What does not, yet/);
  });
});

/** `file › name`, where the name may be that of a table (`%s`). */
const named = /`(test\/[^`]+?\.test\.ts) › ([^`]+)`/g;

describe("the table of the thirteen provisions", () => {
  const page = readFileSync("docs/explanation/security.md", "utf8");
  const rows = page.split("\n").filter((line) => /^\| 5\.\d+ /.test(line));

  test("has all thirteen, each with a test that is named or with a gap that is stated", () => {
    expect(rows.map((row) => /^\| (5\.\d+) /.exec(row)?.[1])).toEqual(
      Array.from({ length: 13 }, (_, n) => `5.${n + 1}`),
    );
    for (const row of rows) {
      expect([...row.matchAll(named)].length > 0 || row.includes("**gap**"), row).toBe(true);
    }
  });

  test.each([...page.matchAll(named)].map((match) => [match[1] as string, match[2] as string]))(
    "names a test that there is: %s › %s",
    (file, name) => {
      expect(readFileSync(file, "utf8")).toContain(`"${name}"`);
    },
  );
});

/** What must hold for every source and every sample file at once: nobody skips a verification, and every topic has its right. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
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

  test("let a station read its own requests and its own faults, and nothing else", () => {
    const acl = readFileSync("examples/brokers/mosquitto.acl", "utf8");
    const reads = [...acl.matchAll(/^pattern read (.*)$/gm)].map((match) => match[1]);
    expect(reads).toEqual(["yizhan/1/%u/request/+", "yizhan/1/%u/fault/+/+"]);
  });

  test("let an operator read, ask, and nothing else", () => {
    const acl = readFileSync("examples/brokers/mosquitto.acl", "utf8");
    expect([...acl.matchAll(/^topic (.*)$/gm)].map((match) => match[1])).toEqual([
      "read yizhan/1/#",
      "write yizhan/1/+/request/+",
    ]);
  });
});

/** `yizhan check` looks at certificates and key as well, and says with each what mends it. */
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkCommand } from "../../firmware/cli/check.ts";
import { type Authority, hasOpenssl, makeAuthority, openssl } from "../support/certificates.ts";

const made = hasOpenssl();
const DAY_MS = 86_400_000;

describe.runIf(made)("yizhan check, with certificates", () => {
  let directory: string;
  let authority: Authority;
  let config: string;

  beforeAll(() => {
    authority = makeAuthority();
    directory = mkdtempSync(join(tmpdir(), "yizhan-check-tls-"));
    config = join(directory, "config.yaml");
    writeFileSync(join(directory, "members.yaml"), readFileSync("examples/members.yaml"));
    const text = readFileSync("examples/starter-cabinet.yaml", "utf8");
    const tls = "url: mqtts://mqtt.example.com:8883\n  caFile: ca.crt\n  certFile: station.crt\n  keyFile: station.key";
    writeFileSync(config, text.replace("url: mqtt://127.0.0.1:1883", tls));
  });
  afterAll(() => {
    authority?.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  function install(options: { commonName?: string; fromMs?: number; toMs?: number } = {}): void {
    const { certFile, keyFile } = authority.issue({ commonName: "starter-1", ...options });
    copyFileSync(authority.caFile, join(directory, "ca.crt"));
    copyFileSync(certFile, join(directory, "station.crt"));
    copyFileSync(keyFile, join(directory, "station.key"));
    chmodSync(join(directory, "station.key"), 0o600);
  }

  async function check(): Promise<{ code: number; said: string }> {
    let said = "";
    const take = (text: string): void => {
      said += text;
    };
    const code = await checkCommand([config, "--warnings", "--lang", "en"], { out: take, err: take, env: {} });
    return { code, said };
  }

  test("its own certificate and key, readable for nobody else, are fine", async () => {
    install();
    const { code, said } = await check();
    expect(said).toMatch(/^\S+: valid: station starter-1/m);
    expect(said).not.toContain("_CFG_TLS_");
    expect(code).toBe(0);
  });

  const file = (name: string) => join(directory, name);
  test.each<[string, () => void, RegExp]>([
    [
      "a key that everybody can read",
      () => chmodSync(file("station.key"), 0o644),
      /mqtt\.keyFile .*expected chmod 600 \S+station\.key \[E_CFG_TLS_KEY_OPEN\]/,
    ],
    [
      "a key that is not there",
      () => rmSync(file("station.key")),
      /mqtt\.keyFile .*no such file.*\[E_CFG_TLS_UNREADABLE\]/,
    ],
    ["an authority that is not there", () => rmSync(file("ca.crt")), /mqtt\.caFile .*\[E_CFG_TLS_UNREADABLE\]/],
    [
      "an authority that is no certificate",
      () => writeFileSync(file("ca.crt"), "hello\n"),
      /mqtt\.caFile .*\[E_CFG_TLS_NOT_PEM\]/,
    ],
    [
      "a certificate that is none",
      () => writeFileSync(file("station.crt"), "x"),
      /mqtt\.certFile .*\[E_CFG_TLS_NOT_PEM\]/,
    ],
    [
      "a key with a passphrase",
      () => {
        const to = ["-aes256", "-passout", "pass:secret-word", "-out", file("station.key")];
        copyFileSync(file("station.key"), file("plain.key"));
        openssl(directory, ["pkey", "-in", file("plain.key"), ...to]);
      },
      /mqtt\.keyFile .*without a passphrase.*\[E_CFG_TLS_NOT_PEM\]/,
    ],
    [
      "the key of another certificate",
      () => copyFileSync(authority.issue({ commonName: "starter-1" }).keyFile, file("station.key")),
      /mqtt\.keyFile .*\[E_CFG_TLS_KEY_MISMATCH\]/,
    ],
    [
      "a certificate that has expired",
      () => install({ fromMs: Date.now() - 9 * DAY_MS, toMs: Date.now() - DAY_MS }),
      /mqtt\.certFile expired on .*issued anew \[E_CFG_TLS_EXPIRED\]/,
    ],
    [
      "the certificate of another station",
      () => install({ commonName: "starter-2" }),
      /mqtt\.certFile has the common name "starter-2"; expected the station's own: CN=starter-1 \[E_CFG_TLS_WRONG_NAME\]/,
    ],
  ])("%s is an error with its place and what mends it", async (_, spoil, expected) => {
    install();
    spoil();
    const { code, said } = await check();
    expect(said).toMatch(expected);
    expect(said).toMatch(/config\.yaml:1[2-9]:\d+ mqtt\./);
    expect(code).toBe(78);
  });

  test.each<[string, { fromMs?: number; toMs?: number }, string]>([
    [
      "a certificate that this computer's clock says is not valid yet",
      { fromMs: Date.now() + DAY_MS },
      "W_CFG_TLS_NOT_YET",
    ],
    ["a certificate that ends within a month", { toMs: Date.now() + 20 * DAY_MS }, "W_CFG_TLS_EXPIRES"],
  ])("%s is advice", async (_, dates, code) => {
    install(dates);
    const checked = await check();
    expect(checked.said).toContain(`[${code}]`);
    expect(checked.code).toBe(0);
  });

  test("no byte of a key is ever repeated", async () => {
    install({ commonName: "starter-2" });
    chmodSync(file("station.key"), 0o644);
    const { said } = await check();
    for (const line of readFileSync(file("station.key"), "utf8").split("\n")) {
      if (line.length > 20 && !line.startsWith("-----")) expect(said).not.toContain(line);
    }
  });
});

/**
 * A real controller on a computer whose clock nobody has set: the broker's certificate seems not to be valid yet. Here it really is
 * not, for some seconds, which is the same to the verification. It works offline, says why, and connects by itself.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Authority, hasOpenssl, makeAuthority } from "../support/certificates.ts";
import { missingTools, type RealStation, startRealStation } from "../support/real-station.ts";
import { type SecuredBroker, securedBrokers } from "../support/secured-brokers.ts";
import { until } from "../support/until.ts";

const missing = [...missingTools(), ...(hasOpenssl() ? [] : ["openssl"])];
if (missing.length > 0)
  console.warn(`skipped: the clock that is not set needs: apt-get install -y ${missing.join(" ")}`);

describe.runIf(missing.length === 0)("a controller whose clock is not set", () => {
  let authority: Authority;
  let broker: SecuredBroker;
  let station: RealStation;
  let validFromMs: number;
  const said = (words: string): boolean => station.controllerLines.some((line) => line.includes(words));

  beforeAll(async () => {
    authority = makeAuthority();
    const { certFile, keyFile } = authority.issue({ commonName: "starter-1" });
    const tls = `  caFile: ${authority.caFile}\n  certFile: ${certFile}\n  keyFile: ${keyFile}`;
    validFromMs = Date.now() + 20_000;
    broker = await (securedBrokers[0] as (typeof securedBrokers)[number]).start(
      authority,
      ["starter-1", "x"],
      validFromMs,
    );
    station = await startRealStation({
      edit: (yaml) =>
        yaml
          .replace(/url: mqtt:.*/, `url: ${broker.stationUrl}\n${tls}`)
          .replace(/synchronisedFiles: \["([^"]*)\/[^"/]*"\]/, 'synchronisedFiles: ["$1/synchronised"]'),
    });
    station.startController();
  });

  afterAll(async () => {
    await station?.stop();
    await broker?.stop();
    authority?.remove();
  });

  test("says what is wrong, serves on, and does not believe the broker", async () => {
    await until(() => said("the clock is wrong or not set"), {
      timeoutMs: 15_000,
      what: () => `the word about the clock: ${station.controllerLines.join("\n")}`,
    });
    await until(async () => (await station.truth()).masterEnable, { timeoutMs: 15_000, what: "the station at work" });
    expect(said("mqtt connected")).toBe(false);
    expect(existsSync(join(station.directory, "synchronised"))).toBe(false);
  });

  test("connects by itself, within seconds of the certificate being right by the clock", async () => {
    await until(() => said("mqtt connected"), { timeoutMs: 60_000, what: "the connection" });
    // Attempts are at most five seconds apart while only the clock speaks against the certificate.
    expect(Date.now()).toBeGreaterThanOrEqual(validFromMs - 1_000);
    expect(Date.now() - validFromMs).toBeLessThan(20_000);
    expect(station.controllerLines.filter((line) => line.includes("no trust between broker and station"))).toEqual([]);
  });
});

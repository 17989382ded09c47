/** The built simulator with its cockpit, as somebody in a browser uses it: the page, a strike, what it brings about, mending it. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OrderAnswer } from "../../simulator/cockpit/orders.ts";
import type { CockpitView } from "../../simulator/cockpit/view.ts";
import { root } from "../support/repository.ts";
import { until } from "../support/until.ts";

type Moment = CockpitView & { readonly speed: number; readonly lines: readonly string[] };

const anyPort = ["--mqtt-port", "0", "--http-port", "0", "--cockpit-port", "0"];

describe("yizhan simulate with its cockpit", () => {
  let simulator: ChildProcess;
  const lines: string[] = [];
  let url = "";

  const moment = async () => (await (await fetch(`${url}moment`)).json()) as Moment;
  const order = async (body: unknown) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${url}order`, { method: "POST", headers, body: JSON.stringify(body) });
    return (await answer.json()) as OrderAnswer;
  };

  beforeAll(async () => {
    const args = [join(root, "bin", "yizhan.js"), "simulate", "--lang", "en", "--arrivals", "0", ...anyPort];
    simulator = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    if (simulator.stdout !== null) createInterface({ input: simulator.stdout }).on("line", (line) => lines.push(line));
    const greeting = /^ {2}Cockpit (http:\/\/127\.0\.0\.1:\d+\/)/m;
    await until(() => greeting.test(lines.join("\n")), { timeoutMs: 60_000, what: () => lines.join("\n") });
    url = greeting.exec(lines.join("\n"))?.[1] ?? "";
  });

  afterAll(() => {
    simulator?.kill("SIGKILL");
  });

  test("gives out its page and everything on it", async () => {
    const page = await fetch(url);
    expect(page.headers.get("content-security-policy")).toBe("default-src 'self'; frame-ancestors 'none'");
    const text = await page.text();
    expect(text).toContain("Simulator cockpit");
    for (const [, name] of text.matchAll(/(?:src|href)="([^"]+)"/g))
      expect((await fetch(`${url}${name}`)).status).toBe(200);
  });

  test("lets smoke strike, shows the alarm it brings about, and is well again when it is mended", async () => {
    expect(await moment()).toMatchObject({ alarmOn: false, broken: [], speed: 60 });
    const smoke = { do: "strike", fault: "smoke", where: "cabinet a", lastsS: 86_400 };
    expect((await order(smoke)).ok).toBe(true);
    let now = await moment();
    await until(
      async () => {
        now = await moment();
        return now.alarmOn && now.faults.some(({ code }) => code === "smoke");
      },
      { timeoutMs: 30_000, what: () => `the alarm: ${JSON.stringify(now.faults)}` },
    );
    expect(now.cabinets[0]?.signs).toContain("smoke");
    expect(now.broken).toMatchObject([{ n: 1, fault: "smoke", where: "cabinet a" }]);
    // Told alike in the terminal and on the page.
    const told = "    ⚡ there is smoke in a cabinet (cabinet a)";
    expect(now.lines).toContain(told);
    await until(() => lines.includes(told), { what: "the strike in the terminal" });

    expect((await order({ do: "mend", n: 1 })).ok).toBe(true);
    await until(async () => !(await moment()).cabinets[0]?.signs.includes("smoke"), { what: "clear air" });
    expect(await moment()).toMatchObject({ broken: [], violations: 0 });
    expect(await order({ do: "mend", n: 1 })).toMatchObject({ ok: false, says: { en: "that is over already" } });
  });

  test("stands still when it is told to, and goes on", async () => {
    expect((await order({ do: "speed", times: 0 })).ok).toBe(true);
    const { simulatedMs } = await moment();
    // A beat that was under way is over by now.
    let looks = 0;
    await until(() => ++looks > 40, { what: "some beats" });
    expect((await moment()).simulatedMs).toBe(simulatedMs);
    expect((await order({ do: "speed", times: 600 })).ok).toBe(true);
    await until(async () => (await moment()).simulatedMs > simulatedMs + 60_000, { what: "a minute" });
  });

  test("ends at SIGTERM with its report, page and all, also while something is broken", async () => {
    expect((await order({ do: "strike", fault: "smoke", where: "cabinet b", lastsS: 86_400 })).ok).toBe(true);
    await until(async () => (await moment()).alarmOn, { timeoutMs: 30_000, what: "the alarm" });
    const ended = new Promise<number | null>((done) => simulator.once("exit", (code) => done(code)));
    simulator.kill("SIGTERM");
    // A station that is told to stop in smoke keeps its alarm on while it is asked to leave.
    expect(await ended, lines.join("\n")).toBe(0);
    expect(lines.join("\n")).toContain("── Service report ──");
    await expect(fetch(url)).rejects.toThrow();
  });
});

// Serial lines without hardware: one socat a line, the controller's end at PATH and the far end at PATH.far.
import { existsSync } from "node:fs";
import { end, has, start, until } from "./processes.mjs";

export const missingTools = () =>
  has("socat", "-V") ? undefined : "pseudo-terminals need socat: apt-get install -y socat";

export const farEnd = (path) => `${path}.far`;

export async function openPseudoTerminals(paths) {
  const lines = paths.map((path) =>
    start("socat", [`pty,raw,echo=0,link=${path}`, `pty,raw,echo=0,link=${farEnd(path)}`], { stdio: "ignore" }),
  );
  await until(() => paths.every((path) => existsSync(path) && existsSync(farEnd(path))), {
    timeoutMs: 20_000,
    what: "the pseudo-terminals",
  });
  return { close: () => Promise.all(lines.map((line) => end(line))) };
}

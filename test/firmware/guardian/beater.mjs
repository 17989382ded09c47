// Stands for the controller in the guardian's tests: arms it, beats, and misbehaves on demand. Run by Node with the built
// files: `node beater.mjs DIST OUTPUT-JSON HUNG-MS`. It tells every state of the output as a line; it obeys one-word lines.
import { join } from "node:path";

const [dist, output, hungMs] = process.argv.slice(2);
const { startGuardian } = await import(join(dist, "firmware/guardian/guardian-link.js"));
const { nodeClock } = await import(join(dist, "firmware/platform/node-clock.js"));

const say = (line) => process.stdout.write(`${line}\n`);
const clock = nodeClock();
let beating = true;
const guardian = startGuardian({
  output: JSON.parse(output),
  clock,
  hungMs: Number(hungMs),
  onLate: () => say("late"),
  onState(state) {
    say("why" in state ? `${state.is} ${state.why}` : state.is);
    // Armed once, at the start; afterwards only when told.
    if (state.is === "off" && state.why === "start") guardian.arm();
  },
});
const beat = () => {
  if (beating) guardian.beat();
  clock.after(100, beat);
};
beat();

process.stdin.on("data", (chunk) => {
  for (const order of String(chunk).trim().split("\n")) {
    if (order === "block") for (;;);
    if (order === "silence") beating = false;
    if (order === "beat") beating = true;
    if (order === "arm") guardian.arm();
    if (order === "exit") process.exit(0);
    if (order === "throw") throw new Error("a bug on purpose");
    if (order === "close") guardian.close(() => say("closed"));
  }
});

// A controller that does nothing but hold one output of an expander board, as the station's loop would: something to kill.
import { openExpander } from "../../dist/firmware/expander/open-expander.js";
import { forkExpander } from "../../dist/firmware/platform/fork-expander.js";
import { nodeClock } from "../../dist/firmware/platform/node-clock.js";

const clock = nodeClock();
const expander = openExpander(JSON.parse(process.argv[2]), {
  clock,
  fork: forkExpander({ started: (pid) => process.stdout.write(`${pid}\n`) }),
  note: () => undefined,
});
const fan = expander.outputs.get("fan");
const renew = () => {
  fan.hold(1, clock.monotonicMs() + 1_900);
  clock.after(250, renew);
};
renew();

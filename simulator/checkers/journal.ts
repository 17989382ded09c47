/**
 * I20, I31 and I34: what is on the disk. After each power cut the torn disk is read as a start would read it, twice; at the end the
 * chain is checked whole, against the head that was seen before. What the medium itself lost after it had said "synced" is told apart.
 */
import { type Chain, chainOn, recoverOn } from "../../firmware/runner/log-inspection.ts";
import { createRandom } from "../random.ts";
import type { Checker, DiskCheckerSetup } from "./checker.ts";
import { isRotten } from "./excuses.ts";

const mebibyte = 1_048_576;
/** A segment being begun, the spare copy of one being left, and the small files beside the log. */
const slackBytes = 2 * mebibyte;
/** What a station must remember, written out; a reference station with a year behind it needs a tenth. */
const durableBytesMax = 4 * mebibyte;
const hourMs = 3_600_000;

export function recoversTheSame(setup: DiskCheckerSetup): Checker {
  const { disk, clock, controller, report, looked } = setup;
  let everRotted = false;
  function look(): void {
    everRotted ||= isRotten(setup);
    const synced = controller.syncedN();
    const torn = disk.fork({ clock, random: createRandom("recovery") });
    const once = recoverOn(torn);
    const twice = recoverOn(torn);
    looked();
    if (once.lastN < synced && !everRotted)
      report("I20", `entry ${synced} was acknowledged, and the log ends with ${once.lastN} after the cut`);
    if (!once.complete && !everRotted) report("I20", "acknowledged entries cannot be read after the cut");
    if (once.lastN !== twice.lastN) report("I20", `recovered to ${once.lastN}, and recovered again to ${twice.lastN}`);
    if (twice.tornBytes > 0) report("I20", "a second recovery still finds a torn tail");
    if (JSON.stringify(once.durable) !== JSON.stringify(twice.durable))
      report("I20", "a second recovery comes to another state");
  }
  return {
    invariant: "I20",
    says: "after a power cut every acknowledged entry is on the disk, and recovering twice comes to the same state as once",
    looksAt: "the torn disk after each power cut, recovered twice",
    excuses: "a medium that loses what it said was synced",
    onLook() {
      everRotted ||= isRotten(setup);
    },
    onTruth(event) {
      if (event.type === "computer" && !event.on) look();
    },
  };
}

export function chainHolds(setup: DiskCheckerSetup): Checker {
  const { disk, clock, controller, report, looked } = setup;
  let anchor: Chain["head"];
  let lookedMs = clock.nowMs;
  let everRotted = false;
  function look(): void {
    looked();
    lookedMs = clock.nowMs;
    const { flaws, head } = chainOn(disk, anchor);
    // An append that was torn is cut off at the next start; it was never acknowledged.
    const flaw = flaws.find(({ kind }) => kind !== "torn-tail");
    if (flaw !== undefined && !everRotted) report("I34", `${flaw.file} at ${flaw.offset}: ${flaw.why}`);
    // What a full disk took half of was never acknowledged, and another entry may come to stand in its place.
    const isSynced = head !== undefined && head.n <= controller.syncedN();
    if (flaw !== undefined) anchor = undefined;
    else if (isSynced) anchor = head;
  }
  return {
    invariant: "I34",
    says: "the log is one chain of hashes, and holds what it had acknowledged at the last look",
    looksAt: "the chain of hashes on the disk, every six hours and at the end",
    excuses: "a medium that rots",
    onLook() {
      everRotted ||= isRotten(setup);
      if (clock.nowMs - lookedMs >= 6 * hourMs) look();
    },
    onFinish: look,
  };
}

export function sizesAreBounded({ disk, file, clock, controller, report, looked }: DiskCheckerSetup): Checker {
  const bytesMax = file.storage.logMaxMb * mebibyte + slackBytes;
  let durableMs = clock.nowMs;
  function lookAtMemory(): void {
    durableMs = clock.nowMs;
    const bytes = JSON.stringify(controller.state().durable).length;
    if (bytes > durableBytesMax) report("I31", `what is remembered takes ${bytes} B`);
  }
  return {
    invariant: "I31",
    says: "the disk never holds more than the log's limit, and what is remembered fits in 4 MiB",
    looksAt: "bytes on the disk and of what is remembered",
    everyMs: 60_000,
    onLook() {
      looked();
      const bytes = disk.usedBytes();
      if (bytes > bytesMax) report("I31", `${bytes} B on the disk of ${bytesMax} B`);
      if (clock.nowMs - durableMs >= hourMs) lookAtMemory();
    },
    onFinish: lookAtMemory,
  };
}

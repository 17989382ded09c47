/** What the room says to whoever showed something while its process stood still: nobody knows whether they still stand there. */
import type { Words } from "../words.ts";

export const lateRefusals = {
  "show-again": {
    zh: "设备刚才停顿了一下，请再出示一次",
    en: "The station paused for a moment: please show it again.",
  },
} as const satisfies Record<string, Words>;

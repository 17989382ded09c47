/** Codes for the front door of the example room, held under its reader by nobody in particular, and whether the door's strike let go. */
import { encodeGm65Code } from "../../hal/codecs/gm65.ts";
import { createIssuer } from "../../simulator/room/issuer.ts";
import { doorOutput } from "../../simulator/room/names.ts";
import type { StruckStation } from "./ailing-station.ts";

const readerLine = "/dev/serial/by-path/platform-usb-0:1.1.3:1.2-port0";

export interface FrontDoor {
  /** A code that the union's service signed so many seconds ago, or will in so many. */
  code(signedAgoS: number): string;
  /** Holds it under the reader and waits a while; tells whether the strike let go. */
  show(code: string): boolean;
}

export function frontDoor(story: StruckStation, seed: string): FrontDoor {
  const { clock, world, config } = story.simulation;
  const issuer = createIssuer(seed);
  let codes = 0;
  const unused = new Set<string>();
  return {
    code(signedAgoS) {
      const nowMs = clock.wallMs() - signedAgoS * 1_000;
      const jti = `story-code-${++codes}`;
      const code = issuer.code({ station: config.station.stationId, door: "front", member: "m-0001", jti, nowMs });
      if (signedAgoS === 0) unused.add(code);
      return code;
    },
    show(code) {
      const atMs = clock.nowMs;
      // The judge of doors is told who stands there with what; a fresh code is shown at once.
      const good = unused.delete(code);
      const credential = good ? "code" : "replayed";
      world.room?.room.tellShown({ reader: "front-codes", credential, member: good ? "m-0001" : undefined, good });
      world.line(readerLine).inject(encodeGm65Code(code));
      story.seconds(6);
      return story.since(atMs, "room-output").some(({ output, on }) => on && output === doorOutput("front", "strike"));
    },
  };
}

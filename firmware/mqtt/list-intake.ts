/**
 * Access lists from the broker on their way to the station: bounded in size and number, because each costs a signature over up to
 * two megabytes. A retained one is as good as a fresh one, because it is signed and numbered. Whether it is good is not judged here.
 */
import type { Clock } from "../../hal/ports/clock.ts";
import { listCharsMax } from "../../services/access/list.ts";
import { type Bucket, type BucketRule, fullBucket, takeToken } from "../../services/requests/bucket.ts";
import type { SecurityReport } from "./requests.ts";

/** A list is published a few times a day, and heard again at every connection. */
const LIST_RULE: BucketRule = { perSecond: 0.1, burst: 6 };

export interface ListIntakeOptions {
  readonly clock: Clock;
  /** A list to be judged. */
  readonly heard: (text: string) => void;
  /** Something that cannot be one was refused. */
  readonly security: (report: SecurityReport) => void;
}

export class ListIntake {
  private readonly options: ListIntakeOptions;
  private bucket: Bucket;
  private suppressed = 0;

  constructor(options: ListIntakeOptions) {
    this.options = options;
    this.bucket = fullBucket(LIST_RULE, options.clock.monotonicMs());
  }

  received(payload: Uint8Array): void {
    // Whoever empties the topic takes nothing back: a list is replaced by a newer one only.
    if (payload.length === 0) return;
    const taken = takeToken(this.bucket, LIST_RULE, this.options.clock.monotonicMs());
    this.bucket = taken.bucket;
    if (!taken.granted) {
      this.suppressed++;
      return;
    }
    // A compact JWS has one byte for each character.
    if (payload.length > listCharsMax) this.refuse();
    else this.options.heard(new TextDecoder().decode(payload));
  }

  private refuse(): void {
    const { suppressed } = this;
    this.suppressed = 0;
    this.options.security({ reason: "too-large", verb: "access-list", claims: {}, suppressed });
  }
}

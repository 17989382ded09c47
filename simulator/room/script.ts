/**
 * What a person in the room does, told as a story: wait, or wait to be told something at a reader, then go on. The stories are
 * generators; here they are played on the clock. Nobody acts in the middle of somebody else's doing.
 */
import type { Clock } from "../../hal/ports/clock.ts";

export type Pause =
  | { readonly s: number }
  /** Until a sentence is said at this reader, at most so long. */
  | { readonly hear: string; readonly s: number };

/** Each pause is answered with the sentence heard, if there was one. */
export type Story<T> = Generator<Pause, T, string | undefined>;

export class Ears {
  private readonly listening = new Map<string, Set<(sentence: string) => void>>();

  listen(reader: string, heard: (sentence: string) => void): () => void {
    const here = this.listening.get(reader) ?? new Set();
    this.listening.set(reader, here);
    here.add(heard);
    return () => here.delete(heard);
  }

  tell(reader: string, sentence: string): void {
    for (const heard of [...(this.listening.get(reader) ?? [])]) heard(sentence);
  }
}

export function play(story: Story<void>, ears: Ears, clock: Clock): void {
  const go = (heard: string | undefined): void => {
    const { done, value } = story.next(heard);
    if (done === true) return;
    if (!("hear" in value)) {
      clock.after(value.s * 1_000, () => go(undefined));
      return;
    }
    const deaf = clock.after(value.s * 1_000, () => {
      stop();
      go(undefined);
    });
    const stop = ears.listen(value.hear, (sentence) => {
      stop();
      deaf.cancel();
      clock.after(0, () => go(sentence));
    });
  };
  go(undefined);
}

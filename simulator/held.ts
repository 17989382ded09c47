/**
 * Something that several troubles may hold at once, such as a supply that is off: it changes with the first that takes hold and
 * changes back with the last that lets go. It does not know what it is that is held.
 */
export class Held {
  private holders = 0;
  private readonly changed: (held: boolean) => void;

  constructor(changed: (held: boolean) => void = () => undefined) {
    this.changed = changed;
  }

  get is(): boolean {
    return this.holders > 0;
  }

  /** Returns how to let go; letting go twice is letting go once. */
  hold(): () => void {
    let holds = true;
    if (++this.holders === 1) this.changed(true);
    return () => {
      if (!holds) return;
      holds = false;
      if (--this.holders === 0) this.changed(false);
    };
  }
}

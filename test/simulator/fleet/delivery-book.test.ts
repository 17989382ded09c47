import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DeliveryBook, NumberSet } from "../../../simulator/fleet/delivery-book.ts";

const event = (seq: number) => ({ station: "fleet-00001", stream: "swap", seq });
const later = 60_000;

function watchingBook(): DeliveryBook {
  const book = new DeliveryBook();
  book.observerIs(true);
  return book;
}

describe("what was delivered", () => {
  test("an event that was acknowledged and seen is neither lost nor doubled, in either order", () => {
    const book = watchingBook();
    book.seen(event(1));
    book.acknowledged(event(1), 0);
    book.acknowledged(event(2), 0);
    book.seen(event(2));
    expect(book.stats(later)).toEqual({
      acknowledged: 2,
      seen: 2,
      duplicated: 0,
      lost: 0,
      unjudged: 0,
      examples: [],
    });
  });

  test("an event that was acknowledged and never seen is lost, by name", () => {
    const book = watchingBook();
    book.acknowledged(event(1), 0);
    book.acknowledged(event(3), 0);
    book.seen(event(1));
    expect(book.stats(later)).toMatchObject({ acknowledged: 2, lost: 1, examples: ["fleet-00001 swap 3"] });
  });

  test("what was acknowledged only just now is not judged yet", () => {
    const book = watchingBook();
    book.acknowledged(event(1), 1_000);
    expect(book.stats(2_000)).toMatchObject({ lost: 0, unjudged: 1 });
    expect(book.awaiting()).toBe(1);
    expect(book.stats(later)).toMatchObject({ lost: 1, unjudged: 0 });
  });

  test("while the observer is away nothing is called lost, and what comes after all is counted", () => {
    const book = watchingBook();
    book.acknowledged(event(1), 0);
    book.observerIs(false);
    book.acknowledged(event(2), 0);
    book.observerIs(true);
    book.acknowledged(event(3), 0);
    expect(book.stats(later)).toMatchObject({ lost: 1, unjudged: 2, examples: ["fleet-00001 swap 3"] });
    book.seen(event(2));
    expect(book.stats(later)).toMatchObject({ lost: 1, unjudged: 1 });
  });

  test("an event that comes twice is one event and one repetition", () => {
    const book = watchingBook();
    book.acknowledged(event(1), 0);
    book.seen(event(1));
    book.seen(event(1));
    book.acknowledged(event(1), 0);
    expect(book.stats(later)).toMatchObject({ acknowledged: 1, seen: 1, duplicated: 1, lost: 0 });
  });

  test("streams and stations are numbered each for itself", () => {
    const book = watchingBook();
    book.acknowledged(event(1), 0);
    book.seen({ ...event(1), stream: "station" });
    book.seen({ ...event(1), station: "fleet-00002" });
    expect(book.stats(later)).toMatchObject({ lost: 1, duplicated: 0 });
  });

  test("the set of numbers is a set, whatever the order", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 })), (values) => {
        const numbers = new NumberSet();
        const model = new Set<number>();
        for (const value of values) {
          expect(numbers.add(value)).toBe(!model.has(value));
          model.add(value);
        }
        expect(numbers.size).toBe(model.size);
        for (let value = 1; value <= 40; value++) expect(numbers.has(value)).toBe(model.has(value));
      }),
    );
  });
});

import fc from "fast-check";

import { EventQueue } from "../../../scripts/capacity-bench/event-queue";

describe("EventQueue", () => {
  it("is empty in the beginning", () => {
    expect(new EventQueue().pop()).toBeUndefined();
  });

  it("gives events by time, and events of one time in the order in which they came", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
        const queue = new EventQueue<{ at: number; number: number }>();
        times.forEach((at, number) => queue.push({ at, number }));
        const popped = times.map(() => queue.pop()!);
        const expected = times
          .map((at, number) => ({ at, number }))
          .sort((one, other) => one.at - other.at || one.number - other.number);
        expect(popped).toEqual(expected);
        expect(queue.pop()).toBeUndefined();
      }),
    );
  });

  it("takes events while it gives others", () => {
    const queue = new EventQueue<{ at: number }>();
    [5, 1, 3].forEach((at) => queue.push({ at }));
    expect(queue.pop()).toEqual({ at: 1 });
    queue.push({ at: 2 });
    queue.push({ at: 9 });
    expect([queue.pop(), queue.pop(), queue.pop(), queue.pop()]).toEqual([{ at: 2 }, { at: 3 }, { at: 5 }, { at: 9 }]);
  });
});

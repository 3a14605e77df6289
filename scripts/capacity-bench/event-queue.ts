/** Something that happens at a time. */
export interface TimedEvent {
  /** When, in seconds. */
  readonly at: number;
}

/** Events in the order of their times; events of the same time in the order in which they came. */
export class EventQueue<Event extends TimedEvent> {
  private readonly heap: { readonly event: Event; readonly order: number }[] = [];
  private count = 0;

  /** Adds an event. */
  public push(event: Event): void {
    this.heap.push({ event, order: this.count++ });
    this.rise(this.heap.length - 1);
  }

  /** Takes the next event; undefined where none is left. */
  public pop(): Event | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (first === undefined || last === undefined) return undefined;
    if (this.heap.length > 0) {
      this.heap[0] = last;
      this.sink(0);
    }
    return first.event;
  }

  private rise(index: number): void {
    for (let child = index; child > 0;) {
      const parent = (child - 1) >> 1;
      if (!this.isBefore(child, parent)) return;
      this.swap(child, parent);
      child = parent;
    }
  }

  private sink(index: number): void {
    for (let parent = index; ;) {
      const [left, right] = [2 * parent + 1, 2 * parent + 2];
      const next = this.isBefore(right, left) ? right : left;
      if (!this.isBefore(next, parent)) return;
      this.swap(next, parent);
      parent = next;
    }
  }

  private isBefore(one: number, other: number): boolean {
    const [before, after] = [this.heap[one], this.heap[other]];
    if (before === undefined) return false;
    if (after === undefined) return true;
    return before.event.at - after.event.at < 0 || (before.event.at === after.event.at && before.order < after.order);
  }

  private swap(one: number, other: number): void {
    const held = this.heap[one];
    const moved = this.heap[other];
    if (held === undefined || moved === undefined) return;
    this.heap[one] = moved;
    this.heap[other] = held;
  }
}

/** Work of one builder that needs a sandbox. */
export interface Work {
  /** Builder, counted from 0. */
  readonly builder: number;
  /** Whether it goes on in the builder's first session where that still lives, or opens its own thread. */
  readonly session: "first" | "thread";
  /** Beginning, in seconds of the day. */
  readonly from: number;
  /** End, in seconds of the day. */
  readonly until: number;
}

/** What builders do in one day. */
export interface Trace {
  /** All work, in order of its beginning. */
  readonly work: readonly Work[];
  /** Seconds that builders are at work, all together. */
  readonly builderSeconds: number;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * Makes up a day of a number of builders: the same day for the same seed.
 *
 * They come between 8:00 and 10:30, most of them about 9:15; eat for 30 to 60 minutes from 11:45 to 12:30; leave between
 * 16:30 and 19:30; one in twelve is back for an hour or two after 20:00. Besides their first session, nine in ten open a thread
 * every 30 to 90 minutes, the tenth every 5 to 20, and each thread works for 3 to 20 minutes.
 */
export function dayOf(builders: number, seed: number): Trace {
  const days = Array.from({ length: builders }, (_, builder) => builderDay(builder, generator(seed + builder * 7919)));
  const work = days.flat().sort((one, other) => one.from - other.from || one.builder - other.builder);
  const builderSeconds = work
    .filter(({ session }) => session === "first")
    .reduce((sum, { from, until }) => sum + until - from, 0);
  return { work, builderSeconds };
}

type Random = (least: number, most: number) => number;

function builderDay(builder: number, random: Random): Work[] {
  const come = 8 * HOUR + random(0, 50 * MINUTE) + random(0, 50 * MINUTE) + random(0, 50 * MINUTE);
  const eat = 11 * HOUR + 45 * MINUTE + random(0, 45 * MINUTE);
  const back = eat + random(30 * MINUTE, HOUR);
  const leave = 16 * HOUR + 30 * MINUTE + random(0, 90 * MINUTE) + random(0, 90 * MINUTE);
  const stays = [
    { from: come, until: eat },
    { from: back, until: leave },
  ];
  if (random(1, 12) === 1) {
    const again = 20 * HOUR + random(0, HOUR);
    stays.push({ from: again, until: again + random(HOUR, 2 * HOUR) });
  }
  const pause =
    random(1, 10) === 1 ? { least: 5 * MINUTE, most: 20 * MINUTE } : { least: 30 * MINUTE, most: 90 * MINUTE };
  return stays.flatMap((stay) => [
    { builder, session: "first" as const, ...stay },
    ...threads(builder, stay, pause, random),
  ]);
}

function threads(
  builder: number,
  stay: { readonly from: number; readonly until: number },
  pause: { readonly least: number; readonly most: number },
  random: Random,
): Work[] {
  const found: Work[] = [];
  for (
    let from = stay.from + random(pause.least, pause.most);
    from < stay.until;
    from += random(pause.least, pause.most)
  ) {
    found.push({
      builder,
      session: "thread",
      from,
      until: Math.min(stay.until, from + random(3 * MINUTE, 20 * MINUTE)),
    });
  }
  return found;
}

/** Numbers that look random and are the same for the same seed (xorshift with 32 bits). */
function generator(seed: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  for (let warmUp = 0; warmUp < 8; warmUp++) next();
  return (least, most) => least + (next() % (most - least + 1));
}

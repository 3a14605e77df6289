import type { Moment } from "./kills";
import type { KubeCall } from "./kube-proxy";

/** What is killed. */
export type ClusterVictim = "driver" | "terraform" | "helm provider" | "kubernetes provider" | "API server";

/** All of them. */
export const CLUSTER_VICTIMS: readonly ClusterVictim[] = [
  "driver",
  "API server",
  "terraform",
  "helm provider",
  "kubernetes provider",
];

/** A Helm release or a Kubernetes object of the stack, by its address in Terraform. */
export interface Target {
  /** Address in Terraform. */
  readonly address: string;
  /** Name of the release, or of the object. */
  readonly name: string;
  /** Kind of the object in the plural; none where it is a release. */
  readonly kind?: string;
}

/** A moment in the life of a target. */
export interface Point {
  readonly target: Target;
  readonly moment: string;
  /** Whether it has come. */
  readonly matches: (call: KubeCall, now: Moment) => boolean;
}

/** A kill, and how often the command had to be repeated until the target was as wanted. */
export interface Kill {
  readonly point: Point;
  readonly victim: ClusterVictim;
  /** Number of the run. */
  readonly run: number;
  repeats: number;
  isOver: boolean;
}

/** Name of Helm's record of a release, with any revision; Helm writes records in protobuf, their labels in plain text. */
const recordOf = (name: string): string => `sh\\.helm\\.release\\.v1\\.${name}\\.v\\d+`;

function point(target: Target, moment: string, now: Moment, request: RegExp, body = /(?:)/): Point {
  return {
    target,
    moment,
    matches: (call, then) => then === now && request.test(call.request) && body.test(call.body),
  };
}

/** The moments at which a deployment is killed. */
export function deployPoints(targets: readonly Target[]): Point[] {
  return targets.flatMap((target) => {
    const { name, kind } = target;
    if (kind !== undefined) {
      const made = [new RegExp(`^POST .*/${kind}$`), new RegExp(`"name":"${name}"`)] as const;
      return [point(target, "before", "asked", ...made), point(target, "after", "answered", ...made)];
    }
    const begins = [/^POST .*\/secrets$/, new RegExp(`${recordOf(name)}\\b`)] as const;
    const ends = [new RegExp(`^PUT .*/secrets/${recordOf(name)}$`), /status\W{2,5}deployed/] as const;
    return [
      point(target, "before", "asked", ...begins),
      point(target, "in, begun", "answered", ...begins),
      point(target, "in, all made", "asked", ...ends),
      point(target, "after", "answered", ...ends),
    ];
  });
}

/** The moments at which a destroy is killed. */
export function destroyPoints(targets: readonly Target[]): Point[] {
  return targets.flatMap((target) => {
    const { name, kind } = target;
    if (kind !== undefined) {
      const deleted = new RegExp(`^DELETE .*/${kind}/${name}$`);
      return [point(target, "before", "asked", deleted), point(target, "after", "answered", deleted)];
    }
    const record = `.*/secrets/${recordOf(name)}$`;
    const begins = [new RegExp(`^PUT ${record}`), /status\W{2,5}uninstalling/] as const;
    const ends = new RegExp(`^DELETE ${record}`);
    return [
      point(target, "before", "asked", ...begins),
      point(target, "in, begun", "answered", ...begins),
      point(target, "in, all gone", "asked", ends),
      point(target, "after", "answered", ends),
    ];
  });
}

/** Whether a victim is the provider of other targets: what is under way at this one goes on then. */
export function isOtherProvider(victim: ClusterVictim, { kind }: Target): boolean {
  return victim === (kind === undefined ? "kubernetes provider" : "helm provider");
}

/** Kills that are still to come and kills that came. In a round each target is struck once at most, so that its repeats are its own. */
export class KillMatrix {
  public readonly kills: Kill[] = [];
  private runs = 0;
  private rounds = 0;
  private readonly wanted = new Set<Point>();

  /**
   * @param points - When to kill.
   * @param rows - Kills of an earlier matrix that are over; they are not struck again.
   */
  public constructor(
    public readonly points: readonly Point[],
    rows: readonly string[] = [],
  ) {
    for (const row of rows) {
      const [address, moment, by, , repeats] = /^(.*?) \| (.*?) \| (.*?) \| (repeats (\d+))/.exec(row)?.slice(1) ?? [];
      const point = points.find(({ target, moment: own }) => target.address === address && own === moment);
      const victim = CLUSTER_VICTIMS.find((one) => one === by);
      if (point === undefined || victim === undefined) continue;
      this.kills.push({ point, victim, run: -1, repeats: Number(repeats), isOver: true });
    }
  }

  /**
   * Begins a round: one of the moments of each target that were struck less often than a number of times.
   *
   * @returns Whether there is any.
   */
  public nextRound(times: number): boolean {
    this.wanted.clear();
    for (const [index, target] of [...new Set(this.points.map((one) => one.target))].entries()) {
      const own = this.points.filter((one) => one.target === target && this.killsAt(one).length < times);
      const next = own[(index + this.rounds) % own.length];
      if (next !== undefined) this.wanted.add(next);
    }
    this.rounds += 1;
    return this.wanted.size > 0;
  }

  /** Whether every moment has been struck that number of times when this round is over. */
  public isLastRound(times: number): boolean {
    return this.points.every((one) => this.wants(one) || this.killsAt(one).length >= times);
  }

  /** Whether nothing more is to be struck in this round. */
  public get isRoundOver(): boolean {
    return this.wanted.size === 0;
  }

  /** Whether a moment is still to come in this round. */
  public wants(one: Point): boolean {
    return this.wanted.has(one);
  }

  /** The wanted moment that has come now. */
  public pointOf(call: KubeCall, now: Moment): Point | undefined {
    return [...this.wanted].find((one) => one.matches(call, now));
  }

  /**
   * Notes that one victim is killed at some moments, which have come together.
   *
   * @param there - What runs.
   * @returns The victim: one that the moments have not met, its own provider before another, and all of them in turn.
   */
  public strike(points: readonly Point[], there: readonly ClusterVictim[]): ClusterVictim {
    const count = (of: readonly unknown[][]): number => of.flat().length;
    const rank = (victim: ClusterVictim): readonly number[] => {
      const met = this.kills.filter((kill) => kill.victim === victim);
      return [
        count(points.map((one) => met.filter((kill) => kill.point === one))),
        points.filter(({ target }) => isOtherProvider(victim, target)).length,
        count(points.map(({ target }) => met.filter((kill) => kill.point.target === target))),
        met.length,
      ];
    };
    const [victim = "driver"] = [...there].sort((left, right) => compare(rank(left), rank(right)));
    for (const one of points) {
      this.wanted.delete(one);
      this.kills.push({ point: one, victim, run: this.runs, repeats: 0, isOver: false });
    }
    return victim;
  }

  /**
   * Counts a run that has ended.
   *
   * @param isComplete - Whether it ended well; what was killed in it needs no repeat then.
   * @param isWell - Whether a target is as wanted now.
   */
  public ran(isComplete: boolean, isWell: (target: Target) => boolean): void {
    for (const kill of this.kills.filter(({ isOver }) => !isOver)) {
      if (kill.run < this.runs) kill.repeats += 1;
      kill.isOver = isComplete || (kill.run < this.runs && isWell(kill.point.target));
    }
    this.runs += 1;
  }

  private killsAt(one: Point): readonly Kill[] {
    return this.kills.filter((kill) => kill.point === one);
  }
}

function compare(left: readonly number[], right: readonly number[]): number {
  const index = left.findIndex((each, at) => each !== right[at]);
  return index < 0 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}

/** A kill as a row: release or namespace, moment, victim, repeats. */
export function rowOf({ point: { target, moment }, victim, repeats, isOver }: Kill): string {
  return [
    target.address,
    moment,
    victim,
    isOver ? `repeats ${String(repeats)}` : `not over after ${String(repeats)}`,
  ].join(" | ");
}

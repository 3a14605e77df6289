import type { KubeCall } from "./kube-proxy";
import type { Moment } from "./kills";

/** What is killed. */
export type ClusterVictim = "driver" | "terraform" | "helm provider" | "kubernetes provider" | "API server";

const VICTIMS: readonly ClusterVictim[] = ["driver", "API server", "terraform", "helm provider", "kubernetes provider"];

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

/** One of the moments of each target; another one in each round. */
export function oneForEach(points: readonly Point[], round: number): Point[] {
  const targets = [...new Set(points.map(({ target }) => target))];
  return targets.flatMap((target, index) => {
    const own = points.filter((one) => one.target === target);
    return own.slice((index + round) % own.length).slice(0, 1);
  });
}

/** Kills that are still to come and kills that came. */
export class KillMatrix {
  public readonly kills: Kill[] = [];
  private runs = 0;
  private readonly pending: Set<Point>;

  /**
   * @param points - When to kill.
   * @param first - Number of kills before these: the victims take turns.
   */
  public constructor(
    points: readonly Point[],
    private readonly first = 0,
  ) {
    this.pending = new Set(points);
  }

  /**
   * What to kill now; undefined where the moment is none of the wanted ones.
   *
   * @param isThere - Whether a victim runs: what an earlier run left behind may still be at work.
   */
  public strike(call: KubeCall, now: Moment, isThere: (victim: ClusterVictim) => boolean): Kill | undefined {
    const point = [...this.pending].find((one) => one.matches(call, now));
    const victim = VICTIMS[(this.first + this.kills.length) % VICTIMS.length] ?? "driver";
    if (point === undefined || !isThere(victim)) return undefined;
    this.pending.delete(point);
    const kill = { point, victim, run: this.runs, repeats: 0, isOver: false };
    this.kills.push(kill);
    return kill;
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

  /** One line a kill. */
  public table(): string {
    return this.kills
      .map(({ point: { target, moment }, victim, repeats, isOver }) =>
        [target.address, moment, victim, isOver ? `${repeats} repeats` : `not over after ${repeats}`].join(" | "),
      )
      .join("\n");
  }
}

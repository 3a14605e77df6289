import type { JsonObject } from "../common/kubernetes";
import type { Metric } from "./metrics";

/** The value of a dimension: a text that the plan knows, or something that AWS names when it is made. */
export type DimensionValue = string | { readonly of: "load-balancer" | "certificate" } | TargetGroup;

/** A target group, by its short name: `retool` or `sandbox-proxy`. */
export interface TargetGroup {
  /** What it is. */
  readonly of: "target-group";
  /** Its short name. */
  readonly name: string;
}

/** A metric of something in this environment. */
export interface MetricOf {
  /** The metric. */
  readonly metric: Metric;
  /** What it is of, by the names of the metric's dimensions. */
  readonly dimensions: Readonly<Record<string, DimensionValue>>;
}

/** Seconds of a usual period. */
export const FIVE_MINUTES = 300;

/** The load balancer, as its metrics name it. */
export const LOAD_BALANCER = { LoadBalancer: { of: "load-balancer" } } as const;

/** A target group of the load balancer, by its short name, as its metrics name it. */
export function targetGroup(name: string): MetricOf["dimensions"] {
  return { ...LOAD_BALANCER, TargetGroup: { of: "target-group", name } };
}

/** How an alarm summarizes a period. */
export type Statistic = "Average" | "Maximum" | "Minimum" | "Sum" | "p90";

/** An alarm of CloudWatch. */
export interface AlarmPlan extends MetricOf {
  /** Name, after the environment's prefix. */
  readonly name: string;
  /**
   * Page in docs/runbooks, without its ending.
   *
   * @default - none
   */
  readonly runbook?: string;
  /** One sentence that says what is wrong. */
  readonly says: string;
  /** How a period is summarized. */
  readonly statistic: Statistic;
  /** Seconds of a period. */
  readonly periodSeconds: number;
  /** Periods in a row that must be wrong. */
  readonly periods: number;
  /** Which side of the threshold is wrong. */
  readonly wrong: "GreaterThanThreshold" | "LessThanThreshold";
  /** The threshold. */
  readonly threshold: number;
  /**
   * What a period without data means; `ignore` leaves the alarm as it is.
   *
   * @default "notBreaching"
   */
  readonly missing?: "breaching" | "notBreaching" | "ignore";
}

/** An event of AWS that is passed on as it happens. */
export interface EventPlan {
  /** Name, after the environment's prefix. */
  readonly name: string;
  /**
   * Page in docs/runbooks, without its ending.
   *
   * @default - none
   */
  readonly runbook?: string;
  /** One sentence that says what happened. */
  readonly says: string;
  /** Service that tells it. */
  readonly source: string;
  /** Kind of event. */
  readonly detailType: string;
  /** What its detail must match. */
  readonly detail: JsonObject;
  /**
   * Whether it must be about a key of the environment.
   *
   * @default false
   */
  readonly aboutKeys?: boolean;
}

/** Appends the runbook's page, if the alarm has one. */
export function withRunbook({ says, runbook }: Pick<AlarmPlan, "says" | "runbook">): string {
  return runbook === undefined ? `${says}.` : `${says}. Runbook: docs/runbooks/${runbook}.md of cdktf-retool`;
}

import type { Block, Synthesized } from "./synthesize";

interface Condition {
  readonly host_header?: { readonly values: readonly string[] };
  readonly path_pattern?: { readonly values: readonly string[] };
}

/** What a load balancer is asked for. */
export interface Request {
  /** Host header. */
  readonly host: string;
  /** Path with its query string. */
  readonly path: string;
}

/**
 * Routes requests as an application load balancer does with the synthesized listener: rules by priority, then the default.
 *
 * Hosts are compared without regard to case, paths with it and without their query; `*` stands for any characters, `?` for
 * one. An upgrade to a WebSocket is routed like the request it begins as.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
export class ListenerRouting {
  private readonly rules: readonly Block[];
  private readonly listener: Block;
  private readonly services: ReadonlyMap<string, string>;

  /**
   * @param template - What was synthesized.
   * @param services - Kubernetes Service by the start of the target group's Terraform name.
   */
  public constructor(template: Synthesized, services: ReadonlyMap<string, string>) {
    this.services = services;
    this.rules = [...template.all("aws_lb_listener_rule")].sort(
      (left, right) => Number(left["priority"]) - Number(right["priority"]),
    );
    const https = template.all("aws_lb_listener").find(({ port }) => port === 443);
    if (https === undefined) throw new Error("there is no listener on port 443");
    this.listener = https;
  }

  /** Kubernetes Service that gets a request. */
  public serviceOf({ host, path }: Request): string {
    const rule = this.rules.find(({ condition }) =>
      (condition as Condition[]).every((each) => matches(each, { host, path: path.replace(/\?.*$/, "") })),
    );
    const [action] = (rule?.["action"] ?? this.listener["default_action"]) as { readonly target_group_arn: string }[];
    const reference = action?.target_group_arn ?? "";
    const found = [...this.services].find(([name]) => reference.includes(`.${name}_`));
    if (found === undefined) throw new Error(`${reference} is not a target group`);
    return found[1];
  }
}

function matches({ host_header, path_pattern, ...others }: Condition, { host, path }: Request): boolean {
  // Such as a header or a method, by which an upgrade would be routed in another way than its host and path say.
  if (Object.keys(others).length > 0) throw new Error(`a condition that is not known here: ${JSON.stringify(others)}`);
  const hosts = host_header?.values.map((pattern) => pattern.toLowerCase());
  return fits(hosts, host.toLowerCase()) && fits(path_pattern?.values, path);
}

function fits(patterns: readonly string[] | undefined, text: string): boolean {
  return patterns === undefined || patterns.some((pattern) => expression(pattern).test(text));
}

function expression(pattern: string): RegExp {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${literal.replaceAll("*", ".*").replaceAll("?", ".")}$`);
}

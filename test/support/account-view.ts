import type { AwsRequest } from "./aws-calls";

interface Zone {
  readonly Id: string;
  readonly Name: string;
  readonly Config: { readonly PrivateZone: boolean };
}
interface RecordSet {
  readonly Name: string;
  readonly Type: string;
  readonly AliasTarget?: { readonly DNSName: string };
}
interface LoadBalancer {
  readonly LoadBalancerArn: string;
  readonly LoadBalancerName: string;
  readonly DNSName: string;
  readonly Scheme?: string;
  readonly IpAddressType: string;
}
interface Listener {
  readonly ListenerArn: string;
  readonly Port: number;
  readonly Protocol: string;
  readonly SslPolicy?: string;
  readonly Certificates?: readonly { readonly CertificateArn: string }[];
  readonly DefaultActions: readonly { readonly Type: string }[];
}
interface Condition {
  readonly HostHeaderConfig?: { readonly Values: readonly string[] };
  readonly PathPatternConfig?: { readonly Values: readonly string[] };
}
interface Rule {
  readonly Priority: string;
  readonly Conditions: readonly Condition[];
  readonly Actions: readonly { readonly TargetGroupArn: string }[];
}
interface Certificate {
  readonly CertificateArn: string;
  readonly DomainName: string;
  readonly Status: string;
  readonly SubjectAlternativeNames: readonly string[];
}
interface WebAcl {
  readonly Name: string;
  readonly Id: string;
  readonly Rules: readonly { readonly Name: string; readonly Action?: object }[];
}

/** A load balancer with its listeners as lines, and the certificate of HTTPS. */
export interface ListenersView {
  readonly loadBalancer: string;
  readonly ports: readonly string[];
  readonly certificate: Certificate;
}

/** Lists of what an entrance makes, in the account that it is in. */
const LISTS: readonly (readonly [service: string, operation: string, parameters?: object])[] = [
  ["elbv2", "describe_load_balancers"],
  ["elbv2", "describe_target_groups"],
  ["ec2", "describe_vpcs"],
  ["ec2", "describe_subnets"],
  ["ec2", "describe_security_groups"],
  ["ec2", "describe_security_group_rules"],
  ["ec2", "describe_network_interfaces"],
  ["acm", "list_certificates"],
  ["wafv2", "list_web_acls", { Scope: "REGIONAL" }],
  ["logs", "describe_log_groups"],
  ["logs", "describe_resource_policies"],
  ["cloudwatch", "describe_alarms"],
  ["s3", "list_buckets"],
];

/** What AWS itself says of load balancers, records, certificates and firewalls, as lines that a test can compare. */
export class AccountView {
  /**
   * @param call - Calls AWS.
   * @param dnsAccount - A second account, which holds zones.
   */
  public constructor(
    private readonly call: (requests: readonly AwsRequest[]) => unknown[],
    private readonly dnsAccount: string,
  ) {}

  /** Everything that an entrance could leave behind. */
  public everything(): string[] {
    const found = this.call(
      LISTS.map(([service, operation, parameters = {}]) => request(service, operation, parameters)),
    );
    // A certificate that was there before may be issued meanwhile, and the emulator never forgets that it was in use.
    const kept = (key: string, value: unknown): unknown => (["InUse", "Status"].includes(key) ? undefined : value);
    return [...found, this.records()].map((list) => JSON.stringify(list, kept));
  }

  /** Records of every zone but those that every zone has, sorted. */
  public records(): string[] {
    const names = new Map(this.balancers().map(({ DNSName, LoadBalancerName }) => [DNSName, LoadBalancerName]));
    return this.zones()
      .flatMap(({ zone, records }) => {
        const label = `${plain(zone.Name)}${zone.Config.PrivateZone ? " (private)" : ""}`;
        const own = records.filter(({ Name, Type }) => Name !== zone.Name || !["NS", "SOA"].includes(Type));
        return own.map((record) => `${label}: ${lineOf(record, names)}`);
      })
      .sort();
  }

  /** Listeners of every load balancer. */
  public listeners(): ListenersView[] {
    const found = this.listenersByBalancer();
    const arns = found.map(({ listeners }) => listeners.flatMap(({ Certificates = [] }) => Certificates)[0]);
    const certificates = this.call(
      arns.map((arn) => request("acm", "describe_certificate", { CertificateArn: arn?.CertificateArn })),
    ) as { Certificate: Certificate }[];
    return found.map(({ balancer, listeners }, index) => ({
      loadBalancer: balancer.LoadBalancerName,
      ports: [...listeners].sort((left, right) => left.Port - right.Port).map(portLine),
      certificate: certificates[index]!.Certificate,
    }));
  }

  /** Rules of the HTTPS listener of a load balancer; a target group by the prefix of its name. */
  public rules(loadBalancer: string): string[] {
    const found = this.listenersByBalancer().find(({ balancer }) => balancer.LoadBalancerName === loadBalancer);
    const https = found?.listeners.find(({ Port }) => Port === 443);
    const [answer] = this.call([request("elbv2", "describe_rules", { ListenerArn: https?.ListenerArn })]);
    return (answer as { Rules: Rule[] }).Rules.filter(({ Priority }) => Priority !== "default")
      .sort((left, right) => Number(left.Priority) - Number(right.Priority))
      .map(
        ({ Priority, Conditions, Actions }) =>
          `${Priority} ${Conditions.map(conditionLine).join(" ")} -> ${groupPrefix(Actions[0]?.TargetGroupArn)}`,
      );
  }

  /** Settings of every load balancer, by name. */
  public loadBalancers(): unknown[] {
    const balancers = [...this.balancers()].sort((left, right) =>
      left.LoadBalancerName.localeCompare(right.LoadBalancerName),
    );
    const attributes = this.call(
      balancers.map(({ LoadBalancerArn }) =>
        request("elbv2", "describe_load_balancer_attributes", { LoadBalancerArn }),
      ),
    ) as { Attributes: { Key: string; Value: string }[] }[];
    const firewalls = this.call(
      balancers.map(({ LoadBalancerArn: ResourceArn }) =>
        request("wafv2", "get_web_acl_for_resource", { ResourceArn }),
      ),
    ) as { WebACL?: WebAcl }[];
    return balancers.map((balancer, index) => {
      const values = new Map(attributes[index]?.Attributes.map(({ Key, Value }) => [Key, Value]));
      return {
        name: balancer.LoadBalancerName,
        // The default of AWS, which the emulator leaves out.
        scheme: balancer.Scheme ?? "internet-facing",
        addresses: balancer.IpAddressType,
        idleTimeout: values.get("idle_timeout.timeout_seconds"),
        dropsInvalidHeaders: values.get("routing.http.drop_invalid_header_fields.enabled"),
        accessLogs: values.get("access_logs.s3.enabled") === "true" ? values.get("access_logs.s3.bucket") : undefined,
        webAcl: firewalls[index]?.WebACL?.Name,
      };
    });
  }

  /** What the rate rule of every firewall does. */
  public rateActions(): Record<string, string | undefined> {
    const [listed] = this.call([request("wafv2", "list_web_acls", { Scope: "REGIONAL" })]) as [{ WebACLs: WebAcl[] }];
    const answers = this.call(
      listed.WebACLs.map(({ Name, Id }) => request("wafv2", "get_web_acl", { Name, Id, Scope: "REGIONAL" })),
    ) as { WebACL: WebAcl }[];
    return Object.fromEntries(
      answers.map(({ WebACL: { Name, Rules } }) => {
        const rate = Rules.find((rule) => rule.Name === "Rate");
        return [Name, Object.keys(rate?.Action ?? {})[0]];
      }),
    );
  }

  /** Log groups that queries of zones go to. */
  public queryLogGroups(): string[] {
    const [answer] = this.call([request("route53", "list_query_logging_configs", {})]) as [
      { QueryLoggingConfigs: { CloudWatchLogsLogGroupArn: string }[] },
    ];
    return answer.QueryLoggingConfigs.map(({ CloudWatchLogsLogGroupArn: arn }) => arn.split(":")[6] ?? "");
  }

  private balancers(): LoadBalancer[] {
    const [answer] = this.call([request("elbv2", "describe_load_balancers", {})]);
    return (answer as { LoadBalancers: LoadBalancer[] }).LoadBalancers;
  }

  private listenersByBalancer(): { readonly balancer: LoadBalancer; readonly listeners: readonly Listener[] }[] {
    const balancers = this.balancers();
    const answers = this.call(
      balancers.map(({ LoadBalancerArn }) => request("elbv2", "describe_listeners", { LoadBalancerArn })),
    ) as { Listeners: Listener[] }[];
    return balancers.map((balancer, index) => ({ balancer, listeners: answers[index]?.Listeners ?? [] }));
  }

  private zones(): { readonly zone: Zone; readonly records: readonly RecordSet[] }[] {
    return [undefined, this.dnsAccount].flatMap((account) => {
      const inAccount = (operation: string, parameters: object): AwsRequest => ({
        ...request("route53", operation, parameters),
        ...(account === undefined ? {} : { account }),
      });
      const [{ HostedZones }] = this.call([inAccount("list_hosted_zones", {})]) as [{ HostedZones: Zone[] }];
      const answers = this.call(
        HostedZones.map(({ Id }) => inAccount("list_resource_record_sets", { HostedZoneId: Id })),
      ) as { ResourceRecordSets: RecordSet[] }[];
      return HostedZones.map((zone, index) => ({ zone, records: answers[index]?.ResourceRecordSets ?? [] }));
    });
  }
}

function request(service: string, operation: string, parameters: object): AwsRequest {
  return { service, operation, parameters: { ...parameters } };
}

function plain(name: string): string {
  return name.replace(/\.$/, "").replace("\\052", "*");
}

function lineOf({ Name, Type, AliasTarget }: RecordSet, names: ReadonlyMap<string, string>): string {
  const name = plain(Name);
  if (name.startsWith("_")) return `proof of ${name.slice(name.indexOf(".") + 1)}`;
  if (AliasTarget === undefined) return `${Type} ${name}`;
  return `${Type} ${name} -> ${names.get(AliasTarget.DNSName) ?? AliasTarget.DNSName}`;
}

function portLine({ Port, Protocol, DefaultActions, SslPolicy }: Listener): string {
  const policy = Protocol === "HTTPS" ? ` ${SslPolicy ?? ""}` : "";
  return `${String(Port)} ${Protocol} ${DefaultActions[0]?.Type ?? ""}${policy}`;
}

function conditionLine({ HostHeaderConfig, PathPatternConfig }: Condition): string {
  if (HostHeaderConfig !== undefined) return `host ${HostHeaderConfig.Values.join(",")}`;
  return `path ${[...(PathPatternConfig?.Values ?? [])].sort().join(",")}`;
}

function groupPrefix(arn = ""): string {
  return /targetgroup\/([a-z]+)/.exec(arn)?.[1] ?? arn;
}

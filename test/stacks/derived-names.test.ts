import { App, Testing } from "cdktf";
import fc from "fast-check";

import { prod } from "../support/environments/prod";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { REGIONS } from "../../domain/common/regions";
import type { Manifest } from "../../domain/common/kubernetes";
import { RetoolStack } from "../../stacks";
import { secondInstance } from "../support/second-instance";
import { Synthesized } from "../support/synthesize";

/** What a name may look like, and how long it may be. */
type Rule = readonly [most: number, form: RegExp];

const WORD = /^[A-Za-z0-9_+=,.@-]+$/;
const LOWER = /^[a-z](?!.*--)[a-z0-9-]*$/;
const HYPHENS = /^[A-Za-z0-9](?!.*--)[A-Za-z0-9-]*$/;
/** A DNS label, or several with dots. */
const KUBERNETES = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;
/** Characters that Terraform adds to a `name_prefix`. */
const ADDED = 26;

/**
 * Rules of names, by type and argument.
 *
 * Sources: the API references of the services, each under the action that creates the resource.
 */
const RULES: Readonly<Record<string, Rule>> = {
  "aws_backup_plan.name": [50, WORD],
  "aws_backup_selection.name": [50, /^[A-Za-z0-9._-]+$/],
  "aws_backup_vault.name": [50, /^[A-Za-z0-9_-]{2,}$/],
  "aws_cloudwatch_dashboard.dashboard_name": [255, /^[\w-]+$/],
  "aws_cloudwatch_event_rule.name": [64, /^[.\w-]+$/],
  "aws_cloudwatch_log_group.name": [512, /^[.\w/#-]+$/],
  "aws_cloudwatch_log_metric_filter.name": [512, /^[^:*]+$/],
  "aws_cloudwatch_metric_alarm.alarm_name": [255, WORD],
  "aws_db_instance.identifier": [63, LOWER],
  "aws_db_instance.final_snapshot_identifier": [255, HYPHENS],
  "aws_db_parameter_group.name_prefix": [255 - ADDED, LOWER],
  "aws_db_snapshot.db_snapshot_identifier": [255, HYPHENS],
  "aws_db_subnet_group.name_prefix": [255 - ADDED, LOWER],
  "aws_eks_cluster.name": [100, /^[0-9A-Za-z][A-Za-z0-9_-]*$/],
  "aws_eks_node_group.node_group_name_prefix": [63 - ADDED, /^[0-9A-Za-z][A-Za-z0-9_-]*$/],
  "aws_iam_instance_profile.name": [128, WORD],
  "aws_iam_policy.name": [128, WORD],
  "aws_iam_role.name": [64, WORD],
  "aws_iam_role.name_prefix": [64 - ADDED, WORD],
  "aws_iam_role_policy.name": [128, WORD],
  "aws_kms_alias.name": [256, /^alias\/(?!aws\/)[A-Za-z0-9/_-]+$/],
  "aws_kms_grant.name": [256, /^[A-Za-z0-9:/_-]+$/],
  "aws_launch_template.name_prefix": [128 - ADDED, /^[\w().\-/]{3,}$/],
  "aws_lb.name": [32, /^(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/],
  "aws_lb_target_group.name": [32, /^(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/],
  "aws_lb_target_group.name_prefix": [6, /^[A-Za-z0-9][A-Za-z0-9-]*$/],
  "aws_networkfirewall_firewall.name": [128, /^[A-Za-z0-9-]+$/],
  "aws_networkfirewall_firewall_policy.name": [128, /^[A-Za-z0-9-]+$/],
  "aws_networkfirewall_rule_group.name": [128, /^[A-Za-z0-9-]+$/],
  "aws_route53_resolver_firewall_domain_list.name": [64, /^(?!\d+$)[\w -]+$/],
  "aws_route53_resolver_firewall_rule.name": [64, /^(?!\d+$)[\w -]+$/],
  "aws_route53_resolver_firewall_rule_group.name": [64, /^(?!\d+$)[\w -]+$/],
  "aws_route53_resolver_firewall_rule_group_association.name": [64, /^(?!\d+$)[\w -]+$/],
  "aws_route53_resolver_query_log_config.name": [64, /^(?!\d+$)[\w -]+$/],
  "aws_s3_bucket.bucket": [63, /^(?!xn--|sthree-)[a-z0-9][a-z0-9-]+[a-z0-9]$/],
  "aws_secretsmanager_secret.name": [512, /^[\w/+=.@-]+$/],
  "aws_security_group.name_prefix": [255 - ADDED, /^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]+$/],
  "aws_sns_topic.name": [256, /^[\w-]+$/],
  "aws_sqs_queue.name": [80, /^[\w-]+$/],
  "aws_wafv2_web_acl.name": [128, /^[\w-]+$/],
  "helm_release.name": [53, KUBERNETES],
  "kubernetes.metadata.name": [63, KUBERNETES],
};

/** Arguments that hold a name which something else fixes: of a host, of a metric, of an add-on, of what EKS offers. */
const FIXED =
  /\.(domain_name|metric_name|addon_name|cluster_name|service_name|db_name|parameter_group_name|role_name)$|^aws_route53_record\./;

const NAMING = /^(name|bucket|identifier|.*_(name|identifier)|(.*_)?name_prefix)$/;

const LONGEST = "abcdefghijklmnopqrst";
const LONGEST_REGION = [...REGIONS].sort((left, right) => right.length - left.length)[0] ?? "";

const full: EnvironmentSpec = {
  ...prod,
  name: LONGEST,
  region: LONGEST_REGION,
  retoolVersion: "4.34.1-stable",
  retool: { upgrades: [{ from: "4.0.9-stable", to: "4.34.1-stable", permissionsMigration: "complete" }] },
  egress: { level: "firewall" },
  backup: { copyTo: { region: "ap-northeast-3", retentionDays: 90 } },
  retoolDatabase: { kind: "dedicated" },
  temporal: { kind: "local" },
  frontDoor: { waf: { kind: "block" }, accessLogs: { kind: "bucket" } },
  network: { sandboxCidr: "100.64.0.0/14" },
  nodePools: { isolateCodeExecution: true },
  sandbox: { warmHeadroom: 4 },
};
const guest: EnvironmentSpec = {
  ...secondInstance({ ...prod, region: LONGEST_REGION }),
  name: LONGEST,
  nodePools: { isolateCodeExecution: true },
  sandbox: { warmHeadroom: 4 },
};
/** The longest prefixes that an organization may demand. */
const organization: EnvironmentSpec = {
  ...full,
  name: "a",
  namePrefix: "examples-of-organizations",
  iam: { path: "/examples/of/", rolePrefix: "roles.of_examples+=@" },
};

interface Name {
  readonly argument: string;
  readonly value: string;
}

const isLiteral = (value: unknown): value is string => typeof value === "string" && !value.includes("${");

/** Every name in a stack that is text and not a reference. */
function namesOf(spec: EnvironmentSpec): Name[] {
  const stack = new Synthesized(JSON.parse(Testing.synth(new RetoolStack(new App(), spec))) as Synthesized["json"]);
  return Object.keys(stack.json["resource"] ?? {}).flatMap((type) =>
    stack
      .all(type)
      .flatMap((block) => [
        ...Object.entries(block).flatMap(([key, value]) =>
          NAMING.test(key) && isLiteral(value) ? [{ argument: `${type}.${key}`, value }] : [],
        ),
        ...objectsIn(block).map((value) => ({ argument: "kubernetes.metadata.name", value })),
      ]),
  );
}

/** Names of a Kubernetes resource, and of the manifests that a release of ours carries. */
function objectsIn({ metadata, values }: Readonly<Record<string, unknown>>): string[] {
  const own = (metadata as { name?: string } | undefined)?.name;
  const carried = ((values ?? []) as string[]).flatMap(
    (text) => (JSON.parse(text) as { manifests?: Manifest[] }).manifests ?? [],
  );
  return [own, ...carried.map(({ metadata: { name } }) => name)].filter(isLiteral);
}

const names = [...namesOf(full), ...namesOf(guest), ...namesOf(organization)].filter(
  ({ argument }) => !FIXED.test(argument),
);

test("every argument that holds a name of ours has a rule", () => {
  expect([...new Set(names.map(({ argument }) => argument))].filter((argument) => !(argument in RULES))).toEqual([]);
});

test("every derived name is accepted in every region, for the longest and the shortest environment", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.constantFrom(...REGIONS),
      fc.constantFrom(LONGEST, "a", "a-b", "z9"),
      ({ argument, value }, region, environment) => {
        const name = value.replaceAll(LONGEST_REGION, region).replaceAll(LONGEST, environment);
        const [most, form] = RULES[argument] ?? [0, /^$/];
        expect([argument, name, name.length <= most, form.test(name)]).toEqual([argument, name, true, true]);
      },
    ),
    { numRuns: 5000 },
  );
  for (const { argument, value } of names) {
    expect([argument, value, value.length <= (RULES[argument]?.[0] ?? 0)]).toEqual([argument, value, true]);
  }
});

test("a name that is too long without a hash is long enough to tell regions apart", () => {
  const buckets = names.filter(({ argument }) => argument === "aws_s3_bucket.bucket").map(({ value }) => value);

  expect(buckets.filter((name) => name.includes("access-logs"))).toEqual([
    expect.stringMatching(/^retool-abcdefghijklmnopqrst-access-logs-111122223333-.*-[0-9a-f]{8}$/),
    expect.stringMatching(/^examples-of-organizations-a-access-logs-111122223333-.*-[0-9a-f]{8}$/),
  ]);
});

/** A check of checkov that fails on purpose. */
export interface AcceptedFinding {
  /** Id of the check. */
  readonly check: string;
  /** Matches the addresses for which the reason holds, and no others. */
  readonly resources: RegExp;
  /** What the check asks for. */
  readonly asks: string;
  /** Why it is not done. */
  readonly reason: string;
}

/**
 * Every check of checkov that fails for production, and why.
 *
 * A test runs checkov on the plan and compares: a finding that is not listed fails it, and so does an entry that is found no
 * more. docs/guides/checkov.md shows this list.
 */
export const ACCEPTED_FINDINGS: readonly AcceptedFinding[] = [
  {
    check: "CKV_AWS_338",
    resources: /^aws_cloudwatch_log_group\./,
    asks: "log groups keep a year",
    reason:
      "the default is 90 days (30 for the firewall's own log); a year costs four times that, and who needs it sets `cluster.logRetentionDays`, `database.logRetentionDays` and `network.flowLogRetentionDays`",
  },
  {
    check: "CKV_AWS_161",
    resources: /^aws_db_instance\./,
    asks: "IAM authentication for the database",
    reason: "Retool logs in with a password and has no way to fetch a token; a second login method would have no user",
  },
  {
    check: "CKV_AWS_37",
    resources: /^aws_eks_cluster\./,
    asks: "every kind of control plane log",
    reason:
      "audit, api and authenticator say who did what; the scheduler and the controller manager only add volume, and `cluster.logTypes` adds them",
  },
  {
    check: "CKV_AWS_39",
    resources: /^aws_eks_cluster\./,
    asks: "no public endpoint of the Kubernetes API",
    reason: 'it answers only the address ranges in `clusterAccess`, and `clusterAccess: "private"` closes it',
  },
  {
    check: "CKV2_AWS_62",
    resources: /^aws_s3_bucket\./,
    asks: "event notifications of every bucket",
    reason: "nothing listens; who reads and writes is in the access logs",
  },
  {
    check: "CKV_AWS_18",
    resources: /^aws_s3_bucket\..*FrontDoor_AccessLogs/,
    asks: "access logs of the bucket that holds access logs",
    reason: "only the load balancer writes it and nothing but its readers' roles may read it; its log would need a log",
  },
  {
    check: "CKV_AWS_21",
    resources: /^aws_s3_bucket\..*FrontDoor_AccessLogs/,
    asks: "versions in the bucket of the load balancer's logs",
    reason: "each file is written once under a unique name, and its policy lets only the load balancer write",
  },
  {
    check: "CKV_AWS_145",
    resources: /^aws_s3_bucket\..*(BlobStorage_Logs|FrontDoor_AccessLogs)/,
    asks: "KMS for buckets that receive logs",
    reason: "S3 and the load balancer deliver logs only to buckets that are encrypted with keys of S3",
  },
  {
    check: "CKV_AWS_144",
    resources: /^aws_s3_bucket\./,
    asks: "replication to another region",
    reason:
      "a replica repeats every mistake; `backup.copyTo` keeps daily copies in a second region that nothing overwrites",
  },
  {
    check: "CKV2_AWS_71",
    resources: /^aws_acm_certificate\./,
    asks: "no wildcard in the certificate",
    reason: "each sandbox and each Space has its own host name below the domain, made while Retool runs",
  },
  {
    check: "CKV2_AWS_76",
    resources: /^aws_lb\./,
    asks: "AWS's rules against Log4j in the firewall",
    reason:
      "with `frontDoor.waf` they are there (AWSManagedRulesKnownBadInputsRuleSet); before the first apply the plan does not know which load balancer they stand at",
  },
  {
    check: "CKV2_AWS_57",
    resources: /^aws_secretsmanager_secret\./,
    asks: "rotation on a schedule",
    reason:
      "a new encryption key makes stored credentials unreadable, and pods keep the old password until they are replaced: one revision number rotates a secret and rolls its pods in the same apply",
  },
  {
    check: "CKV_AWS_345",
    resources: /^aws_networkfirewall_(firewall|rule_group)\./,
    asks: "our own key for the network firewall and its rules",
    reason:
      "AWS encrypts them with its own key; they hold host names and address ranges, no data, and a key that is disabled by mistake must not stop a change of the rules",
  },
  {
    check: "CKV_AWS_346",
    resources: /^aws_networkfirewall_firewall_policy\./,
    asks: "our own key for the firewall's policy",
    reason: "as for its rules: no data in it",
  },
  {
    check: "CKV_AWS_378",
    resources: /^aws_lb_target_group\./,
    asks: "TLS from the load balancer to the pods",
    reason: "Retool's pods speak plain HTTP; the path is inside the VPC, from one security group to another",
  },
];

/** The list as a table in Markdown. */
export function acceptedFindingsTable(): string {
  const rows = ACCEPTED_FINDINGS.map(({ check, asks, reason }) => `| ${check} | ${asks} | ${reason} |`);
  return ["| check | asks for | why not |", "| --- | --- | --- |", ...rows].join("\n");
}

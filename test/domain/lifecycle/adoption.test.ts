import {
  bearerOfTags,
  candidateFor,
  isOfEnvironment,
  isRefusedAgain,
  isSameAsPlanned,
  type Owner,
  referenceTo,
  searchFor,
  secretVersionInState,
  withSettings,
} from "../../../domain/lifecycle/adoption";

const OWNER: Owner = {
  tags: { Project: "cdktf-retool", Environment: "prod" },
  place: { account: "123456789012", region: "eu-west-1", partition: "aws" },
};
const planned = (type: string, values: Record<string, unknown>) => ({ address: `${type}.it`, type, values });

describe("searchFor", () => {
  test.each([
    ["aws_secretsmanager_secret", { name: "retool/prod/jwt-secret" }, "retool/prod/jwt-secret"],
    ["aws_s3_bucket", { bucket: "retool-prod" }, "retool-prod"],
    ["aws_db_instance", { identifier: "retool-prod" }, "retool-prod"],
    ["aws_db_snapshot", { db_snapshot_identifier: "before" }, "before"],
    ["aws_iam_policy", { name: "retool-prod-x" }, "arn:aws:iam::123456789012:policy/retool-prod-x"],
    [
      "aws_networkfirewall_rule_group",
      { name: "r", type: "STATEFUL" },
      "arn:aws:network-firewall:eu-west-1:123456789012:stateful-rulegroup/r",
    ],
    ["aws_eks_addon", { cluster_name: "c", addon_name: "vpc-cni" }, "c:vpc-cni"],
    ["aws_route", { route_table_id: "rtb-1", destination_cidr_block: "0.0.0.0/0" }, "r-rtb-11080289494"],
    ["aws_route53_record", { zone_id: "Z1", name: "retool.example.com", type: "A" }, "Z1_retool.example.com_A"],
  ])("knows by what id an %s is found", (type, values, id) => {
    expect(searchFor(planned(type, values), OWNER)).toEqual({ ids: [id] });
  });

  test.each([
    ["aws_lb", { name: "retool-prod" }, { arn: "arn:lb" }, "aws_lb", { name: "retool-prod" }, ["arn:lb"]],
    [
      "aws_subnet",
      { cidr_block: "10.0.0.0/24", vpc_id: "vpc-1" },
      { ids: ["subnet-1"] },
      "aws_subnets",
      {
        filter: [
          { name: "cidr-block", values: ["10.0.0.0/24"] },
          { name: "vpc-id", values: ["vpc-1"] },
        ],
      },
      ["subnet-1"],
    ],
    [
      "aws_wafv2_web_acl",
      { name: "w", scope: "REGIONAL" },
      { id: "1" },
      "aws_wafv2_web_acl",
      { name: "w", scope: "REGIONAL" },
      ["1"],
    ],
    [
      "aws_eks_node_group",
      { cluster_name: "c", node_group_name_prefix: "system-" },
      { names: ["system-2026", "other"] },
      "aws_eks_node_groups",
      { cluster_name: "c" },
      ["c:system-2026"],
    ],
    [
      "aws_security_group",
      { name_prefix: "retool-prod-api-", vpc_id: "vpc-1" },
      { ids: ["sg-1"] },
      "aws_security_groups",
      {
        filter: [
          { name: "group-name", values: ["retool-prod-api-*"] },
          { name: "vpc-id", values: ["vpc-1"] },
        ],
      },
      ["sg-1"],
    ],
    [
      "aws_route_table_association",
      { subnet_id: "subnet-1", route_table_id: "rtb-1" },
      {
        associations: [
          { route_table_association_id: "rtbassoc-2", subnet_id: "subnet-2" },
          { route_table_association_id: "rtbassoc-1", subnet_id: "subnet-1" },
        ],
      },
      "aws_route_table",
      { subnet_id: "subnet-1" },
      ["rtbassoc-1"],
    ],
    [
      "aws_vpc_ipv4_cidr_block_association",
      { vpc_id: "vpc-1", cidr_block: "100.64.0.0/16" },
      {
        cidr_block_associations: [
          { association_id: "a", cidr_block: "10.0.0.0/16" },
          { association_id: "b", cidr_block: "100.64.0.0/16" },
        ],
      },
      "aws_vpc",
      { id: "vpc-1" },
      ["b"],
    ],
  ])("asks for an %s", (type, values, answer, source, args, ids) => {
    const search = searchFor(planned(type, values), OWNER);

    expect(search).toMatchObject({ lookup: { type: source, arguments: args } });
    expect(search !== undefined && "lookup" in search ? search.ids(answer) : []).toEqual(ids);
  });

  test.each([
    [
      "aws_backup_selection",
      { plan_id: "p", name: "daily" },
      "backup list-backup-selections --backup-plan-id p",
      { BackupSelectionsList: [{ SelectionName: "daily", SelectionId: "s" }, { SelectionName: "other" }] },
      "s",
    ],
    [
      "aws_eks_pod_identity_association",
      { cluster_name: "c", namespace: "retool", service_account: "api" },
      "eks list-pod-identity-associations --cluster-name c",
      {
        associations: ["retool", "other"].map((namespace) => ({
          namespace,
          serviceAccount: "api",
          associationId: `a-${namespace}`,
        })),
      },
      "a-retool",
    ],
    [
      "aws_flow_log",
      { vpc_id: "vpc-1", log_destination: "arn:logs" },
      "ec2 describe-flow-logs",
      { FlowLogs: [{ ResourceId: "vpc-1", LogDestination: "arn:logs", FlowLogId: "fl-1" }] },
      "fl-1",
    ],
    [
      "aws_route53_zone",
      { name: "retool.example.com" },
      "route53 list-hosted-zones-by-name --dns-name retool.example.com",
      {
        HostedZones: [
          { Id: "/hostedzone/ZPRIVATE", Name: "retool.example.com.", Config: { PrivateZone: true } },
          { Id: "/hostedzone/Z1", Name: "retool.example.com." },
          { Id: "/hostedzone/Z2", Name: "example.com." },
        ],
      },
      "Z1",
    ],
    [
      "aws_route53_query_log",
      { zone_id: "Z1" },
      "route53 list-query-logging-configs --hosted-zone-id Z1",
      { QueryLoggingConfigs: [{ Id: "q" }] },
      "q",
    ],
  ])("reads a list of AWS for an %s", (type, values, listing, answer, id) => {
    const search = searchFor(planned(type, values), OWNER);

    expect(search && "listing" in search ? search.listing.join(" ") : "").toBe(listing);
    expect(search && "listing" in search ? search.ids(answer) : []).toEqual([id]);
  });

  test("takes the certificate that is in use before another one of its name", () => {
    const search = searchFor(planned("aws_acm_certificate", { domain_name: "retool.example.com" }), OWNER);
    const found = [
      { CertificateArn: "arn:left", DomainName: "retool.example.com", InUse: false },
      { CertificateArn: "arn:used", DomainName: "retool.example.com", InUse: true },
      { CertificateArn: "arn:other", DomainName: "example.com", InUse: true },
    ];

    expect(search && "listing" in search ? search.listing.slice(0, 2) : []).toEqual(["acm", "list-certificates"]);
    expect(search && "listing" in search ? search.ids({ CertificateSummaryList: found }) : []).toEqual([
      "arn:used",
      "arn:left",
    ]);
    expect(searchFor(planned("aws_acm_certificate", {}), OWNER)).toBeUndefined();
  });

  test("reads no list whose question is not known before the apply", () => {
    expect(searchFor(planned("aws_backup_selection", { name: "daily" }), OWNER)).toBeUndefined();
    expect(searchFor(planned("aws_route53_zone", {}), OWNER)).toBeUndefined();
  });

  test("takes a VPC by its name only where there is one", () => {
    const search = searchFor(planned("aws_vpc", { tags: { Name: "retool-prod" } }), OWNER);

    expect(search).toMatchObject({
      lookup: { type: "aws_vpcs", arguments: { tags: { ...OWNER.tags, Name: "retool-prod" } } },
    });
    const ids = search !== undefined && "lookup" in search ? search.ids : (): string[] => [];
    expect(ids({ ids: ["vpc-1"] })).toEqual(["vpc-1"]);
    expect(ids({ ids: ["vpc-1", "vpc-2"] })).toEqual([]);
  });

  test.each([
    ["what is made once more", "aws_db_subnet_group", { name_prefix: "x" }],
    ["a name that is known after the apply", "aws_iam_role", { name_prefix: "retool-" }],
    ["what belongs to something that is not in state", "aws_subnet", { cidr_block: "10.0.0.0/24" }],
    [
      "a record that is written over",
      "aws_route53_record",
      { zone_id: "Z", name: "n", type: "CNAME", allow_overwrite: true },
    ],
    ["a route without a destination", "aws_route", { route_table_id: "rtb-1" }],
  ])("looks nowhere for %s", (_, type, values) => {
    expect(searchFor(planned(type, values), OWNER)).toBeUndefined();
  });
});

test.each([
  [
    "aws_route",
    { route_table_id: "rtb-1", destination_cidr_block: "0.0.0.0/0" },
    "r-1",
    { id: "r-1", route_table_id: "rtb-1", destination_cidr_block: "0.0.0.0/0" },
  ],
  [
    "aws_eks_pod_identity_association",
    { cluster_name: "c" },
    "a-1",
    { id: "a-1", association_id: "a-1", cluster_name: "c" },
  ],
  ["aws_backup_selection", { plan_id: "p" }, "s", { id: "s", plan_id: "p" }],
  [
    "aws_route53_record",
    { zone_id: "Z", name: "n", type: "A" },
    "Z_n_A",
    { id: "Z_n_A", zone_id: "Z", name: "n", type: "A" },
  ],
  ["aws_wafv2_web_acl", { name: "w", scope: "REGIONAL" }, "1", { id: "1", name: "w", scope: "REGIONAL" }],
  ["aws_s3_bucket", { bucket: "b" }, "b", undefined],
])("state says of an %s what the provider needs to read it", (type, values, id, inState) => {
  expect(candidateFor(planned(type, values), id)).toEqual({
    address: `${type}.it`,
    type,
    id,
    ...(inState && { inState }),
  });
});

test.each([
  ["a subnet whose creation failed after it was made", "aws_subnet", "create,delete", "replace_because_tainted", true],
  ["one that is deleted first", "aws_subnet", "delete,create", "replace_because_tainted", false],
  ["one that is replaced by another", "aws_subnet", "create,delete", "replace_because_cannot_update", false],
  ["one that is new", "aws_subnet", "create", undefined, false],
  ["what may have failed itself", "aws_nat_gateway", "create,delete", "replace_because_tainted", false],
])("AWS would refuse to make again what exists: %s", (_, type, actions, reason, isRefused) => {
  expect(isRefusedAgain(type, actions.split(","), reason)).toBe(isRefused);
});

describe("bearerOfTags", () => {
  test("is the key of an alias, which has no tags", () => {
    expect(bearerOfTags({ type: "aws_kms_alias" }, { target_key_id: "1234" })).toEqual({
      type: "aws_kms_key",
      id: "1234",
    });
  });

  test("is anything else itself", () => {
    expect(bearerOfTags({ type: "aws_s3_bucket" }, {})).toBeUndefined();
  });
});

describe("isOfEnvironment", () => {
  const own = { Project: "cdktf-retool", Environment: "prod", Team: "data" };

  test.each([
    [own, true],
    [{ ...own, Team: "another" }, true],
    [{ ...own, Environment: "staging" }, false],
    [{ ...own, Project: "another" }, false],
    [{ Environment: "prod" }, false],
    [{}, false],
    [null, false],
  ])("takes the tags %j: %s", (given, expected) => {
    expect(isOfEnvironment({ tags_all: given }, own)).toBe(expected);
  });

  test("takes nothing that is not there, and nothing where no tags are its own", () => {
    expect(isOfEnvironment(undefined, own)).toBe(false);
    expect(isOfEnvironment({ tags_all: {} }, {})).toBe(false);
  });
});

describe("isSameAsPlanned", () => {
  const rule = {
    ip_protocol: "tcp",
    from_port: 5432,
    to_port: 5432,
    cidr_ipv4: null,
    referenced_security_group_id: "sg-1",
  };
  const tags = { tags_all: OWNER.tags };

  test.each([
    ["the same rule", { ...rule, cidr_ipv4: "", ...tags }, true],
    ["another port", { ...rule, to_port: 5433, ...tags }, false],
    ["another peer", { ...rule, referenced_security_group_id: "sg-2", ...tags }, false],
    ["somebody else's", { ...rule, tags_all: {} }, false],
  ])("a security group rule, %s: %s", (_, found, expected) => {
    const values = { ...rule, cidr_ipv6: null, prefix_list_id: null };

    expect(isSameAsPlanned(planned("aws_vpc_security_group_ingress_rule", values), found, OWNER.tags)).toBe(expected);
  });

  test.each([
    [[{ name: "lb.example.com", zone_id: "Z" }], true],
    [[{ name: "other.example.com", zone_id: "Z" }], false],
    [[], false],
  ])("a record that leads to %j: %s", (alias, expected) => {
    const values = { alias: [{ name: "LB.example.com", zone_id: "Z" }], records: null };

    expect(isSameAsPlanned(planned("aws_route53_record", values), { alias }, OWNER.tags)).toBe(expected);
  });

  test("a record of which it is not known yet where it will lead is not changed", () => {
    expect(isSameAsPlanned(planned("aws_route53_record", {}), { alias: [{ name: "x" }] }, OWNER.tags)).toBe(false);
  });
});

test("withSettings fills in what only the provider knows, and nothing that AWS has said", () => {
  const found = (attributes: object) => ({
    mode: "managed",
    type: "aws_kms_key",
    name: "data",
    provider: "",
    instances: [{ schema_version: 0, attributes: { ...attributes } }],
  });
  const planned = { deletion_window_in_days: 30, description: "x", force_destroy: true };

  expect(withSettings(found({ id: "1", deletion_window_in_days: null, description: null }), planned)).toEqual(
    found({ id: "1", deletion_window_in_days: 30, description: null }),
  );
  expect(withSettings(found({ skip_final_snapshot: null }), { skip_final_snapshot: true })).toEqual(
    found({ skip_final_snapshot: true }),
  );
  expect(withSettings(found({ deletion_window_in_days: 7 }), planned)).toEqual(found({ deletion_window_in_days: 7 }));
});

test("referenceTo finds the resource of a type that a block refers to", () => {
  const block = { name: "alias/x", target_key_id: "${aws_kms_key.Data-1.key_id}", other: "${data.aws_kms_key.no.arn}" };

  expect(referenceTo(block, "aws_kms_key")).toBe("aws_kms_key.Data-1");
  expect(referenceTo(block, "aws_s3_bucket")).toBeUndefined();
  expect(referenceTo(undefined, "aws_kms_key")).toBeUndefined();
});

describe("secretVersionInState", () => {
  const arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:retool/prod/key-AbCdEf";
  const secret = {
    mode: "managed",
    type: "aws_secretsmanager_secret",
    name: "key",
    provider: 'provider["aws"]',
    instances: [{ schema_version: 0, attributes: { arn, id: "retool/prod/key" } }],
  };
  const versions = [
    { version_id: "old", version_stages: ["AWSPREVIOUS"] },
    { version_id: "new", version_stages: ["AWSCURRENT"] },
  ];

  test("is the current one, write-only and without its value", () => {
    expect(secretVersionInState(secret, versions, 2)).toEqual({
      ...secret,
      type: "aws_secretsmanager_secret_version",
      instances: [
        {
          schema_version: 0,
          attributes: {
            arn,
            has_secret_string_wo: true,
            id: `${arn}|new`,
            secret_binary: "",
            secret_id: arn,
            secret_string: "",
            secret_string_wo: null,
            secret_string_wo_version: 2,
            version_id: "new",
            version_stages: ["AWSCURRENT"],
          },
        },
      ],
    });
  });

  test.each([[null], [[]], [versions.slice(0, 1)]])("is none where %j are its versions", (given) => {
    expect(secretVersionInState(secret, given, 1)).toBeUndefined();
  });
});

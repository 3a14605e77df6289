import type { INetwork } from "../../../constructs/common/contracts";
import { Cluster } from "../../../constructs/cluster/cluster";
import { type ClusterSpec, planCluster } from "../../../domain/cluster/cluster";
import type { ClusterAccess } from "../../../domain/cluster/access";
import type { DataProtection } from "../../../domain/common/context";
import { resourceTypes } from "../../support/dependables";
import { context, network } from "../../support/fakes";
import { type Synthesized, synthesize } from "../../support/synthesize";

interface Options {
  readonly network?: INetwork;
  readonly spec?: ClusterSpec;
  readonly access?: ClusterAccess;
  readonly dataProtection?: DataProtection;
  readonly use?: (cluster: Cluster) => void;
}

const define = ({
  network: given = network,
  spec,
  access = "private",
  dataProtection = "protected",
  use,
}: Options = {}): Synthesized =>
  synthesize((stack) => {
    const { plan } = planCluster(spec, { ...context, dataProtection }, access);
    const cluster = new Cluster(stack, "Cluster", {
      plan,
      network: given,
      secretsKey: { keyArn: "arn:secrets-key" },
      logsKey: { keyArn: "arn:logs-key" },
    });
    use?.(cluster);
  });
const ADMIN = "arn:aws:iam::111122223333:role/platform";
const VIEWER = "arn:aws:iam::111122223333:role/viewer";

describe("Cluster", () => {
  test("encrypts Secrets with its key, and lets its role use that key", () => {
    const template = define();

    expect(template.only("aws_eks_cluster")).toMatchObject({
      encryption_config: { provider: { key_arn: "arn:secrets-key" }, resources: ["secrets"] },
    });
    expect(JSON.parse(template.only("aws_iam_role_policy")["policy"] as string)).toMatchObject({
      Statement: [
        { Action: ["kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:ListGrants"], Resource: "arn:secrets-key" },
      ],
    });
  });

  test("takes part in nothing but access entries, and its maker administers it", () => {
    expect(define().only("aws_eks_cluster")).toMatchObject({
      access_config: { authentication_mode: "API", bootstrap_cluster_creator_admin_permissions: true },
    });
  });

  test("brings no add-ons of its own", () => {
    expect(define().only("aws_eks_cluster")).toMatchObject({ bootstrap_self_managed_addons: false });
  });

  test("sets nothing that the oldest AWS provider does not know", () => {
    const cluster = define().only("aws_eks_cluster");

    expect(Object.keys(cluster)).not.toContain("deletion_protection");
    expect(Object.keys(cluster)).not.toContain("region");
  });

  test("is reached from inside the VPC always, and from listed ranges where there are any", () => {
    expect(define({ access: "private" }).only("aws_eks_cluster")).toMatchObject({
      vpc_config: {
        endpoint_private_access: true,
        endpoint_public_access: false,
      },
    });
    expect(define({ access: ["203.0.113.0/24"] }).only("aws_eks_cluster")).toMatchObject({
      vpc_config: {
        endpoint_private_access: true,
        endpoint_public_access: true,
        public_access_cidrs: ["203.0.113.0/24"],
      },
    });
  });

  test("stays in its first two zones, since EKS takes no subnet of a zone that is added later", () => {
    const subnetsOf = (zones: number): unknown =>
      define({ network: { ...network, privateSubnetIds: network.privateSubnetIds.slice(0, zones) } }).only(
        "aws_eks_cluster",
      )["vpc_config"];

    expect(subnetsOf(3)).toMatchObject({ subnet_ids: network.privateSubnetIds.slice(0, 2) });
    expect(subnetsOf(3)).toEqual(subnetsOf(2));
  });

  test("opens the API to machines in every range of the VPC", () => {
    const inTwo = define({ network: { ...network, secondaryCidrs: ["100.64.0.0/16"] } });

    expect(
      inTwo
        .all("aws_vpc_security_group_ingress_rule")
        .map(({ cidr_ipv4 }) => cidr_ipv4)
        .sort(),
    ).toEqual([network.vpcCidr, "100.64.0.0/16"]);
  });

  test("loses a range of the VPC without a change of the rules of the others", () => {
    const rulesOf = (...secondaryCidrs: string[]): Record<string, unknown> =>
      define({ network: { ...network, secondaryCidrs } }).json["resource"]?.["aws_vpc_security_group_ingress_rule"] ??
      {};
    const [before, after] = [rulesOf("100.64.0.0/16", "100.65.0.0/16"), rulesOf("100.65.0.0/16")];

    expect(before).toMatchObject(after);
    expect([Object.keys(before).length, Object.keys(after).length]).toEqual([3, 2]);
  });

  test("opens the API, and nothing else, to machines of the VPC", () => {
    const template = define();

    expect(template.only("aws_vpc_security_group_ingress_rule")).toMatchObject({
      cidr_ipv4: network.vpcCidr,
      ip_protocol: "tcp",
      from_port: 443,
      to_port: 443,
    });
    expect(template.only("aws_eks_cluster")).toMatchObject({
      vpc_config: { security_group_ids: [expect.stringMatching(/^\$\{aws_security_group\.[^.]+\.id\}$/)] },
    });
  });

  test("writes its logs into an encrypted group that ends, made before it", () => {
    const template = define({ spec: { logTypes: ["audit"], logRetentionDays: 30 } });
    const [group] = template.addresses().filter((address) => address.startsWith("aws_cloudwatch_log_group."));

    expect(template.only("aws_cloudwatch_log_group")).toMatchObject({
      name: "/aws/eks/retool-prod/cluster",
      retention_in_days: 30,
      kms_key_id: "arn:logs-key",
    });
    expect(template.only("aws_eks_cluster")).toMatchObject({ enabled_cluster_log_types: ["audit"] });
    expect(template.only("aws_eks_cluster")["depends_on"]).toContain(group);
  });

  test("waits for the policies of its role, so that they outlive it", () => {
    const dependsOn = define().only("aws_eks_cluster")["depends_on"] as string[];

    expect(dependsOn.map((address) => address.split(".")[0])).toEqual(
      expect.arrayContaining(["aws_iam_role_policy_attachment", "aws_iam_role_policy"]),
    );
  });

  test.each<[Options, Record<string, unknown>]>([
    [{ spec: { kubernetesVersion: "1.34" } }, { version: "1.34" }],
    [{ spec: { upgradeSupport: "standard" } }, { upgrade_policy: { support_type: "STANDARD" } }],
    [
      { spec: { serviceCidr: "10.100.0.0/16" } },
      { kubernetes_network_config: { ip_family: "ipv4", service_ipv4_cidr: "10.100.0.0/16" } },
    ],
    [{ dataProtection: "protected" }, { lifecycle: { prevent_destroy: true } }],
    [{ dataProtection: "disposable" }, { lifecycle: { prevent_destroy: false } }],
  ])("honours %j", (options, expected) => {
    expect(define(options).only("aws_eks_cluster")).toMatchObject(expected);
  });

  test("admits the listed roles, each with its policy for the whole cluster", () => {
    const template = define({ spec: { adminRoleArns: [ADMIN], viewerRoleArns: [VIEWER] } });

    expect(template.all("aws_eks_access_entry").map((entry) => entry["principal_arn"])).toEqual([ADMIN, VIEWER]);
    expect(template.all("aws_eks_access_policy_association")).toEqual([
      expect.objectContaining({
        policy_arn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        access_scope: { type: "cluster" },
      }),
      expect.objectContaining({
        policy_arn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
        access_scope: { type: "cluster" },
      }),
    ]);
  });

  test("is ready for its API's users when the way to it is open and they are admitted", () => {
    let types: string[] = [];
    define({
      spec: { adminRoleArns: [ADMIN] },
      use: (cluster) => {
        types = resourceTypes(cluster.apiReady);
      },
    });

    expect(types).toEqual([
      "aws_eks_cluster",
      "aws_vpc_security_group_ingress_rule",
      "aws_eks_access_policy_association",
    ]);
  });
});

import { App, type TerraformResource, Testing } from "cdktf";

import type { EnvironmentSpec } from "../../domain/environment/spec";
import { RetoolStack } from "../../stacks";
import { EXISTING_PARTS, NEW_PARTS, ORGANIZATION_PARTS, SHARED_SUBNETS } from "../support/landing-zone";
import { type Block, Synthesized } from "../support/synthesize";

/** A synthesized environment, and which of its resources the provider's schema gives tags. */
interface Tree {
  readonly stack: Synthesized;
  /** Addresses of resources whose type has tags. */
  readonly taggable: readonly string[];
}

const treeOf = (spec: EnvironmentSpec): Tree => {
  const retool = new RetoolStack(new App({ skipValidation: true }), spec);
  const taggable = retool.node
    .findAll()
    .filter((node): node is TerraformResource => "tagsAllInput" in node)
    .map(({ terraformResourceType, friendlyUniqueId }) => `${terraformResourceType}.${friendlyUniqueId}`);
  return { stack: new Synthesized(JSON.parse(Testing.synth(retool)) as Synthesized["json"]), taggable };
};
const TREES = { new: treeOf(NEW_PARTS), existing: treeOf(EXISTING_PARTS) } as const;
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const MANDATORY = NEW_PARTS.tags!;
const IAM = NEW_PARTS.iam!;

const resources = ({ stack }: Tree): (readonly [string, Block])[] =>
  Object.entries(stack.json["resource"]!).flatMap(([type, byName]) =>
    Object.entries(byName).map(([name, block]) => [`${type}.${name}`, block] as const),
  );
const typed = (tree: Tree, ...types: string[]): (readonly [string, Block])[] =>
  resources(tree).filter(([address]) => types.includes(address.split(".")[0]!));

/** What names a resource in AWS: an argument, by the type that has another one than `name` and `name_prefix`. */
const NAME_ARGUMENTS = ["name", "name_prefix", "identifier", "bucket", "alarm_name", "policy_name"] as const;

/** Names that others decide: hosts, parts of another resource, and the fixed beginnings that AWS demands. */
const NOT_OURS: Readonly<Record<string, string>> = {
  aws_route53_zone: "a domain",
  aws_route53_record: "a host",
  aws_eks_addon: "an add-on of EKS",
  aws_iam_role_policy: "a part of its role",
  aws_eks_node_group: "a part of its cluster",
  aws_route53_resolver_firewall_rule: "a part of its group",
  aws_s3_bucket_policy: "its bucket",
  aws_cloudwatch_log_metric_filter: "a part of its log group",
};
const AWS_BEGINNINGS = /^(alias\/|aws-waf-logs-|\/aws\/(eks|vpc|containerinsights|vendedlogs|rds\/instance|route53)\/)/;

describe.each(Object.entries(TREES))("an organization's rules, with %s parts", (kind, tree) => {
  test("limit every role, and give roles, instance profiles and policies path and prefix", () => {
    const roles = typed(tree, "aws_iam_role");
    const named = [...roles, ...typed(tree, "aws_iam_instance_profile", "aws_iam_policy")];

    expect(roles.length).toBeGreaterThanOrEqual(kind === "new" ? 12 : 2);
    expect(roles.filter(([, role]) => role["permissions_boundary"] !== IAM.permissionsBoundary)).toEqual([]);
    expect(named.filter(([, one]) => one["path"] !== IAM.path)).toEqual([]);
    expect(named.filter(([, one]) => !String(one["name"] ?? one["name_prefix"]).startsWith("app-acme-apps-"))).toEqual(
      [],
    );
    expect(named.filter(([, { name = "" }]) => String(name).length > 64)).toEqual([]);
    expect(named.filter(([, one]) => textOf(one["name_prefix"]).length > 38)).toEqual([]);
  });

  test("name no role or instance profile of ours but by reference, or with path and prefix", () => {
    const text = tree.stack.text();
    const ours = [...text.matchAll(/arn:aws:iam::222233334444:(?:role|instance-profile)\/([\w+=,.@/-]+)/g)]
      .map(([, path = ""]) => path)
      .filter((path) => path.includes("acme-apps"));

    expect(ours.filter((path) => !path.startsWith("acme/apps/app-acme-apps-"))).toEqual([]);
  });

  test("reach every resource that has tags, by the default of its provider", () => {
    const providers = (tree.stack.json["provider"]!["aws"] as unknown as Block[]).map((provider) => ({
      name: provider["alias"] === undefined ? "aws" : `aws.${textOf(provider["alias"])}`,
      tags: (provider["default_tags"] as { tags: Block }[] | undefined)?.[0]?.tags ?? {},
    }));
    const tagging = providers.filter(({ tags }) => Object.entries(MANDATORY).every(([key, tag]) => tags[key] === tag));
    const by = new Map(resources(tree));
    const untagged = tree.taggable.filter((address) => {
      const { provider = "aws", tags = {} } = by.get(address) as { provider?: string; tags?: Block };
      const overwritten = Object.keys(MANDATORY).some((key) => tags[key] !== undefined);
      return overwritten || !tagging.some(({ name }) => name === provider);
    });

    expect(tree.taggable.length).toBeGreaterThan(kind === "new" ? 80 : 20);
    expect(untagged).toEqual([]);
  });

  test("reach what launch templates launch, and what AWS Backup copies", () => {
    const kinds = ["instance", "volume", "network-interface"];
    const launched = typed(tree, "aws_launch_template").map(([, template]) => template["tag_specifications"]);
    const copied = typed(tree, "aws_backup_plan").flatMap(([, plan]) => plan["rule"] as Block[]);

    expect(launched).toEqual(
      launched.map(() =>
        kinds.map((resource_type) => ({ resource_type, tags: expect.objectContaining(MANDATORY) as unknown })),
      ),
    );
    expect(copied.map((rule) => rule["recovery_point_tags"])).toEqual(
      copied.map(() => expect.objectContaining(MANDATORY) as unknown),
    );
    expect([launched.length, copied.length]).toEqual(kind === "new" ? [1, 1] : [0, 1]);
  });

  test("reach nodes that Karpenter launches", () => {
    const values = typed(tree, "helm_release").map(([, release]) => JSON.stringify(release["values"]));
    const classes = values.filter((text) => /EC2NodeClass\\+",\\+"metadata/.test(text));

    expect(classes).toHaveLength(1);
    expect(classes[0]!.match(/CostCenter\\+":\\+"4711/g)).toHaveLength(2);
  });

  test("begin the name of everything that has one", () => {
    const wrong = resources(tree).flatMap(([address, block]) => {
      const [type = ""] = address.split(".");
      if (!type.startsWith("aws_") || NOT_OURS[type] !== undefined) return [];
      return NAME_ARGUMENTS.map((argument) => block[argument])
        .filter((name): name is string => typeof name === "string" && !name.startsWith("${"))
        .map((name) => name.replace(AWS_BEGINNINGS, "").replace(/^app-/, ""))
        .filter((name) => !/^acme-apps[-/]/.test(name))
        .map((name) => `${address}: ${name}`);
    });

    expect(wrong).toEqual([]);
  });
});

describe("what EKS makes for a cluster of ours", () => {
  const { stack } = TREES.new;

  test("is tagged: its security group, and the Auto Scaling group of the system nodes", () => {
    const groups = stack.all("aws_autoscaling_group_tag").map(({ tag }) => tag);

    expect(groups).toEqual(
      Object.entries(MANDATORY).map(([key, value]) => ({ key, value, propagate_at_launch: false })),
    );
    expect(stack.all("aws_ec2_tag").map(({ key, value }) => [key, value])).toEqual(Object.entries(MANDATORY));
  });

  test("is tagged by the add-ons that make it: network interfaces and disks", () => {
    const configurations = stack
      .all("aws_eks_addon")
      .map(
        ({ addon_name, configuration_values = "{}" }) =>
          [addon_name, JSON.parse(String(configuration_values))] as const,
      );
    const { env, controller } = Object.assign({}, ...configurations.map(([, values]) => values as object)) as {
      env: { ADDITIONAL_ENI_TAGS: string };
      controller: { extraVolumeTags: object };
    };

    expect(JSON.parse(env.ADDITIONAL_ENI_TAGS)).toMatchObject(MANDATORY);
    expect(controller.extraVolumeTags).toMatchObject(MANDATORY);
  });

  test("is not touched where cluster and network belong to somebody else", () => {
    expect(TREES.existing.stack.all("aws_ec2_tag")).toEqual([]);
    expect(TREES.existing.stack.all("aws_autoscaling_group_tag")).toEqual([]);
  });
});

describe("what an organization brings", () => {
  const tree = treeOf(ORGANIZATION_PARTS);

  test("are keys, which stand everywhere for those that would be made", () => {
    const key = ORGANIZATION_PARTS.encryptionKeys!.data!;
    const encrypted = resources(tree)
      .flatMap(([, block]) => [block["kms_key_id"], block["kms_key_arn"]])
      .filter((given) => given !== undefined);

    expect(typed(tree, "aws_kms_key", "aws_kms_alias")).toEqual([]);
    // A former key of a second region is forgotten.
    expect(JSON.stringify({ ...tree.stack.json, removed: undefined })).not.toContain("aws_kms_key.");
    expect(encrypted.length).toBeGreaterThan(8);
    expect(new Set(encrypted)).toEqual(new Set([key, ORGANIZATION_PARTS.encryptionKeys!.backup]));
    expect(tree.stack.only("aws_eks_cluster")["encryption_config"]).toMatchObject({ provider: { key_arn: key } });
  });

  test("is a bucket of access logs and flow logs", () => {
    expect(tree.stack.only("aws_lb")["access_logs"]).toEqual({
      enabled: true,
      bucket: "acme-logs",
      prefix: "retool/prod",
    });
    expect(tree.stack.only("aws_flow_log")).toMatchObject({
      log_destination_type: "s3",
      log_destination: "arn:aws:s3:::acme-logs/retool/prod",
    });
    expect(JSON.stringify(tree.stack.all("aws_cloudwatch_log_group"))).not.toContain("flow-logs");
    expect(JSON.stringify(tree.stack.all("aws_iam_role"))).not.toContain("flow-logs");
  });

  test("is a pool of addresses, from which the VPC takes its range", () => {
    expect(tree.stack.only("aws_vpc")).toMatchObject({
      cidr_block: "10.8.0.0/16",
      ipv4_ipam_pool_id: "ipam-pool-0a1b2c3d4e5f60711",
    });
  });

  test("are subnets, in which nothing is made, changed or tagged that only their owner can", () => {
    const { stack } = treeOf(SHARED_SUBNETS);
    // The others are those that the cluster of the platform team has.
    const subnets = Object.values(stack.json["data"]!["aws_subnet"]!).filter(({ id }) =>
      textOf(id).startsWith("subnet-"),
    );
    const owners = subnets.flatMap(({ lifecycle }) => {
      const { postcondition } = lifecycle as { postcondition: { condition: string }[] };
      return postcondition.map(({ condition }) => condition).filter((condition) => condition.includes("owner_id"));
    });
    const ownersOnly =
      /^aws_(vpc|subnet|route|route_table.*|nat_gateway|internet_gateway|vpc_endpoint.*|flow_log|ec2_tag|route53_resolver.*|networkfirewall.*|default_.*)$/;

    expect(stack.addresses().filter((address) => ownersOnly.test(address.split(".")[0]!))).toEqual([]);
    expect(owners).toEqual(subnets.map(() => '${self.owner_id == "999988887777"}'));
  });
});

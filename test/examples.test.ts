import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { Synthesized } from "./support/synthesize";

const ROOT = join(__dirname, "..");
const EXAMPLES = join(ROOT, "examples");

/** Runs an example as its reader would, and gives its stacks by name. */
const synthesizeExample = async (name: string): Promise<ReadonlyMap<string, Synthesized>> => {
  const out = mkdtempSync(join(tmpdir(), "example-"));
  try {
    await promisify(execFile)(process.execPath, ["--import", "tsx", join(EXAMPLES, name, "main.ts")], {
      cwd: ROOT,
      env: { ...process.env, CDKTF_OUTDIR: out },
    });
    return new Map(
      readdirSync(join(out, "stacks")).map((stack) => [
        stack,
        new Synthesized(
          JSON.parse(readFileSync(join(out, "stacks", stack, "cdk.tf.json"), "utf8")) as Synthesized["json"],
        ),
      ]),
    );
  } finally {
    rmSync(out, { recursive: true });
  }
};

const onlyStack = async (example: string, stack: string): Promise<Synthesized> => {
  const stacks = await synthesizeExample(example);
  expect([...stacks.keys()]).toEqual([stack]);
  return stacks.get(stack)!;
};

const typesOf = (stack: Synthesized): ReadonlySet<string> =>
  new Set(stack.addresses().map((address) => address.split(".")[0] ?? ""));

describe("examples", () => {
  const tested = ["database", "existing-cluster", "extras", "gitops", "minimal", "own-stack", "parts", "private"];

  test("are all tested below", () => {
    expect(readdirSync(EXAMPLES).sort()).toEqual(tested);
  });

  test("parts is the program of the guide, and needs nothing of Retool", async () => {
    const example = readFileSync(join(EXAMPLES, "parts", "main.ts"), "utf8");
    const stack = await onlyStack("parts", "tools");

    expect(readFileSync(join(ROOT, "docs", "guides", "library.md"), "utf8")).toContain(
      `\`\`\`ts\n${example.replace("../../library", "cdktf-retool")}\`\`\``,
    );
    expect([...typesOf(stack)]).toEqual(
      expect.arrayContaining(["aws_eks_cluster", "aws_db_instance", "aws_s3_bucket"]),
    );
    expect([...typesOf(stack)]).not.toContain("aws_lb");
  });

  test("minimal is a whole environment under the name that is deployed", async () => {
    const stack = await onlyStack("minimal", "prod");

    expect([...typesOf(stack)]).toEqual(
      expect.arrayContaining(["aws_eks_cluster", "aws_db_instance", "aws_lb", "helm_release"]),
    );
    expect(stack.all("helm_release").map(({ name }) => name)).toContain("retool");
  });

  test("own-stack puts resources next to the platform and lets one of them into the database", async () => {
    const stack = await onlyStack("own-stack", "tools");
    const { identifier } = stack.only("aws_db_instance");

    expect(stack.json["resource"]?.["aws_cloudwatch_metric_alarm"]?.["DatabaseBusy"]).toMatchObject({
      dimensions: { DBInstanceIdentifier: identifier },
    });
    expect(stack.all("aws_vpc_security_group_ingress_rule")).toContainEqual(
      expect.objectContaining({
        description: "PostgreSQL from Reports",
        referenced_security_group_id: "${aws_security_group.Reports.id}",
      }),
    );
  });

  test("extras puts a replica, a search domain and a door next to Retool, and Retool reaches only what it lists", async () => {
    const stack = await onlyStack("extras", "prod");
    const policy = stack
      .all("kubernetes_network_policy_v1")
      .find(({ metadata }) => JSON.stringify(metadata).includes('"retool-api"'));

    expect(stack.json["resource"]?.["aws_db_instance"]?.["Reports"]).toMatchObject({
      replicate_source_db: expect.stringMatching(/^\$\{aws_db_instance\..*\.identifier\}$/) as string,
    });
    expect(stack.only("aws_opensearch_domain")).toMatchObject({ vpc_options: { subnet_ids: { length: 2 } } });
    expect(stack.only("aws_instance")["depends_on"]).toEqual(
      expect.arrayContaining([expect.stringContaining("aws_route53_resolver_firewall_rule_group_association")]),
    );
    expect(JSON.stringify(stack.all("aws_route53_resolver_firewall_domain_list"))).toContain(
      "*.eu-central-1.es.amazonaws.com.",
    );
    expect(JSON.stringify(policy?.["spec"])).toContain('"cidr":"10.0.0.0/16"');
  });

  test("existing-cluster adds to a cluster with and without controllers, and makes neither network nor cluster", async () => {
    const stacks = await synthesizeExample("existing-cluster");
    const releases = (name: string): unknown[] =>
      stacks
        .get(name)!
        .all("helm_release")
        .map(({ name: release }) => release)
        .sort();
    const ours = (prefix: string): string[] =>
      ["", "-node-classes", "-node-pools", "-sandbox-headroom"].map((suffix) =>
        suffix === "" ? "retool" : `${prefix}${suffix}`,
      );

    expect([...stacks.keys()].sort()).toEqual(["bare", "tools"]);
    for (const stack of stacks.values()) {
      const made = [...typesOf(stack)];
      for (const type of ["aws_vpc", "aws_subnet", "aws_eks_cluster", "aws_route"]) expect(made).not.toContain(type);
      expect(made).toEqual(expect.arrayContaining(["aws_db_instance", "aws_lb", "kubernetes_namespace_v1"]));
    }
    expect(releases("tools")).toEqual(expect.arrayContaining(ours("retool-tools")));
    expect(releases("tools")).not.toContain("karpenter");
    expect(releases("tools")).not.toContain("aws-load-balancer-controller");
    expect(stacks.get("tools")!.all("aws_eks_node_group")).toEqual([]);
    expect(releases("bare")).toEqual(
      expect.arrayContaining([...ours("retool-bare"), "karpenter", "karpenter-crd", "aws-load-balancer-controller"]),
    );
    expect(stacks.get("bare")!.only("aws_eks_node_group")).toMatchObject({
      cluster_name: "empty",
      node_group_name_prefix: expect.stringMatching(/^retool-bare-system/) as string,
    });
  });

  test("gitops needs no provider of Kubernetes and hands out values and manifests", async () => {
    const stack = await onlyStack("gitops", "gitops");

    expect(Object.keys(stack.json["provider"] ?? {}).sort()).toEqual(["aws", "tls"]);
    expect(stack.json["output"]?.["workloads"]?.["value"]).toContain('"name":"retool"');
  });

  test("database uses a network it does not own, and a stored password", async () => {
    const stack = await onlyStack("database", "database");

    expect([...typesOf(stack)]).not.toContain("aws_vpc");
    expect(stack.only("aws_db_subnet_group")).toMatchObject({
      subnet_ids: ["subnet-0a1b2c3d4e5f60713", "subnet-0a1b2c3d4e5f60714"],
    });
    expect(stack.onlyData("aws_secretsmanager_secret")).toMatchObject({ name: "tools/database-password" });
    expect(stack.only("aws_db_instance")["password_wo"]).toMatch(/^\$\{ephemeral\.aws_secretsmanager_secret_version\./);
  });

  describe("private", () => {
    let stack: Synthesized;
    beforeAll(async () => {
      stack = await onlyStack("private", "prod");
    });

    test("has nothing with a public address, and no way in from the internet", () => {
      const types = typesOf(stack);

      expect(["aws_eip", "aws_nat_gateway", "aws_internet_gateway"].filter((type) => types.has(type))).toEqual([]);
      expect(stack.only("aws_lb")["internal"]).toBe(true);
      expect(stack.only("aws_eks_cluster")["vpc_config"]).toMatchObject({
        endpoint_private_access: true,
        endpoint_public_access: false,
      });
      expect(stack.only("aws_db_instance")["publicly_accessible"]).not.toBe(true);
      for (const subnet of stack.all("aws_subnet")) expect(subnet["map_public_ip_on_launch"]).not.toBe(true);
      for (const rule of stack.all("aws_vpc_security_group_ingress_rule"))
        expect([rule["cidr_ipv4"], rule["cidr_ipv6"]]).not.toContainEqual(
          expect.stringMatching(/^(0\.0\.0\.0|::)\/0$/),
        );
      expect(stack.text()).not.toContain('"associate_public_ip_address":true');
      expect(JSON.stringify(stack.json["resource"]?.["helm_release"])).toContain(
        '\\"associatePublicIPAddress\\":false',
      );
    });

    test("keeps its names in a private zone: the public one gets only the proof of the certificate", () => {
      const records = stack.all("aws_route53_record");
      const isProof = (record: (typeof records)[number]): boolean =>
        String(record["type"]).includes("resource_record_type");
      const [own] = Object.keys(stack.json["resource"]?.["aws_route53_zone"] ?? {});

      expect(stack.only("aws_route53_zone")["vpc"]).toEqual([{ vpc_id: expect.any(String) as string }]);
      expect(records.filter(isProof).map((record) => record["zone_id"])).toEqual([
        expect.stringContaining("data.aws_route53_zone."),
      ]);
      for (const record of records.filter((each) => !isProof(each)))
        expect(record["zone_id"]).toBe(`\${aws_route53_zone.${own ?? ""}.zone_id}`);
    });

    test("lets a runner in the VPC reach Retool and the Kubernetes API", () => {
      const openings = stack
        .all("aws_vpc_security_group_ingress_rule")
        .filter(({ cidr_ipv4, from_port }) => cidr_ipv4 === "10.0.0.0/16" && from_port === 443)
        .map(({ description }) => description);

      expect(openings).toEqual(expect.arrayContaining(["Browsers", "Kubernetes API"]));
    });

    test("lets an operator forward a port through a node: its role and the endpoints of Session Manager are there", () => {
      const policies = stack.all("aws_iam_role_policy_attachment").map(({ policy_arn }) => String(policy_arn));
      const endpoints = stack.all("aws_vpc_endpoint").map(({ service_name }) => String(service_name));

      expect(policies.filter((arn) => arn.endsWith("/AmazonSSMManagedInstanceCore"))).toHaveLength(1);
      for (const service of ["ssm", "ssmmessages"])
        expect(endpoints).toContain(`com.amazonaws.eu-central-1.${service}`);
    });
  });
});

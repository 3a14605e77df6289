import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { assertRun, packInto, unpackInto } from "./support/packed-package";
import { Synthesized } from "./support/synthesize";

const ROOT = join(__dirname, "..");
const EXAMPLES = join(ROOT, "examples");
const NAMES = readdirSync(EXAMPLES).sort();

const folder = mkdtempSync(join(tmpdir(), "examples-"));
const consumer = join(folder, "consumer");
const outOf = (name: string): string => join(consumer, "out", name);

/** Compiles and runs every example against the packed package: one compiler and one process for all. */
beforeAll(() => {
  mkdirSync(consumer);
  unpackInto(consumer, packInto(folder));
  for (const name of NAMES) cpSync(join(EXAMPLES, name), join(consumer, name), { recursive: true });
  const compilerOptions = { target: "ES2022", module: "node16", strict: true, skipLibCheck: true, types: ["node"] };
  writeFileSync(join(consumer, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*/main.ts"] }));
  assertRun(process.execPath, [join(ROOT, "node_modules", "typescript", "bin", "tsc"), "-p", "."], consumer);
  const one = "process.env.CDKTF_OUTDIR = `out/${name}`; require(`./${name}/main.js`);";
  writeFileSync(join(consumer, "all.cjs"), `for (const name of ${JSON.stringify(NAMES)}) { ${one} }\n`);
  mkdirSync(join(consumer, "out"));
  assertRun(process.execPath, ["all.cjs"], consumer);
}, 300_000);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The stacks of an example by name. */
const stacksOf = (name: string): ReadonlyMap<string, Synthesized> =>
  new Map(
    readdirSync(join(outOf(name), "stacks")).map((stack) => [
      stack,
      new Synthesized(
        JSON.parse(readFileSync(join(outOf(name), "stacks", stack, "cdk.tf.json"), "utf8")) as Synthesized["json"],
      ),
    ]),
  );

const onlyStack = (example: string, stack: string): Synthesized => {
  const stacks = stacksOf(example);
  expect([...stacks.keys()]).toEqual([stack]);
  return stacks.get(stack)!;
};

const typesOf = (stack: Synthesized): ReadonlySet<string> =>
  new Set(stack.addresses().map((address) => address.split(".")[0] ?? ""));

describe("examples", () => {
  const tested = [
    ...["cluster", "database", "egress", "existing-cluster", "extras", "gitops"],
    ...["landing-zone", "layered", "minimal", "own-vpc", "parts", "private", "release"],
  ];

  test("are all tested below", () => {
    expect(NAMES).toEqual(tested);
  });

  test("are apps of their own, in the versions that this project is tested with", () => {
    const manifest = (file: string): Record<string, Record<string, string>> =>
      JSON.parse(readFileSync(file, "utf8")) as Record<string, Record<string, string>>;
    const { version, devDependencies = {}, peerDependencies = {} } = manifest(join(ROOT, "package.json"));
    const peers = Object.keys(peerDependencies).map((name) => [name, devDependencies[name]]);

    for (const name of NAMES) {
      const { dependencies, devDependencies: tools } = manifest(join(EXAMPLES, name, "package.json"));
      expect(dependencies).toEqual(Object.fromEntries([...peers, ["cdktf-retool", version]]));
      for (const [tool, used] of Object.entries(tools ?? {})) expect(used).toBe(devDependencies[tool]);
      expect(manifest(join(EXAMPLES, name, "cdktf.json"))["app"]).toBe("node --import tsx main.ts");
    }
  });

  test("parts is the program of the guide, and needs nothing of Retool", () => {
    const example = readFileSync(join(EXAMPLES, "parts", "main.ts"), "utf8");
    const stack = onlyStack("parts", "tools");

    expect(readFileSync(join(ROOT, "docs", "guides", "library.md"), "utf8")).toContain(`\`\`\`ts\n${example}\`\`\``);
    expect([...typesOf(stack)]).toEqual(
      expect.arrayContaining(["aws_eks_cluster", "aws_db_instance", "aws_s3_bucket"]),
    );
    expect([...typesOf(stack)]).not.toContain("aws_lb");
  });

  test("minimal is a whole environment under the name that is deployed", () => {
    const stack = onlyStack("minimal", "prod");

    expect([...typesOf(stack)]).toEqual(
      expect.arrayContaining(["aws_eks_cluster", "aws_db_instance", "aws_lb", "helm_release"]),
    );
    expect(stack.all("helm_release").map(({ name }) => name)).toContain("retool");
  });

  test("layered is the same environment in three stacks", () => {
    const stacks = stacksOf("layered");
    const releases = stacks.get("prod-retool")?.all("helm_release");

    expect([...stacks.keys()].sort()).toEqual(["prod-cluster", "prod-foundation", "prod-retool"]);
    expect(releases?.map(({ name }) => name)).toContain("retool");
    expect([...typesOf(stacks.get("prod-foundation")!)]).toContain("aws_vpc");
  });

  test("layered is synthesized by cdktf's own command, which deploys the three in order", () => {
    const cwd = join(consumer, "layered");
    symlinkSync(join(ROOT, "node_modules", "tsx"), join(consumer, "node_modules", "tsx"), "junction");
    const cdktf = join(ROOT, "node_modules", ".bin", "cdktf");
    execFileSync(cdktf, ["synth"], { cwd, env: { ...process.env, CI: "1", CHECKPOINT_DISABLE: "1" }, stdio: "pipe" });
    const { stacks } = JSON.parse(readFileSync(join(cwd, "cdktf.out", "manifest.json"), "utf8")) as { stacks: object };

    expect(stacks).toMatchObject({
      "prod-foundation": { dependencies: [] },
      "prod-cluster": { dependencies: ["prod-foundation"] },
      "prod-retool": { dependencies: ["prod-foundation", "prod-cluster"] },
    });
    for (const stack of stacksOf("layered").values()) expect(stack.text()).not.toContain("terraform_remote_state");
  });

  test("extras puts a replica and a search domain next to Retool, and Retool reaches only what it lists", () => {
    const stack = onlyStack("extras", "prod");
    const policy = stack
      .all("kubernetes_network_policy_v1")
      .find(({ metadata }) => JSON.stringify(metadata).includes('"retool-api"'));

    expect(stack.json["resource"]?.["aws_db_instance"]?.["Reports"]).toMatchObject({
      replicate_source_db: expect.stringMatching(/^\$\{aws_db_instance\..*\.identifier\}$/) as string,
    });
    expect(stack.only("aws_opensearch_domain")).toMatchObject({ vpc_options: { subnet_ids: { length: 2 } } });
    expect(JSON.stringify(stack.all("aws_route53_resolver_firewall_domain_list"))).toContain(
      "*.eu-central-1.es.amazonaws.com.",
    );
    expect(JSON.stringify(policy?.["spec"])).toContain('"cidr":"10.0.0.0/16"');
  });

  test("existing-cluster adds to a cluster with and without controllers, and makes neither network nor cluster", () => {
    const stacks = stacksOf("existing-cluster");
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
      expect(made).toEqual(expect.arrayContaining(["aws_lb", "kubernetes_namespace_v1"]));
    }
    expect(stacks.get("tools")!.all("aws_db_instance")).toEqual([]);
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

  test("release puts Retool into a cluster and onto a database that exist, and installs no controller", () => {
    const stack = onlyStack("release", "retool");
    const releases = stack.all("helm_release").map(({ name }) => String(name));

    for (const type of ["aws_vpc", "aws_subnet", "aws_eks_cluster", "aws_eks_node_group", "aws_db_instance"])
      expect([...typesOf(stack)]).not.toContain(type);
    expect(releases.sort()).toEqual([
      "retool",
      "retool-retool-node-classes",
      "retool-retool-node-pools",
      "retool-retool-sandbox-headroom",
      "target-group-bindings",
    ]);
    expect(stack.only("aws_kms_grant")).toMatchObject({
      grantee_principal: "arn:aws:iam::111122223333:role/platform-karpenter",
    });
    expect(stack.all("aws_iam_role_policy").map(({ role }) => role)).toContain("platform-load-balancer-controller");
  });

  test("own-vpc makes a cluster and a database in the network of others", () => {
    const stack = onlyStack("own-vpc", "prod");
    const made = [...typesOf(stack)];

    for (const type of ["aws_vpc", "aws_subnet", "aws_route"]) expect(made).not.toContain(type);
    expect(stack.only("aws_db_subnet_group")).toMatchObject({
      subnet_ids: ["subnet-0a1b2c3d4e5f60713", "subnet-0a1b2c3d4e5f60714"],
    });
  });

  test("landing-zone gives every role a boundary and a name that the organization allows", () => {
    const roles = onlyStack("landing-zone", "prod").all("aws_iam_role");

    expect(roles.length).toBeGreaterThan(5);
    for (const role of roles)
      expect(role).toMatchObject({
        permissions_boundary: "arn:aws:iam::111122223333:policy/acme-boundary",
        path: "/apps/retool/",
      });
  });

  test("cluster finds its subnets by their tags and has a pool of nodes", () => {
    const stack = onlyStack("cluster", "cluster");

    expect([...typesOf(stack)]).not.toContain("aws_vpc");
    expect(JSON.stringify(stack.only("aws_eks_cluster"))).toContain("element(sort(");
    expect(stack.all("helm_release").map(({ name }) => name)).toContain("node-pools");
  });

  test("egress leads every private subnet through a firewall with the list", () => {
    const stack = onlyStack("egress", "egress");

    expect(JSON.stringify(stack.only("aws_networkfirewall_rule_group"))).toContain("api.stripe.com");
    expect(stack.all("aws_route").filter(({ vpc_endpoint_id }) => vpc_endpoint_id !== undefined)).toHaveLength(4);
  });

  test("gitops needs no provider of Kubernetes and hands out values and manifests", () => {
    const stack = onlyStack("gitops", "gitops");

    expect(Object.keys(stack.json["provider"] ?? {}).sort()).toEqual(["aws", "tls"]);
    expect(stack.json["output"]?.["workloads"]?.["value"]).toContain('"name":"retool"');
  });

  test("database uses a network it does not own, and a stored password", () => {
    const stack = onlyStack("database", "database");

    expect([...typesOf(stack)]).not.toContain("aws_vpc");
    expect(stack.only("aws_db_subnet_group")).toMatchObject({
      subnet_ids: ["subnet-0a1b2c3d4e5f60713", "subnet-0a1b2c3d4e5f60714"],
    });
    expect(stack.onlyData("aws_secretsmanager_secret")).toMatchObject({ name: "tools/database-password" });
    expect(stack.only("aws_db_instance")["password_wo"]).toMatch(/^\$\{ephemeral\.aws_secretsmanager_secret_version\./);
  });

  describe("private", () => {
    let stack: Synthesized;
    beforeAll(() => {
      stack = onlyStack("private", "prod");
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

    test("lets an operator forward a port through the bastion or a node: roles and endpoints of Session Manager are there", () => {
      const policies = stack.all("aws_iam_role_policy_attachment").map(({ policy_arn }) => String(policy_arn));
      const endpoints = stack.all("aws_vpc_endpoint").map(({ service_name }) => String(service_name));

      expect(policies.filter((arn) => arn.endsWith("/AmazonSSMManagedInstanceCore"))).toHaveLength(2);
      for (const service of ["ssm", "ssmmessages"])
        expect(endpoints).toContain(`com.amazonaws.eu-central-1.${service}`);
    });
  });
});

import { adoptLeftovers } from "../../cli/adopt";
import { objectsLeft } from "../../cli/adopt-objects";
import { adoptionText, withRemedyOfLayer } from "../../cli/adopt-text";
import { Failure } from "../../cli/failure";
import type { Candidate, PlannedResource } from "../../domain/lifecycle/adoption";
import { objectAdvice, plannedObjects } from "../../domain/lifecycle/cluster-leftovers";
import { FINDERS } from "../../domain/lifecycle/import-ids";
import type { ListQuestion, Question } from "../../cli/bare-stack";
import { attributesIn, type StateResource, type TerraformState, withInstance } from "../../domain/lifecycle/state-file";

const TAGS = { Project: "cdktf-retool", Environment: "prod", Team: "data" };
const PLACE = { account: "123456789012", region: "us-east-1", partition: "aws" };
const bucket = (name: string): PlannedResource => ({
  address: `aws_s3_bucket.${name}`,
  type: "aws_s3_bucket",
  values: { bucket: name },
});
const alias = (name: string): PlannedResource => ({
  address: `aws_kms_alias.${name}`,
  type: "aws_kms_alias",
  values: { name: `alias/${name}` },
});
const resource = (type: string, name: string, attributes: Record<string, unknown>): StateResource => ({
  mode: "managed",
  type,
  name,
  provider: "",
  instances: [{ schema_version: 0, attributes }],
});

/** An account in which things exist by type and id, and a stack whose plan makes what its state does not hold. */
class FakeStack {
  public readonly stack;
  public held: TerraformState = { serial: 1, resources: [] };
  public readonly looked: string[] = [];
  public processes = 0;

  public constructor(
    private readonly planned: readonly PlannedResource[],
    private readonly account: Readonly<Record<string, Record<string, unknown>>>,
    blocks: Record<string, Record<string, Record<string, unknown>>> = {},
    private readonly error?: string,
  ) {
    this.stack = { terraform: {}, resource: blocks };
  }

  public plannedCreates() {
    const creates = this.planned.filter(({ address }) => attributesIn(this.held, address) === undefined);
    return Promise.resolve({ creates, ...(this.error !== undefined && creates.length > 0 && { error: this.error }) });
  }

  public lookAll(candidates: readonly Candidate[]) {
    this.processes += 1;
    return Promise.resolve(
      candidates.map(({ address, type, id }) => {
        this.looked.push(`${type} ${id}`);
        const attributes = this.account[`${type} ${id}`];
        if (attributes === undefined) return undefined;
        return { attributes, resource: resource(type, address.split(".")[1] ?? "", attributes) };
      }),
    );
  }

  public askAll(questions: readonly Question[]) {
    this.processes += 1;
    return Promise.resolve(
      questions.map(({ lookup: { type, arguments: args } }) => this.account[`${type} ${JSON.stringify(args)}`]),
    );
  }

  public listAll(questions: readonly ListQuestion[]) {
    return Promise.resolve(questions.map(({ listing }) => this.account[listing.join(" ")]));
  }

  public take(found: ReadonlyMap<string, StateResource>) {
    for (const [address, one] of found) this.held = withInstance(this.held, address, one);
    return Promise.resolve();
  }

  public state() {
    return Promise.resolve(this.held);
  }

  public adopt() {
    return adoptLeftovers(this, this, { tags: TAGS, place: PLACE });
  }
}

const ours = { tags_all: TAGS };
const theirs = { tags_all: { Project: "other" } };

describe("adopt", () => {
  test("takes what is the environment's, leaves what is somebody else's, and passes over what does not exist", async () => {
    const fake = new FakeStack(["ours", "theirs", "new"].map(bucket), {
      "aws_s3_bucket ours": ours,
      "aws_s3_bucket theirs": theirs,
    });

    expect(await fake.adopt()).toEqual([
      { address: "aws_s3_bucket.ours", id: "ours", adopted: true },
      { address: "aws_s3_bucket.theirs", id: "theirs", adopted: false },
    ]);
    expect(fake.held.resources.map(({ name }) => name)).toEqual(["ours"]);
  });

  test("takes the parts of what it took in the next round, and no part of what is somebody else's", async () => {
    const policyOf = (name: string): PlannedResource => ({
      address: `aws_s3_bucket_policy.${name}`,
      type: "aws_s3_bucket_policy",
      values: { bucket: name },
    });
    const names = ["ours", "theirs"];
    const fake = new FakeStack(
      [...names.map(bucket), ...names.map(policyOf)],
      {
        ...{ "aws_s3_bucket ours": ours, "aws_s3_bucket theirs": theirs },
        ...{ "aws_s3_bucket_policy ours": { bucket: "ours" }, "aws_s3_bucket_policy theirs": { bucket: "theirs" } },
      },
      {
        aws_s3_bucket_policy: Object.fromEntries(
          names.map((name) => [name, { bucket: `\${aws_s3_bucket.${name}.id}` }]),
        ),
      },
    );

    expect((await fake.adopt()).filter(({ adopted }) => adopted).map(({ address }) => address)).toEqual([
      "aws_s3_bucket.ours",
      "aws_s3_bucket_policy.ours",
    ]);
    expect(fake.looked).not.toContain("aws_s3_bucket_policy theirs");
  });

  const keyOf = (name: string) => ({ [name]: { target_key_id: "${aws_kms_key.data.key_id}" } });

  test("takes a bucket that a deployment made and could not tag, where nothing is in it", async () => {
    const contents = (name: string): string => `s3api list-object-versions --bucket ${name} --max-keys 1 --no-paginate`;
    const stack = new FakeStack([bucket("untagged"), bucket("full"), bucket("refused"), bucket("theirs")], {
      "aws_s3_bucket untagged": { tags_all: {} },
      [contents("untagged")]: { RequestCharged: null },
      "aws_s3_bucket full": { tags_all: {} },
      [contents("full")]: { DeleteMarkers: [{ Key: "a" }] },
      "aws_s3_bucket refused": { tags_all: {} },
      "aws_s3_bucket theirs": theirs,
      [contents("theirs")]: {},
    });

    expect((await stack.adopt()).filter(({ adopted }) => adopted).map(({ id }) => id)).toEqual(["untagged"]);
    expect(stack.held.resources.map(({ name }) => name)).toEqual(["untagged"]);
  });

  test("takes a hosted zone that a deployment made and could not tag yet; says nothing of others, which are in nobody's way", async () => {
    const zone = (name: string, vpc?: string): PlannedResource => ({
      address: `aws_route53_zone.${name.replaceAll(".", "-")}`,
      type: "aws_route53_zone",
      values: { name, comment: "Hosts of Retool", ...(vpc !== undefined && { vpc: [{ vpc_id: vpc }] }) },
    });
    const listed = (name: string, zones: Record<string, boolean>) => ({
      [`route53 list-hosted-zones-by-name --dns-name ${name}`]: {
        HostedZones: Object.entries(zones).map(([id, isPrivate]) => ({
          ...{ Id: `/hostedzone/${id}`, Name: `${name}.`, Config: { PrivateZone: isPrivate } },
        })),
      },
    });
    const found = (id: string, records: unknown[], comment = "Hosts of Retool", vpc: object[] = []) => ({
      [`aws_route53_zone ${id}`]: { tags_all: {}, comment, vpc },
      [`route53 list-resource-record-sets --hosted-zone-id ${id} --query {ResourceRecordSets: ResourceRecordSets[?Type!='NS' && Type!='SOA']}`]:
        { ResourceRecordSets: records },
    });
    const stack = new FakeStack([zone("a.example"), zone("b.example"), zone("c.example"), zone("d.example", "vpc-1")], {
      ...{ ...listed("a.example", { A1: true, A2: false, A3: false }), ...found("A2", []), ...found("A3", []) },
      ...{ ...listed("b.example", { B1: false }), ...found("B1", [{ Type: "A" }]) },
      ...{ ...listed("c.example", { C1: false }), ...found("C1", [], "by hand") },
      ...listed("d.example", { D1: true, D2: true, D3: false }),
      ...{ ...found("D1", [], undefined, [{ vpc_id: "vpc-2" }]), ...found("D2", [], undefined, [{ vpc_id: "vpc-1" }]) },
    });

    expect((await stack.adopt()).map(({ id, adopted }) => [id, adopted])).toEqual([
      ["A2", true],
      ["D2", true],
    ]);
  });

  test("takes the key behind an alias at once, in the place of one that a failed deployment made", async () => {
    const fake = new FakeStack(
      [alias("ours")],
      { "aws_kms_alias alias/ours": { target_key_id: "1111" }, "aws_kms_key 1111": { ...ours, id: "1111" } },
      { aws_kms_alias: keyOf("ours") },
    );
    fake.held = withInstance(fake.held, "aws_kms_key.data", resource("aws_kms_key", "data", { id: "2222" }));

    expect(await fake.adopt()).toEqual([
      { address: "aws_kms_alias.ours", id: "alias/ours", adopted: true },
      { address: "aws_kms_key.data", id: "1111", adopted: true, replaced: "2222" },
    ]);
    expect(attributesIn(fake.held, "aws_kms_key.data")).toMatchObject({ id: "1111" });
  });

  const keys = (...ids: readonly string[]) => ({
    [`resourcegroupstaggingapi get-resources --resource-type-filters kms:key --tag-filters ${JSON.stringify([
      { Key: "Project", Values: ["cdktf-retool"] },
      { Key: "Environment", Values: ["prod"] },
    ])}`]: { ResourceTagMappingList: ids.map((id) => ({ ResourceARN: `arn:aws:kms:us-east-1:1:key/${id}` })) },
  });
  const key = {
    address: "aws_kms_key.data",
    type: "aws_kms_key",
    values: { description: "Data of Retool", is_enabled: true },
  };

  test("takes a key that was made just before the kill and has no alias yet by its tags", async () => {
    const made = { ...ours, ...key.values };
    const fake = new FakeStack([key, alias("ours")], {
      ...keys("0", "1", "2", "3", "4"),
      "aws_kms_key 1": { ...made, description: "Vault" },
      "aws_kms_key 2": { ...made, is_enabled: false },
      "aws_kms_key 3": { ...made, ...theirs },
      "aws_kms_key 4": { ...made, id: "4" },
    });

    expect(await fake.adopt()).toEqual([{ address: key.address, id: "4", adopted: true }]);
    expect(attributesIn(fake.held, key.address)).toMatchObject({ id: "4" });
  });

  test("takes the key that the alias names, and no other one with the same tags", async () => {
    const fake = new FakeStack(
      [key, alias("ours")],
      {
        ...keys("1111", "2222"),
        "aws_kms_alias alias/ours": { target_key_id: "2222" },
        "aws_kms_key 1111": { ...ours, ...key.values, id: "1111" },
        "aws_kms_key 2222": { ...ours, ...key.values, id: "2222" },
      },
      { aws_kms_alias: keyOf("ours") },
    );

    expect((await fake.adopt()).map(({ id }) => id)).toEqual(["alias/ours", "2222"]);
    expect(attributesIn(fake.held, key.address)).toMatchObject({ id: "2222" });
  });

  test("leaves an alias whose key is somebody else's, or gone", async () => {
    const account = {
      "aws_kms_alias alias/a": { target_key_id: "1" },
      "aws_kms_alias alias/b": { target_key_id: "2" },
    };
    const fake = new FakeStack(
      [alias("a"), alias("b")],
      { ...account, "aws_kms_key 1": theirs },
      { aws_kms_alias: { ...keyOf("a"), ...keyOf("b") } },
    );

    expect((await fake.adopt()).map(({ adopted }) => adopted)).toEqual([false, false]);
    expect(fake.held.resources).toEqual([]);
  });

  const version = {
    address: "aws_secretsmanager_secret_version.v",
    type: "aws_secretsmanager_secret_version",
    values: {},
  };
  const blocks = {
    aws_secretsmanager_secret: { s: { name: "retool/prod/key" } },
    aws_secretsmanager_secret_version: {
      v: { secret_id: "${aws_secretsmanager_secret.s.arn}", secret_string_wo_version: 3 },
    },
  };
  const withVersions = (secret: object, versions: unknown) => ({
    "aws_secretsmanager_secret retool/prod/key": { ...secret, arn: "arn:key" },
    'aws_secretsmanager_secret_versions {"secret_id":"retool/prod/key"}': { versions },
  });
  const current = [{ version_id: "v1", version_stages: ["AWSCURRENT"] }];

  test("writes the version of a secret into state at the configured revision, and imports none", async () => {
    const fake = new FakeStack([version], withVersions(ours, current), blocks);

    expect(await fake.adopt()).toEqual([
      { address: version.address, id: "the value of retool/prod/key", adopted: true },
    ]);
    expect(attributesIn(fake.held, version.address)).toMatchObject({
      id: "arn:key|v1",
      has_secret_string_wo: true,
      secret_string: "",
      secret_string_wo_version: 3,
    });
    expect(fake.looked.filter((one) => one.includes("secret_version"))).toEqual([]);
  });

  test.each([
    ["somebody else's secret", withVersions(theirs, current)],
    ["a secret without a value", withVersions(ours, null)],
    ["no secret", {}],
  ])("writes no version of %s", async (_, account) => {
    expect(await new FakeStack([version], account, blocks).adopt()).toEqual([]);
  });

  test("finds in the next round what belongs to what it has adopted", async () => {
    const listener = {
      address: "aws_lb_listener.https",
      type: "aws_lb_listener",
      values: { load_balancer_arn: "arn:lb", port: 443 },
    };
    const group = { address: "aws_lb_target_group.g", type: "aws_lb_target_group", values: {} };
    const fake = new FakeStack(
      [listener, group],
      {
        'aws_lb_listener {"load_balancer_arn":"arn:lb","port":443}': { arn: "arn:listener" },
        "aws_lb_listener arn:listener": { ...ours, default_action: [{ target_group_arn: "arn:group" }] },
        "aws_lb_target_group arn:group": ours,
      },
      { aws_lb_listener: { https: { default_action: [{ target_group_arn: "${aws_lb_target_group.g.arn}" }] } } },
    );

    expect((await fake.adopt()).map(({ id }) => id)).toEqual(["arn:listener", "arn:group"]);
  });

  test("takes the one rule of a group that is planned, and says nothing of the others", async () => {
    const rule = {
      address: "aws_vpc_security_group_ingress_rule.r",
      type: "aws_vpc_security_group_ingress_rule",
      values: {
        security_group_id: "sg-1",
        ip_protocol: "tcp",
        from_port: 3019,
        to_port: 3019,
        cidr_ipv4: null,
        cidr_ipv6: null,
        referenced_security_group_id: "sg-2",
        prefix_list_id: null,
      },
    };
    const found = { ...rule.values, ...ours };
    const fake = new FakeStack([rule], {
      'aws_vpc_security_group_rules {"filter":[{"name":"group-id","values":["sg-1"]}]}': { ids: ["sgr-1", "sgr-2"] },
      "aws_vpc_security_group_ingress_rule sgr-1": found,
      "aws_vpc_security_group_ingress_rule sgr-2": { ...found, to_port: 3000 },
    });

    expect(await fake.adopt()).toEqual([{ address: rule.address, id: "sgr-1", adopted: true }]);
  });

  test("finds in lists of AWS what no data source lists, and names somebody else's where there can be only one", async () => {
    const associations = ["api", "worker"].map((name) => ({
      address: `aws_eks_pod_identity_association.${name}`,
      type: "aws_eks_pod_identity_association",
      values: { cluster_name: "c", namespace: "retool", service_account: name },
    }));
    const schedule = { address: "aws_backup_plan.daily", type: "aws_backup_plan", values: { name: "daily" } };
    const listed = (name: string) => ({ namespace: "retool", serviceAccount: name, associationId: `a-${name}` });
    const fake = new FakeStack([...associations, schedule], {
      "eks list-pod-identity-associations --cluster-name c": { associations: ["other", "api", "worker"].map(listed) },
      "backup list-backup-plans": {
        BackupPlansList: ["1", "2"].map((id) => ({ BackupPlanName: "daily", BackupPlanId: id })),
      },
      "aws_eks_pod_identity_association a-api": ours,
      "aws_eks_pod_identity_association a-worker": theirs,
      "aws_backup_plan 1": theirs,
      "aws_backup_plan 2": ours,
    });

    expect(await fake.adopt()).toEqual([
      { address: "aws_eks_pod_identity_association.api", id: "a-api", adopted: true },
      { address: "aws_eks_pod_identity_association.worker", id: "a-worker", adopted: false },
      { address: "aws_backup_plan.daily", id: "2", adopted: true },
    ]);
  });

  test("looks at everything of a round at once, and not again at what did not exist", async () => {
    const names = Array.from({ length: 50 }, (_, index) => `b${String(index)}`);
    const fake = new FakeStack(names.map(bucket), { "aws_s3_bucket b7": ours });

    expect((await fake.adopt()).map(({ id }) => id)).toEqual(["b7"]);
    expect(fake.processes).toBe(1);
    expect(fake.looked).toHaveLength(50);
  });

  test("asks no data source and no list again that found nothing", async () => {
    const lb = { address: "aws_lb.door", type: "aws_lb", values: { name: "door" } };
    const plan = { address: "aws_backup_plan.copies", type: "aws_backup_plan", values: { name: "copies" } };
    const fake = new FakeStack([lb, plan, bucket("ours")], { "aws_s3_bucket ours": ours });
    const listed = jest.spyOn(fake, "listAll");
    const asked = jest.spyOn(fake, "askAll");

    expect((await fake.adopt()).map(({ id }) => id)).toEqual(["ours"]);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(listed.mock.calls.filter(([questions]) => questions.length > 0)).toHaveLength(1);
  });

  test("goes on behind an error of the plan as long as it finds something, and reports one that stays", async () => {
    const error = "terraform plan: refused; fix it and run the same command again";

    expect(await new FakeStack([bucket("ours")], { "aws_s3_bucket ours": ours }, {}, error).adopt()).toHaveLength(1);
    await expect(new FakeStack([bucket("new")], {}, {}, error).adopt()).rejects.toThrow(error);
  });
});

test("says of a layer that the one below it comes first, where that is what it misses", () => {
  const problem = new Failure("terraform plan: no matching EC2 VPC found; fix it and run the same command again");
  const advised = (error: Failure, below?: string) => withRemedyOfLayer(error, "prod", "prod-cluster", below);

  expect(advised(problem, "prod-foundation")).toEqual(
    new Failure(
      problem.message,
      "prod-cluster: prod-foundation is not complete, and this layer stands on it; run npx cdktf deploy prod-foundation, then npx cdktf-retool adopt prod again",
    ),
  );
  expect(advised(problem)).toBe(problem);
  const locked = new Failure("terraform plan: the state is locked since 2026-01-01 by me");
  expect(advised(locked, "prod-foundation")).toBe(locked);
});

test("says what was adopted, what was not and what to do", () => {
  const text = adoptionText(
    [
      { address: "aws_s3_bucket.a", id: "ours", adopted: true },
      { address: "aws_s3_bucket.b", id: "theirs", adopted: false },
    ],
    "prod",
  );

  expect(text.split("\n").slice(0, -1)).toEqual([
    "aws_s3_bucket.a: adopted ours; read the next plan before you approve it",
    "aws_s3_bucket.b: left theirs unchanged: it exists without the tags of prod; find its owner, or use another name",
  ]);
  expect(adoptionText([], "prod")).toBe("prod: nothing is left over\n");
  expect(adoptionText([], "prod", ["a namespace: exists"])).toBe("a namespace: exists\n");
});

describe("Kubernetes objects that a killed deployment left", () => {
  const object = (type: string, metadata: object): PlannedResource => ({
    address: `${type}.it`,
    type,
    values: { metadata: [metadata] },
  });
  const creates = [
    object("kubernetes_namespace_v1", { name: "retool" }),
    object("kubernetes_network_policy_v1", { name: "api", namespace: "retool" }),
    object("kubernetes_secret_v1", { name: "retool-keys", namespace: "retool" }),
    object("kubernetes_priority_class_v1", { name: "retool-sandbox-headroom" }),
    object("kubernetes_secret_v1", { generate_name: "later", namespace: "retool" }),
    bucket("other"),
  ];

  test("are looked for where the Kubernetes API has them, and named with what to run", async () => {
    const there = new Set(["/api/v1/namespaces/retool", "/api/v1/namespaces/retool/secrets/retool-keys"]);
    const asked: string[] = [];
    const left = await objectsLeft(plannedObjects(creates), {
      has: (path) => {
        asked.push(path);
        return Promise.resolve(there.has(path));
      },
    });

    expect(asked).toEqual([
      "/api/v1/namespaces/retool",
      "/apis/networking.k8s.io/v1/namespaces/retool/networkpolicies/api",
      "/api/v1/namespaces/retool/secrets/retool-keys",
      "/apis/scheduling.k8s.io/v1/priorityclasses/retool-sandbox-headroom",
    ]);
    expect(left.map((one) => objectAdvice(one, "cdktf.out/stacks/prod"))).toEqual([
      "kubernetes_namespace_v1.it: exists; run terraform -chdir=cdktf.out/stacks/prod import 'kubernetes_namespace_v1.it' 'retool'",
      "kubernetes_secret_v1.it: exists; run kubectl -n retool delete secret retool-keys, and the next deployment writes it again from Secrets Manager",
    ]);
  });

  test("of every kind that a stack has can be found", () => {
    const kinds = Object.entries(FINDERS).filter(([, { by }]) => by === "cluster");
    const objects = kinds.map(([type]) => object(type, { name: "it", namespace: "retool" }));

    expect(kinds.length).toBeGreaterThan(4);
    expect(plannedObjects(objects)).toHaveLength(kinds.length);
  });
});

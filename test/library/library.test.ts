import { DbInstance } from "@cdktf/provider-aws/lib/db-instance";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { App, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

import {
  Backup,
  BlobStorage,
  Certificate,
  ConfigurationError,
  EncryptionKey,
  GeneratedSecret,
  HostedZone,
  KubernetesCluster,
  Network,
  PostgresDatabase,
  resourceOf,
  resourcesOf,
} from "../../library";
import { Synthesized } from "../support/synthesize";

const NETWORK = {
  vpcId: "vpc-0a1b2c3d4e5f60718",
  vpcCidr: "10.20.0.0/16",
  publicSubnetIds: [],
  privateSubnetIds: ["subnet-1", "subnet-2"],
  databaseSubnetIds: ["subnet-3", "subnet-4"],
  natAddresses: [],
  egressReady: [],
};

const stackWith = (settings?: ConstructorParameters<typeof AwsProvider>[2]): TerraformStack => {
  const stack = new TerraformStack(new App({ outdir: "unused" }), "Tools");
  new AwsProvider(stack, "aws", settings ?? { region: "eu-central-1", allowedAccountIds: ["111122223333"] });
  return stack;
};

const synthesized = (define: (stack: TerraformStack) => void): Synthesized => {
  const stack = stackWith();
  define(stack);
  return new Synthesized(stack.toTerraform() as Synthesized["json"]);
};

const messageOf = (define: () => unknown): string => {
  try {
    define();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error("nothing was refused");
};

/** Each public construct with no more than it needs. */
const SMALLEST: Readonly<Record<string, readonly [define: (scope: Construct) => Construct, type: string]>> = {
  Network: [(scope) => new Network(scope, "It"), "aws_vpc"],
  KubernetesCluster: [(scope) => new KubernetesCluster(scope, "It", { network: NETWORK }), "aws_eks_cluster"],
  PostgresDatabase: [(scope) => new PostgresDatabase(scope, "It", { network: NETWORK }), "aws_db_instance"],
  BlobStorage: [(scope) => new BlobStorage(scope, "It"), "aws_s3_bucket"],
  EncryptionKey: [(scope) => new EncryptionKey(scope, "It"), "aws_kms_key"],
  GeneratedSecret: [(scope) => new GeneratedSecret(scope, "It"), "aws_secretsmanager_secret"],
  HostedZone: [(scope) => new HostedZone(scope, "It", { domain: "tools.example.com" }), "aws_route53_zone"],
  Certificate: [
    (scope) => new Certificate(scope, "It", { names: ["tools.example.com"], zone: { zoneId: "Z1" } }),
    "aws_acm_certificate",
  ],
  Backup: [(scope) => new Backup(scope, "It", { resources: ["arn:aws:s3:::mine"] }), "aws_backup_vault"],
};

describe.each(Object.entries(SMALLEST))("%s by itself", (_name, [define, type]) => {
  const result = synthesized(define);

  test("is made from one statement, in a stack that has an AWS provider", () => {
    expect(result.addresses().some((address) => address.startsWith(`${type}.`))).toBe(true);
  });

  test("says nothing about Retool", () => {
    // Tags of the package itself say which tool made a resource.
    const words = JSON.stringify(result.json).replaceAll("cdktf-retool/", "").split(/[",]/);

    expect(words.filter((word) => /retool/i.test(word))).toEqual([]);
  });
});

describe("names", () => {
  test("follow from the stack and the construct", () => {
    expect(
      synthesized((stack) => new PostgresDatabase(stack, "MainDatabase", { network: NETWORK })).only("aws_db_instance"),
    ).toMatchObject({ identifier: "tools-main-database" });
  });

  test("can be given, for every part", () => {
    const { json } = synthesized((stack) => new PostgresDatabase(stack, "It", { network: NETWORK, name: "orders" }));

    expect(JSON.stringify(json)).toContain('"orders-password"');
    expect(JSON.stringify(json)).toContain('"alias/orders-key"');
  });

  test.each(["Orders", "a--b", "a-", "1a", "x".repeat(41)])("%j is refused with what fits", (name) => {
    expect(messageOf(() => new BlobStorage(stackWith(), "It", { name }))).toMatch(
      /^Tools\/It\.name: .*; use at most 40 lower-case letters/,
    );
  });
});

describe("what is wrong", () => {
  test("is said at once, with the construct's path", () => {
    const wrong = { network: NETWORK, storageGiB: 5, backupRetentionDays: 99 };

    expect(messageOf(() => new PostgresDatabase(stackWith(), "It", wrong)).split("\n")).toEqual([
      expect.stringMatching(/^Tools\/It\.\w+: /),
      expect.stringMatching(/^Tools\/It\.\w+: /),
    ]);
  });

  test("includes a provider that does not say where it works", () => {
    const [region, account] = messageOf(() => new Network(stackWith({}), "It")).split("\n");

    expect(region).toMatch(/^Tools: has no AWS provider with a fixed region; declare one before this construct/);
    expect(account).toMatch(/^Tools: has no AWS provider for exactly one account; add allowedAccountIds/);
  });
});

describe("what exists", () => {
  test("a network by its ids is checked when Terraform plans", () => {
    const { json } = synthesized((stack) =>
      Network.fromIds(stack, "Shared", { vpcId: "vpc-1", privateSubnetIds: ["subnet-1", "subnet-2"] }),
    );

    expect(JSON.stringify(json)).toContain("the subnet subnet-1 is not in vpc-1; give subnets of that VPC");
  });

  test("a network by its tags serves a cluster", () => {
    const result = synthesized((stack) => {
      const lookup = { tags: { Name: "shared" }, privateSubnetTags: { tier: "private" }, zones: 2 };
      new KubernetesCluster(stack, "It", { network: Network.fromLookup(stack, "Shared", lookup) });
    });

    expect(JSON.stringify(result.only("aws_eks_cluster"))).toContain("element(sort(");
    expect(JSON.stringify(result.json)).toContain(
      "fewer than 2 private subnets have the tags; tag more, or lower zones",
    );
  });

  test("a database, a zone, a certificate, a key, a bucket and a secret", () => {
    const result = synthesized((stack) => {
      const server = { host: "db.internal", databaseName: "app", username: "app", secretName: "app/password" };

      expect(PostgresDatabase.fromSecret(stack, "Db", server)).toMatchObject({ host: "db.internal", port: 5432 });
      expect(HostedZone.fromId(stack, "ById", "Z1", "tools.example.com").zoneId).toBeDefined();
      expect(HostedZone.fromLookup(stack, "ByName", "tools.example.com").zoneId).toBeDefined();
      expect(Certificate.fromArn("arn:c")).toEqual({ certificateArn: "arn:c" });
      expect(EncryptionKey.fromArn("arn:k")).toEqual({ keyArn: "arn:k" });
      expect(BlobStorage.fromBucketName(stack, "mine").bucketArn).toBe("arn:aws:s3:::mine");
    });

    expect(result.addresses().filter((address) => !address.startsWith("data."))).toEqual([]);
  });
});

describe("inner resources", () => {
  test("are reached by their class, and changed by type", () => {
    const result = synthesized((stack) => {
      resourceOf(new PostgresDatabase(stack, "It", { network: NETWORK }), DbInstance).backupTarget = "outposts";
    });

    expect(result.only("aws_db_instance")).toMatchObject({ backup_target: "outposts" });
  });

  test("are named where there are several, and where there is none", () => {
    const network = new Network(stackWith(), "It", { zones: 2 });

    expect(resourcesOf(network, Subnet).length).toBeGreaterThan(2);
    expect(() => resourceOf(network, Subnet)).toThrow(/^Tools\/It has \d+ of Subnet; name one by its id: Tools\/It\//);
    expect(() => resourceOf(network, DbInstance)).toThrow(
      "Tools/It has no DbInstance; look at its tree with node.findAll()",
    );
    expect(resourceOf(network, Subnet, resourcesOf(network, Subnet)[0]!.node.id)).toBeInstanceOf(Subnet);
  });
});

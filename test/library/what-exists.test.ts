import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack, TerraformVariable, Testing } from "cdktf";

import {
  BlobStorage,
  Certificate,
  ConfigurationError,
  EncryptionKey,
  FrontDoor,
  GeneratedSecret,
  HostedZone,
  Karpenter,
  KubernetesCluster,
  Network,
  PostgresDatabase,
} from "../../library";

const LIBRARY = join(__dirname, "..", "..", "library");
const NETWORK = {
  ...{ vpcId: "vpc-1", vpcCidr: "10.20.0.0/16", publicSubnetIds: [], privateSubnetIds: ["subnet-1", "subnet-2"] },
  ...{ databaseSubnetIds: [], natAddresses: [], egressReady: [] },
};
const SERVER = { host: "db", databaseName: "app", username: "app", secretName: "" };
const OLD = { version: "1.9.0", instanceProfileName: "nodes", controllerRoleArn: "arn:aws:iam::111122223333:role/k" };
const ELSEWHERE = "arn:aws:acm:us-east-1:111122223333:certificate/1";

/** Something wrong for each way to what exists, and what is said when it is synthesized or when Terraform plans. */
const WRONG: Readonly<Record<string, readonly [define: (stack: TerraformStack) => unknown, ...said: RegExp[]]>> = {
  "BlobStorage.fromBucketName": [
    (stack) => BlobStorage.fromBucketName(stack, "It", "mine"),
    /Tools\/It: the bucket mine is in another region; use one in eu-central-1/,
  ],
  "Certificate.fromArn": [
    (stack) => Certificate.fromArn(stack, "It", ELSEWHERE),
    /Tools\/It\.certificateArn: the certificate is in account 111122223333, region us-east-1, .*; request or import it in/,
  ],
  "EncryptionKey.fromAlias": [
    (stack) => EncryptionKey.fromAlias(stack, "It", "alias/shared"),
    /Tools\/It: the key alias\/shared is disabled, .*; use an enabled symmetric key/,
  ],
  "EncryptionKey.fromArn": [
    (stack) => EncryptionKey.fromArn(stack, "It", "arn:aws:kms:eu-central-1:111122223333:key/1"),
    /Tools\/It: the key arn:aws:kms:eu-central-1:111122223333:key\/1 is disabled, .*; use an enabled symmetric key/,
  ],
  "GeneratedSecret.fromName": [
    (stack) => GeneratedSecret.fromName(stack, "It", "", 0),
    /Tools\/It\.name: .*; store the value in Secrets Manager and use the secret's name here/,
    /Tools\/It\.revision: 0 is out of range; use /,
  ],
  "HostedZone.fromId": [
    (stack) => HostedZone.fromId(stack, "It", "Z0123456789ABCDEFGHIJ", "tools.example.com"),
    /Tools\/It: the zone Z0123456789ABCDEFGHIJ, .* must be public and hold tools\.example\.com; use the id of such a zone/,
  ],
  "HostedZone.fromLookup": [
    (stack) => HostedZone.fromLookup(stack, "It", "tools.example.com"),
    /Tools\/It: no public hosted zone of this account holds tools\.example\.com; create one, or use HostedZone\.fromId/,
  ],
  "Karpenter.fromExisting": [
    (stack) => Karpenter.fromExisting(stack, "It", { cluster: clusterIn(stack), ...OLD }),
    /Tools\/It\.version: Karpenter 1\.9\.0 does not support .*; /,
  ],
  "KubernetesCluster.fromName": [
    clusterIn,
    /Tools\/Shared\.kubernetesVersion: the cluster has another version; correct it/,
    /Tools\/Shared\.network: the cluster is in another VPC; use that one/,
  ],
  "Network.fromIds": [
    (stack) => Network.fromIds(stack, "It", { vpcId: "vpc-1", privateSubnetIds: ["subnet-1", "subnet-2"] }),
    /Tools\/It: the subnet subnet-1 is not in vpc-1; use subnets of that VPC/,
  ],
  "Network.fromLookup": [
    (stack) => Network.fromLookup(stack, "It", { tags: { Name: "shared" }, privateSubnetTags: { tier: "private" } }),
    /Tools\/It: fewer than 3 private subnets have the tags; tag more, or lower zones/,
  ],
  "PostgresDatabase.fromSecret": [
    (stack) => PostgresDatabase.fromSecret(stack, "It", SERVER),
    /Tools\/It\.host: "db" is a single label, .*; /,
    /Tools\/It\.secretName: .*; store the value in Secrets Manager/,
  ],
};

function clusterIn(stack: TerraformStack): ReturnType<typeof KubernetesCluster.fromName> {
  return KubernetesCluster.fromName(stack, "Shared", "platform", { network: NETWORK });
}

const said = (define: (stack: TerraformStack) => unknown): string => {
  const stack = new TerraformStack(new App({ outdir: "unused" }), "Tools");
  new AwsProvider(stack, "aws", { region: "eu-central-1", allowedAccountIds: ["111122223333"] });
  try {
    define(stack);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return Testing.synth(stack);
};

test("every way to what exists is tried with something wrong", () => {
  const ways = readdirSync(LIBRARY).flatMap((file) => {
    const text = readFileSync(join(LIBRARY, file), "utf8");
    const [, construct = ""] = /^export class (\w+)/m.exec(text) ?? [];
    return [...text.matchAll(/public static (from\w+)\(/g)].map(([, name = ""]) => `${construct}.${name}`);
  });

  expect(Object.keys(WRONG)).toEqual(ways.sort());
});

test.each(Object.entries(WRONG))("%s says what to change", (_, [define, ...messages]) => {
  const text = said(define);

  for (const message of messages) expect(text).toMatch(message);
});

test("a private zone must be one, and no message names a setting of an environment", () => {
  const text = said((stack) => {
    HostedZone.fromId(stack, "Inside", "Z1", "tools.example.com", "private");
    HostedZone.fromLookup(stack, "ByName", "tools.example.com");
  });

  expect(text).toContain("Tools/Inside: the zone Z1, ${self.name}, must be private and hold tools.example.com; ");
  expect(text).not.toContain("dns.");
});

test("a new zone needs a host name, and the id of the zone above it", () => {
  const text = said((stack) => new HostedZone(stack, "It", { domain: "tools", parentZoneId: "tools.example.com" }));

  expect(text.split("\n")).toEqual([
    expect.stringMatching(/^Tools\/It\.domain: /),
    expect.stringMatching(/^Tools\/It\.parentZoneId: /),
  ]);
});

test("names and ids may be known to Terraform only", () => {
  const text = said((stack) => {
    const domain = new TerraformVariable(stack, "domain", {}).stringValue;
    const zoneId = new TerraformVariable(stack, "zone", {}).stringValue;
    HostedZone.fromId(stack, "ById", zoneId, domain);
    HostedZone.fromLookup(stack, "ByName", domain);
    const zone = new HostedZone(stack, "Made", { domain, parentZoneId: zoneId, caa: true });
    const names = [domain, `*.${domain}`];
    const certificate = new Certificate(stack, "Certificate", { names, zone });
    const targets = { shop: { service: "shop", port: 8080 } };
    const nodes = { securityGroupId: "sg-1" };
    new FrontDoor(stack, "Door", { network: NETWORK, certificate, nodes, targets, zone, names });
  });
  const { resource } = JSON.parse(text) as { resource: Record<string, Record<string, object>> };

  expect(Object.values(resource["aws_acm_certificate"]!)).toMatchObject([
    { domain_name: "${var.domain}", subject_alternative_names: ["*.${var.domain}"] },
  ]);
  const records = Object.values(resource["aws_route53_record"]!);
  expect(records).toHaveLength(5);
  expect(records).toEqual(
    expect.arrayContaining(
      [
        { name: "${var.domain}", type: "NS" },
        { name: "${var.domain}", type: "CAA" },
        { name: "${var.domain}", type: "A" },
        { name: "*.${var.domain}", type: "A" },
        { name: expect.stringContaining('if option.domain_name == join("", ["", var.domain, ""])][0]}') as string },
      ].map((record): unknown => expect.objectContaining(record)),
    ),
  );
  expect(text).toContain(String.raw`for host in [join(\"\", [\".\", var.domain, \"\"])] : endswith(host`);
  expect(text).not.toContain("TfToken");
});

test("a bucket is where its domain name says, not where its own name does", () => {
  expect(said((stack) => BlobStorage.fromBucketName(stack, "It", "logs.eu-central-1.mine"))).toContain(
    String.raw`startswith(trimprefix(self.bucket_regional_domain_name, self.bucket), \".s3.eu-central-1.\")`,
  );
});

import { readFileSync } from "node:fs";
import { join } from "node:path";

const GUIDE = join(__dirname, "..", "..", "docs", "guides", "library.md");

/** The program of docs/guides/library.md: its TypeScript in the order of the page, written out at the end. */
export function guideProgram(): string {
  const snippets = [...readFileSync(GUIDE, "utf8").matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, text = ""]) => text);
  return [...snippets.map((text) => text.replace(/^app\.synth\(\);\n/m, "")), "app.synth();\n"].join("\n");
}

/** What every program with one construct begins with. */
const BEGINNING = `
const app = new App();
const stack = new TerraformStack(app, "single");
new AwsProvider(stack, "aws", { region: "eu-central-1", allowedAccountIds: ["111122223333"] });
`;

const NETWORK = 'const network = new Network(stack, "Network");';
const CLUSTER = `${NETWORK}\nconst cluster = new KubernetesCluster(stack, "Cluster", { network });`;
const DATABASE = 'const database = new PostgresDatabase(stack, "Database", { network });';
const ZONE = 'const zone = HostedZone.fromLookup(stack, "Zone", "example.com");';

/** Each public construct with the siblings that it cannot be without. */
const STATEMENTS: Readonly<Record<string, string>> = {
  Network: NETWORK,
  KubernetesCluster: CLUSTER,
  Karpenter: `${CLUSTER}\nnew Karpenter(stack, "Karpenter", { cluster });`,
  PostgresDatabase: `${NETWORK}\n${DATABASE}`,
  BlobStorage: 'new BlobStorage(stack, "Storage");',
  EncryptionKey: 'new EncryptionKey(stack, "Key");',
  GeneratedSecret: 'new GeneratedSecret(stack, "Secret");',
  HostedZone: 'new HostedZone(stack, "Zone", { domain: "tools.example.com" });',
  Certificate: `${ZONE}\nnew Certificate(stack, "Certificate", { names: ["tools.example.com"], zone });`,
  FrontDoor: `${NETWORK}
const certificate = Certificate.fromArn(stack, "Certificate", "arn:aws:acm:eu-central-1:111122223333:certificate/1");
const nodes = { securityGroupId: "sg-0a1b2c3d4e5f60718" };
const targets = { shop: { service: "shop", port: 8080 } };
new FrontDoor(stack, "Door", { network, certificate, nodes, targets });`,
  EgressControl: `${NETWORK}\nnew EgressControl(stack, "Egress", { network, allow: [{ to: "api.example.com" }] });`,
  Backup: 'new Backup(stack, "Backup", { resources: ["arn:aws:s3:::mine"] });',
  Observability: `${NETWORK}\n${DATABASE}\nnew Observability(stack, "Watch", { database, addresses: ["ops@example.com"] });`,
  RetoolRelease: `${CLUSTER}
const karpenter = new Karpenter(stack, "Karpenter", { cluster });
${DATABASE}
database.allowFrom("Cluster", cluster);
const license = "retool/license";
const settings = { domain: "retool.example.com", retoolVersion: "4.0.9-stable", license };
new RetoolRelease(stack, "Retool", { cluster, karpenter, database, ...settings });`,
};

/** A whole program with one construct. */
export interface AloneProgram {
  /** Name of the construct. */
  readonly name: string;
  /** The program. */
  readonly text: string;
  /** Lines of the construct and its siblings, between the provider and `app.synth()`. */
  readonly lines: number;
}

/** A program for each public construct. */
export function alonePrograms(): readonly AloneProgram[] {
  return Object.entries(STATEMENTS).map(([name, statements]) => {
    const used = Object.keys(STATEMENTS).filter((construct) => new RegExp(`\\b${construct}\\b`).test(statements));
    const imports = `import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { ${used.join(", ")} } from "cdktf-retool";
`;
    const lines = statements.split("\n");
    // Nothing reads what the last one makes.
    const body = [...lines.slice(0, -1), lines.at(-1)?.replace(/^const \w+ = /, "")].join("\n");
    return { name, text: `${imports}${BEGINNING}${body}\napp.synth();\n`, lines: lines.length };
  });
}

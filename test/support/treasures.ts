import { createHash } from "node:crypto";

import type { Bench } from "./terraform-bench";

/** What of an account nothing may change: a digest of the value of each secret, and the key behind each alias of ours, by name. */
export type Treasures = Readonly<Record<string, string>>;

/** Reads them from AWS itself, past Terraform. No value is in them, so that a test that fails prints none. */
export async function treasuresOf(bench: Bench): Promise<Treasures> {
  const digests = Array.from(await secretsOf(bench), ([name, value]) => [name, digest(value)] as const);
  const [{ Aliases: aliases }] = bench.call([{ service: "kms", operation: "list_aliases" }]) as [
    { Aliases: { AliasName: string; TargetKeyId?: string }[] },
  ];
  const keys = aliases
    .filter(({ AliasName }) => AliasName.startsWith("alias/retool-"))
    .map(({ AliasName, TargetKeyId = "" }) => [AliasName, TargetKeyId] as const);
  return Object.fromEntries([...digests, ...keys]);
}

/** Names of the secrets whose value stands in a text, such as a state. */
export async function secretsIn(bench: Bench, text: string): Promise<string[]> {
  return Array.from(await secretsOf(bench))
    .filter(([, value]) => text.includes(value))
    .map(([name]) => name);
}

async function secretsOf(bench: Bench): Promise<ReadonlyMap<string, string>> {
  const [{ SecretList: secrets }] = bench.call([{ service: "secretsmanager", operation: "list_secrets" }]) as [
    { SecretList: { Name: string }[] },
  ];
  return new Map(
    await Promise.all(secrets.map(async ({ Name: name }) => [name, await bench.secretValue(name)] as const)),
  );
}

function digest(value: string): string {
  return createHash("sha256").update(value).digest("hex").slice(0, 16);
}

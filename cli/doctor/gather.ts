import { Resolver } from "node:dns/promises";

import type { Identity } from "../../domain/doctor/credentials";
import type { Fact } from "../../domain/common/fact";
import type { Offerings } from "../../domain/doctor/instances";
import { type LicenseFacts, licenseFacts } from "../../domain/doctor/license";
import type { CertificateFacts, Delegation } from "../../domain/doctor/names";
import type { ApiEndpoint } from "../../domain/doctor/reach";
import type { StateFacts } from "../../domain/doctor/state";
import type { Tools } from "../../domain/doctor/tools";
import type { StatePlan } from "../../domain/environment/state";
import { type AskAws, mapped, type Moment, momentOf, outputOf } from "../ask-aws";

const dayOf = (time: Moment | undefined): string | undefined =>
  time === undefined ? undefined : momentOf(time).slice(0, 10);

/** Versions of the programs on this machine. */
export async function toolsHere(): Promise<Tools> {
  const version = async (command: string, args: readonly string[], pattern: RegExp): Promise<Tools["aws"]> => {
    const answer = await outputOf(command, args);
    if ("unknown" in answer) return answer.unknown.includes("not found in PATH") ? { known: undefined } : answer;
    const found = pattern.exec(answer.known)?.[1];
    return found === undefined ? { unknown: `${[command, ...args].join(" ")} names no version` } : { known: found };
  };
  const [terraform, aws] = await Promise.all([
    version("terraform", ["version", "-json"], /"terraform_version":\s*"(\d+\.\d+\.\d+)/),
    version("aws", ["--version"], /aws-cli\/(\d+\.\d+\.\d+)/),
  ]);
  return { node: { known: process.versions.node }, terraform, aws };
}

/** Who the credentials belong to. */
export async function identityOf(ask: AskAws): Promise<Fact<Identity>> {
  const answer = await ask<{ Account: string; Arn: string }>(["sts", "get-caller-identity"]);
  return mapped(answer, ({ Account, Arn }) => ({ account: Account, arn: Arn }));
}

/** The limit of a quota, the account's own or AWS's default. */
export async function quotaOf(ask: AskAws, service: string, code: string): Promise<Fact<number>> {
  const named = ["--service-code", service, "--quota-code", code];
  const own = await ask<{ Quota: { Value: number } }>(["service-quotas", "get-service-quota", ...named]);
  if ("known" in own) return { known: own.known.Quota.Value };
  if (!own.unknown.includes("NoSuchResource")) return own;
  const usual = await ask<{ Quota: { Value: number } }>(["service-quotas", "get-aws-default-service-quota", ...named]);
  return mapped(usual, ({ Quota }) => Quota.Value);
}

/** Zones in which instance types are offered. */
export async function offeringsOf(ask: AskAws, types: readonly string[]): Promise<Fact<Offerings>> {
  const answer = await ask<{ InstanceTypeOfferings: readonly { InstanceType: string; Location: string }[] }>([
    ...["ec2", "describe-instance-type-offerings", "--location-type", "availability-zone"],
    ...["--filters", `Name=instance-type,Values=${types.join(",")}`],
  ]);
  return mapped(answer, ({ InstanceTypeOfferings }) => {
    const zones: Record<string, string[]> = {};
    for (const { InstanceType, Location } of InstanceTypeOfferings) (zones[InstanceType] ??= []).push(Location);
    return zones;
  });
}

/** Name servers that Route 53 gave a zone, and those to which DNS leads. */
export async function delegationOf(
  ask: AskAws,
  domain: string,
  zoneName: string | undefined,
): Promise<Fact<Delegation>> {
  interface Zone {
    readonly Id: string;
    readonly Name: string;
    readonly Config?: { readonly PrivateZone?: boolean };
  }
  const zones = await ask<{ HostedZones: readonly Zone[] }>(["route53", "list-hosted-zones"]);
  if ("unknown" in zones) return zones;
  const wanted = zoneName ?? domain;
  const found = zones.known.HostedZones.filter(({ Config }) => Config?.PrivateZone !== true)
    .filter(({ Name }) => `.${wanted}.`.endsWith(`.${Name}`))
    .sort((one, other) => other.Name.length - one.Name.length)[0];
  if (found === undefined) return { known: { zone: wanted, assigned: undefined, delegated: [] } };
  const zone = await ask<{ DelegationSet: { NameServers: readonly string[] } }>([
    ...["route53", "get-hosted-zone", "--id", found.Id],
  ]);
  if ("unknown" in zone) return zone;
  const name = found.Name.replace(/\.$/, "");
  const delegated = await nameServersOf(name);
  return mapped(delegated, (servers) => ({
    zone: name,
    assigned: zone.known.DelegationSet.NameServers,
    delegated: servers,
  }));
}

/** Each name server has two tries of 4 s, so that a network without DNS is noticed in time. */
const dns = new Resolver({ timeout: 4000, tries: 2 });

/** A name that every resolver with access to the internet knows. */
const KNOWN_NAME = "amazonaws.com";

/** A zone without a delegation is an answer. A resolver that does not reply, or that knows only private names, is not. */
async function nameServersOf(zone: string): Promise<Fact<readonly string[]>> {
  try {
    return { known: await dns.resolveNs(zone) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    if (!["ENOTFOUND", "ENODATA"].includes(code)) return { unknown: `DNS did not answer (${code})` };
    const isOnline = await dns.resolveNs(KNOWN_NAME).then(
      () => true,
      () => false,
    );
    return isOnline ? { known: [] } : { unknown: `this machine's DNS finds not even ${KNOWN_NAME}` };
  }
}

/** A certificate that a team brings. */
export async function certificateOf(ask: AskAws, arn: string): Promise<Fact<CertificateFacts>> {
  interface Detail {
    readonly Status: string;
    readonly SubjectAlternativeNames?: readonly string[];
    readonly NotAfter?: Moment;
  }
  const answer = await ask<{ Certificate: Detail }>(["acm", "describe-certificate", "--certificate-arn", arn]);
  if ("unknown" in answer && answer.unknown.includes("ResourceNotFound"))
    return { known: { status: undefined, names: [], notAfter: undefined } };
  return mapped(answer, ({ Certificate: { Status, SubjectAlternativeNames = [], NotAfter } }) => ({
    status: Status,
    names: SubjectAlternativeNames,
    notAfter: dayOf(NotAfter),
  }));
}

/** What may be known of the license key. */
export async function licenseOf(ask: AskAws, name: string): Promise<Fact<LicenseFacts>> {
  const secret = await ask<{ DeletedDate?: Moment }>(["secretsmanager", "describe-secret", "--secret-id", name]);
  if ("unknown" in secret) return secret.unknown.includes("ResourceNotFound") ? { known: { exists: false } } : secret;
  const deletedOn = dayOf(secret.known.DeletedDate);
  if (deletedOn !== undefined) return { known: { exists: true, deletedOn } };
  const value = await ask<{ SecretString?: string }>(["secretsmanager", "get-secret-value", "--secret-id", name]);
  if ("unknown" in value)
    return value.unknown.includes("ResourceNotFound") ? { known: { exists: true, isEmpty: true } } : value;
  return { known: licenseFacts(value.known.SecretString ?? "") };
}

/** The bucket of the state, and the lock file in it. */
export async function stateOf(
  ask: AskAws,
  { bucket, key }: Extract<StatePlan, { readonly kind: "s3" }>,
  account: string,
): Promise<Fact<StateFacts>> {
  const head = await ask(["s3api", "head-bucket", "--bucket", bucket, "--expected-bucket-owner", account]);
  if ("unknown" in head)
    return /\b404\b|NoSuchBucket|Not Found/.test(head.unknown) ? { known: { exists: false } } : head;
  const lock = await outputOf("aws", ["s3", "cp", `s3://${bucket}/${key}.tflock`, "-", "--only-show-errors"]);
  if ("unknown" in lock)
    return /\b404\b|does not exist|NoSuchKey/.test(lock.unknown) ? { known: { exists: true } } : lock;
  try {
    const held = JSON.parse(lock.known) as Readonly<Record<"ID" | "Who" | "Operation" | "Created", string>>;
    return {
      known: {
        exists: true,
        lock: { id: held.ID, who: held.Who, operation: held.Operation, since: held.Created },
      },
    };
  } catch {
    return { unknown: `the lock file s3://${bucket}/${key}.tflock is not one of Terraform's` };
  }
}

/** How the Kubernetes API of a cluster is reached. */
export async function endpointOf(ask: AskAws, cluster: string): Promise<Fact<ApiEndpoint>> {
  interface Cluster {
    readonly resourcesVpcConfig: {
      readonly endpointPublicAccess: boolean;
      readonly endpointPrivateAccess?: boolean;
      readonly publicAccessCidrs?: readonly string[];
      readonly vpcId: string;
    };
  }
  const answer = await ask<{ readonly cluster: Cluster }>(["eks", "describe-cluster", "--name", cluster]);
  return mapped(answer, ({ cluster: { resourcesVpcConfig: found } }) => ({
    isPublic: found.endpointPublicAccess,
    isPrivate: found.endpointPrivateAccess ?? false,
    publicCidrs: found.publicAccessCidrs ?? [],
    vpcId: found.vpcId,
  }));
}

const ADDRESS_UNKNOWN = "checkip.amazonaws.com did not answer, so this machine's public address is unknown";

/** The address by which this machine is seen. */
export async function addressHere(): Promise<Fact<string>> {
  try {
    const answer = await fetch("https://checkip.amazonaws.com", { signal: AbortSignal.timeout(5000) });
    const text = (await answer.text()).trim();
    return /^\d+(\.\d+){3}$/.test(text) ? { known: text } : { unknown: ADDRESS_UNKNOWN };
  } catch {
    return { unknown: ADDRESS_UNKNOWN };
  }
}

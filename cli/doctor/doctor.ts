import { credentialFindings, isOfAccount, unaskedFindings } from "../../domain/doctor/credentials";
import { placeholderFindings, supportFindings } from "../../domain/doctor/configuration";
import { type Diagnosis, exitCodeOf, type Finding } from "../../domain/doctor/finding";
import { instanceFindings, poolsOf } from "../../domain/doctor/instances";
import { licenseFindings } from "../../domain/doctor/license";
import { certificateFindings, delegationFindings } from "../../domain/doctor/names";
import { quotaFindings, quotasOf } from "../../domain/doctor/quotas";
import { reachFindings } from "../../domain/doctor/reach";
import { stateFindings } from "../../domain/doctor/state";
import { toolFindings } from "../../domain/doctor/tools";
import type { EnvironmentPlan } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { environmentNamed, plannedEnvironment } from "../environments";
import type { Report } from "../report";
import { awsOf } from "./ask";
import {
  addressHere,
  certificateOf,
  delegationOf,
  identityOf,
  licenseOf,
  offeringsOf,
  quotaOf,
  stateOf,
  toolsHere,
} from "./gather";
import { doctorText } from "./text";

const DAY_MS = 86_400_000;

/**
 * Checks everything that stops a deployment before it begins: this machine, the account, the names, the license, the state.
 *
 * Every check runs at the same time and has its own limit of 20 s; it changes nothing.
 */
export async function doctor(name: string): Promise<Report> {
  const started = Date.now();
  const found = await Promise.all(checksOf(name, environmentNamed(name), plannedEnvironment(name)));
  const diagnosis: Diagnosis = { environment: name, elapsedMs: Date.now() - started, findings: found.flat() };
  return { json: diagnosis, text: () => doctorText(diagnosis), exitCode: exitCodeOf(diagnosis.findings) };
}

function checksOf(name: string, spec: EnvironmentSpec, plan: EnvironmentPlan): Promise<readonly Finding[]>[] {
  const today = new Date();
  return [
    Promise.resolve(placeholderFindings(plan)),
    Promise.resolve(supportFindings(plan, dayOf(today))),
    toolsHere().then(toolFindings),
    accountChecks(name, plan, today),
    spec.clusterAccess === "private"
      ? Promise.resolve(reachFindings(spec, { unknown: "" }))
      : addressHere().then((address) => reachFindings(spec, address)),
  ];
}

/** Another account is not looked into: what it has is not this environment's. */
async function accountChecks(name: string, plan: EnvironmentPlan, today: Date): Promise<readonly Finding[]> {
  const { account, region } = plan.context;
  const ask = awsOf(region);
  const identity = await identityOf(ask);
  const credentials = credentialFindings(account, identity);
  if (!isOfAccount(account, identity))
    return [...credentials, ...unaskedFindings(["quotas", "instances", "zone", "certificate", "license", "state"])];
  const { network, state } = plan;
  const pools = poolsOf(plan);
  const types = pools.flatMap((pool) => pool.types);
  const found = await Promise.all([
    ...quotasOf(plan).map(async (quota) => quotaFindings(quota, await quotaOf(ask, quota.service, quota.code))),
    offeringsOf(ask, types).then((offerings) => instanceFindings(pools, network.zones, offerings)),
    ...nameChecks(plan, today),
    ...licenseChecks(plan, today),
    ...(state.kind === "s3"
      ? [stateOf(ask, state, account).then((facts) => stateFindings(name, state, facts, today.toISOString()))]
      : []),
  ]);
  return [...credentials, ...found.flat()];
}

/** A zone that is made, that is private, or that is in another account is not looked for. */
function nameChecks({ dns, context }: EnvironmentPlan, today: Date): Promise<readonly Finding[]>[] {
  const ask = awsOf(context.region);
  const { zone, certificate } = dns;
  const isOurs = dns.roleArn === undefined && (zone.kind === "longest-match" || zone.kind === "by-name");
  const name = zone.kind === "by-name" ? zone.name : undefined;
  return [
    ...(isOurs ? [delegationOf(ask, context.domain, name).then(delegationFindings)] : []),
    ...(certificate.kind === "existing"
      ? [
          certificateOf(ask, certificate.certificateArn).then((facts) =>
            certificateFindings(certificate.names, facts, dayOf(today, 30)),
          ),
        ]
      : []),
  ];
}

function licenseChecks({ secrets, context }: EnvironmentPlan, today: Date): Promise<readonly Finding[]>[] {
  const { license } = secrets;
  if (license === undefined) return [];
  const asked = licenseOf(awsOf(context.region), license.name);
  return [asked.then((facts) => licenseFindings(license.name, facts, dayOf(today), dayOf(today, 30)))];
}

function dayOf(today: Date, later = 0): string {
  return new Date(today.getTime() + later * DAY_MS).toISOString().slice(0, 10);
}

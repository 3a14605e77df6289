import { credentialFindings, type Identity, isOfAccount } from "../../domain/doctor/credentials";
import { placeholderFindings, supportFindings } from "../../domain/doctor/configuration";
import { type Diagnosis, exitCodeOf, type Finding } from "../../domain/doctor/finding";
import { instanceFindings, poolsOf } from "../../domain/doctor/instances";
import { licenseFindings } from "../../domain/doctor/license";
import { certificateFindings, delegationFindings } from "../../domain/doctor/names";
import { quotaFindings, quotasOf } from "../../domain/doctor/quotas";
import { endpointFindings, reachFindings } from "../../domain/doctor/reach";
import { rightsFindings } from "../../domain/doctor/rights";
import { stateFindings } from "../../domain/doctor/state";
import { clusterFindings, driftFindings } from "../../domain/doctor/deployment";
import { toolFindings } from "../../domain/doctor/tools";
import type { EnvironmentPlan } from "../../domain/environment/environment";
import { stacksOf } from "../../domain/environment/layers";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { projectRoot } from "../configuration";
import { environmentNamed, plannedEnvironment } from "../environments";
import type { OutputOptions, Report } from "../report";
import { awsOf } from "../ask-aws";
import { stackFolder } from "../stacks";
import { driftOf } from "../running/drift";
import { clusterOf } from "../running/aws";
import { awsFacts, observer, type ReachOptions } from "../running/gather";
import {
  addressHere,
  certificateOf,
  delegationOf,
  endpointOf,
  identityOf,
  licenseOf,
  offeringsOf,
  quotaOf,
  stateOf,
  toolsHere,
} from "./gather";
import { rightsOf, useOf } from "./rights";
import { absentFindings, runningFindings } from "./running";
import { doctorText } from "./text";

const DAY_MS = 86_400_000;

/** What {@link doctor} is told on the command line. */
export interface DoctorOptions extends OutputOptions, ReachOptions {
  /** Plan with Terraform as well, and say what has drifted. */
  readonly drift?: true;
}

/**
 * Checks what stops a deployment before it begins (this machine, the account, the names, the license, the state) and, once
 * there is a cluster, what runs: pods, nodes, databases, load balancer, copies, alarms.
 *
 * Every check runs at the same time, and every question has its own limit of 20 s; it changes nothing.
 */
export async function doctor(name: string, options: DoctorOptions = {}): Promise<Report> {
  const started = Date.now();
  const found = await Promise.all(checksOf(name, environmentNamed(name), plannedEnvironment(name), options));
  const diagnosis: Diagnosis = { environment: name, elapsedMs: Date.now() - started, findings: found.flat() };
  return { json: diagnosis, text: () => doctorText(diagnosis), exitCode: exitCodeOf(diagnosis.findings) };
}

function checksOf(
  name: string,
  spec: EnvironmentSpec,
  plan: EnvironmentPlan,
  options: DoctorOptions,
): Promise<readonly Finding[]>[] {
  const today = new Date();
  return [
    Promise.resolve(placeholderFindings(plan)),
    Promise.resolve(supportFindings(plan, dayOf(today))),
    toolsHere().then(toolFindings),
    accountChecks(name, plan, today, options),
    reachChecks(spec, plan),
  ];
}

/** Who reaches the API of a cluster that exists is asked of AWS: the configuration does not decide it. */
async function reachChecks(spec: EnvironmentSpec, plan: EnvironmentPlan): Promise<readonly Finding[]> {
  const { cluster, context } = plan;
  if (cluster.kind === "existing") {
    const [endpoint, address] = await Promise.all([endpointOf(awsOf(context.region), cluster.name), addressHere()]);
    return endpointFindings(cluster.name, endpoint, address);
  }
  return reachFindings(spec, spec.clusterAccess === "private" ? { unknown: "" } : await addressHere());
}

const ACCOUNT_CHECKS = ["rights", "quotas", "instances", "zone", "certificate", "license", "state", "what runs"];

/** Another account is not looked into: what it has is not this environment's. */
async function accountChecks(
  name: string,
  plan: EnvironmentPlan,
  today: Date,
  options: DoctorOptions,
): Promise<readonly Finding[]> {
  const { account, region } = plan.context;
  const ask = awsOf(region);
  const identity = await identityOf(ask);
  const credentials = credentialFindings(account, identity, ACCOUNT_CHECKS);
  if ("unknown" in identity || !isOfAccount(account, identity)) return credentials;
  const { network } = plan;
  const pools = poolsOf(plan);
  const types = pools.flatMap((pool) => pool.types);
  const found = await Promise.all([
    ...quotasOf(plan).map(async (quota) => quotaFindings(quota, await quotaOf(ask, quota.service, quota.code))),
    offeringsOf(ask, types).then((offerings) => instanceFindings(pools, network.zones, offerings)),
    ...nameChecks(plan, today),
    ...licenseChecks(plan, today),
    ...stateChecks(name, plan, today),
    runningChecks(plan, options, today),
    rightsChecks(plan, identity.known),
    ...(options.drift === true ? driftChecks(plan) : []),
  ]);
  return [...credentials, ...found.flat()];
}

/** A cluster of the environment is there after its first deployment; from then on changes are made. */
async function rightsChecks(plan: EnvironmentPlan, identity: Identity): Promise<readonly Finding[]> {
  const { cluster, context } = plan;
  const ask = awsOf(context.region);
  const found = cluster.kind === "existing" ? undefined : await clusterOf(ask, cluster.name);
  const isMade = found !== undefined && "known" in found && found.known.status !== undefined;
  const phase = isMade ? "change" : "deploy";
  return rightsFindings(plan, phase, await rightsOf(ask, plan, phase, { use: useOf(plan, projectRoot()), identity }));
}

/** Before the first deployment there is nothing to look into. */
async function runningChecks(plan: EnvironmentPlan, options: DoctorOptions, today: Date): Promise<readonly Finding[]> {
  const ask = awsOf(plan.context.region);
  const cluster = await clusterOf(ask, plan.cluster.name);
  if ("known" in cluster && cluster.known.status === undefined)
    return plan.cluster.kind === "existing"
      ? clusterFindings(plan, cluster)
      : absentFindings(plan, await awsFacts(plan, ask, today));
  return runningFindings(plan, await observer(plan, options)(), dayOf(today, 30));
}

/** What each stack differs in from what is deployed. */
function driftChecks(plan: EnvironmentPlan): Promise<readonly Finding[]>[] {
  return stacksOf(plan).map(({ name }) => driftOf(stackFolder(name)).then((drift) => driftFindings(plan, name, drift)));
}

/** The state of every stack; a bucket that is missing is said once. */
function stateChecks(name: string, plan: EnvironmentPlan, today: Date): Promise<readonly Finding[]>[] {
  const { account, region } = plan.context;
  const said = new Set<string>();
  return stacksOf(plan).flatMap(({ name: stack, state }) =>
    state.kind === "s3"
      ? [
          stateOf(awsOf(region), state, account)
            .then((facts) => stateFindings({ environment: name, stack, state }, facts, today.toISOString()))
            .then((findings) => findings.filter(({ what }) => !said.has(what) && said.add(what))),
        ]
      : [],
  );
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
  const { region } = context;
  const asked = licenseOf(awsOf(region), license.name);
  return [
    asked.then((facts) => licenseFindings({ name: license.name, region }, facts, dayOf(today), dayOf(today, 30))),
  ];
}

function dayOf(today: Date, later = 0): string {
  return new Date(today.getTime() + later * DAY_MS).toISOString().slice(0, 10);
}

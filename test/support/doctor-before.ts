import { certificateOf, identityOf, licenseOf, offeringsOf, quotaOf } from "../../cli/doctor/gather";
import { placeholderFindings, supportFindings } from "../../domain/doctor/configuration";
import type { Check } from "../../domain/doctor/checks";
import { credentialFindings } from "../../domain/doctor/credentials";
import type { Finding } from "../../domain/doctor/finding";
import { instanceFindings, poolsOf } from "../../domain/doctor/instances";
import { licenseFindings } from "../../domain/doctor/license";
import { certificateFindings, delegationFindings } from "../../domain/doctor/names";
import { quotaFindings, quotasOf } from "../../domain/doctor/quotas";
import { reachFindings } from "../../domain/doctor/reach";
import { type Decision, rightsFindings } from "../../domain/doctor/rights";
import { stateFindings } from "../../domain/doctor/state";
import { toolFindings } from "../../domain/doctor/tools";
import { planEnvironment } from "../../domain/environment/environment";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { prod } from "./environments/prod";
import { recordedAws, refusal } from "./recorded-aws";

/** What doctor says of each case, by a few words that name the case. */
export type DoctorCases = Readonly<Record<string, () => readonly Finding[] | Promise<readonly Finding[]>>>;

const plan = planEnvironment(prod);
const { account, region } = plan.context;
const ROLE = `arn:aws:sts::${account}:assumed-role/viewer/ana`;
const IN_THIRTY_DAYS = "2026-12-29";

/** What the AWS CLI prints where a role lacks a right. */
export function denied(action: string, operation: string): string {
  const why = `User: ${ROLE} is not authorized to perform: ${action} because no identity-based policy allows the ${action} action`;
  return refusal("AccessDeniedException", operation, why);
}

/** What the AWS CLI prints where too much was asked. */
export function throttled(operation: string): string {
  return `An error occurred (ThrottlingException) when calling the ${operation} operation (reached max retries: 1): Rate exceeded`;
}

/** What the AWS CLI prints without a way to AWS. */
export function unreachable(service: string): string {
  return `Connect timeout on endpoint URL: "https://${service}.${region}.amazonaws.com/"`;
}

const placeholders = (spec: Partial<EnvironmentSpec>) => () =>
  placeholderFindings(planEnvironment({ ...prod, account: "210987654321", clusterAccess: "private", ...spec }));

const who = (answer: object | string) => async () =>
  credentialFindings(account, await identityOf(recordedAws({ "sts get-caller-identity": answer })));

const rights = (over: Partial<Decision>) => (): Finding[] => {
  const action = "ec2:CreateVpc";
  const decision = { action, resource: "*", effect: "allowed" } as const;
  const decisions = [
    { ...decision, isOutsideBoundary: false, isRefusedByOrganization: false, missingKeys: [], ...over },
  ];
  const requests = [{ action, resources: ["*"], isExact: true }];
  return rightsFindings(plan, "deploy", {
    known: { principal: `arn:aws:iam::${account}:role/deploy`, answers: [{ requests, context: {}, decisions }] },
  });
};

const quota = (answer: object | string) => async () => {
  const [cpus] = quotasOf(plan);
  const ask = recordedAws({ "service-quotas get-service-quota": answer });
  return cpus === undefined ? [] : quotaFindings(cpus, await quotaOf(ask, cpus.service, cpus.code));
};

const offered = (answer: string | readonly string[]) => async () => {
  const pools = poolsOf(plan).slice(0, 1);
  const [InstanceType = ""] = pools[0]?.types ?? [];
  const InstanceTypeOfferings =
    typeof answer === "string"
      ? answer
      : { InstanceTypeOfferings: answer.map((Location) => ({ InstanceType, Location })) };
  const ask = recordedAws({ "ec2 describe-instance-type-offerings": InstanceTypeOfferings });
  return instanceFindings(pools, 3, await offeringsOf(ask, [InstanceType]));
};

const zone = (assigned: readonly string[] | undefined, delegated: readonly string[]) => () =>
  delegationFindings({ known: { zone: "retool.example.com", assigned, delegated } });

const certificate = (answer: object | string) => async () =>
  certificateFindings(
    ["retool.example.com"],
    await certificateOf(recordedAws({ "acm describe-certificate": answer }), "arn:certificate"),
    IN_THIRTY_DAYS,
  );
const issued = (NotAfter: string, ...SubjectAlternativeNames: string[]): object => ({
  Certificate: { Status: "ISSUED", NotAfter, SubjectAlternativeNames },
});

const license =
  (described: object | string, value: object | string = {}) =>
  async () =>
    licenseFindings(
      { name: "retool/license-key", region },
      await licenseOf(
        recordedAws({ "secretsmanager describe-secret": described, "secretsmanager get-secret-value": value }),
        "retool/license-key",
      ),
      "2026-11-29",
      IN_THIRTY_DAYS,
    );

const state = (fact: Parameters<typeof stateFindings>[1]) => () =>
  stateFindings(
    {
      environment: "prod",
      stack: "prod",
      state: { kind: "s3", bucket: "states", key: "prod/terraform.tfstate", region },
    },
    fact,
    "2026-11-29T12:00:00Z",
  );

const tools = (node: string, terraform: string | undefined) => () =>
  toolFindings({ node: { known: node }, terraform: { known: terraform }, aws: { known: "2.31.0" } });

const reach =
  (address: string, spec: Partial<EnvironmentSpec> = {}) =>
  () =>
    reachFindings({ ...prod, ...spec }, { known: address });

const lock = { id: "9f2c", who: "ana@laptop", operation: "OperationTypeApply", since: "2026-11-29T09:00:00Z" };
const servers = ["ns-1.awsdns-01.org.", "ns-2.awsdns-02.com."];

/** Checks of this machine, the account and the configuration. */
export const BEFORE = {
  placeholders: {
    none: placeholders({ domain: "tools.acme.io", access: "internal" }),
    "a domain": placeholders({ domain: "retool.example.com", access: "internal" }),
    "a range": placeholders({ domain: "tools.acme.io", access: ["203.0.113.0/24"] }),
  },
  support: {
    "in time": () => supportFindings(plan, "2026-07-01"),
    "near its end": () => supportFindings(plan, "2026-12-01"),
    "long over": () => supportFindings(plan, "2027-12-31"),
  },
  tools: {
    "as tested": tools("22.11.0", "1.11.4"),
    "too new": tools("24.1.0", "1.11.4"),
    "too old": tools("22.11.0", "1.10.5"),
    missing: tools("22.11.0", undefined),
  },
  credentials: {
    "of a role": who({ Account: account, Arn: ROLE }),
    "of another account": who({ Account: "999988887777", Arn: "arn:aws:iam::999988887777:user/ana" }),
    "of the root user": who({ Account: account, Arn: `arn:aws:iam::${account}:root` }),
    none: who('Unable to locate credentials. You can configure credentials by running "aws configure".'),
    half: who("Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY"),
    "never logged in": who("Error loading SSO Token: Token for acme does not exist"),
    "expired single sign-on": who(
      "The SSO session associated with this profile has expired or is otherwise invalid. To refresh this SSO session run aws sso login with the corresponding profile.",
    ),
    "expired token": who(
      refusal("ExpiredToken", "GetCallerIdentity", "The security token included in the request is expired"),
    ),
    "a wrong clock": who(
      refusal(
        "SignatureDoesNotMatch",
        "GetCallerIdentity",
        "Signature expired: 20261129T113000Z is now earlier than 20261129T114500Z (20261129T120000Z - 15 min.)",
      ),
    ),
    "unknown keys": who(
      refusal("InvalidClientTokenId", "GetCallerIdentity", "The security token included in the request is invalid."),
    ),
    throttled: who(throttled("GetCallerIdentity")),
    "what is skipped then": () =>
      credentialFindings(account, { unknown: "Unable to locate credentials." }, ["rights", "quotas", "license"]),
    "no way to AWS": who(unreachable("sts")),
    "a proxy that reads along": who(
      "SSL validation failed for https://sts.us-east-1.amazonaws.com/ [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in certificate chain (_ssl.c:1000)",
    ),
  },
  rights: {
    "all there": rights({}),
    "no policy": rights({ effect: "implicitDeny" }),
    "a Deny": rights({ effect: "explicitDeny" }),
    "a boundary": rights({ effect: "implicitDeny", isOutsideBoundary: true }),
    "an organization": rights({ effect: "explicitDeny", isRefusedByOrganization: true }),
    "not clear": rights({ effect: "explicitDeny", missingKeys: ["aws:SourceIp"] }),
    "not simulated": () =>
      rightsFindings(plan, "deploy", { unknown: denied("iam:SimulatePrincipalPolicy", "SimulatePrincipalPolicy") }),
  },
  quotas: {
    enough: quota({ Quota: { Value: 1152 } }),
    "too small": quota({ Quota: { Value: 5 } }),
    denied: quota(denied("servicequotas:GetServiceQuota", "GetServiceQuota")),
    throttled: quota(throttled("GetServiceQuota")),
  },
  instances: {
    "in three zones": offered(["us-east-1a", "us-east-1b", "us-east-1c"]),
    "in one zone": offered(["us-east-1a"]),
    nowhere: offered([]),
    "not answered": offered(unreachable("ec2")),
  },
  zone: {
    delegated: zone(servers, servers),
    "delegated by nobody": zone(servers, []),
    "delegated elsewhere": zone(servers, ["ns1.registrar.test"]),
    "not in the account": zone(undefined, []),
  },
  certificate: {
    covers: certificate(issued("2027-11-01T12:00:00Z", "retool.example.com")),
    pending: certificate({ Certificate: { Status: "PENDING_VALIDATION" } }),
    "of other names": certificate(issued("2027-11-01T12:00:00Z", "other.example.com")),
    ends: certificate(issued("2026-12-20T12:00:00Z", "retool.example.com")),
    "of another region": certificate(
      refusal("ResourceNotFoundException", "DescribeCertificate", "Could not find certificate arn:certificate."),
    ),
  },
  license: {
    good: license({}, { SecretString: "SSOP_key" }),
    missing: license(
      refusal("ResourceNotFoundException", "DescribeSecret", "Secrets Manager can't find the specified secret."),
    ),
    deleted: license({ DeletedDate: "2026-12-05T00:00:00Z" }),
    newline: license({}, { SecretString: "SSOP_key\n" }),
    empty: license({}, { SecretString: "" }),
    "under a key that may not be used": license(
      {},
      refusal("AccessDeniedException", "GetSecretValue", "Access to KMS is not allowed"),
    ),
  },
  state: {
    free: state({ known: { exists: true } }),
    locked: state({ known: { exists: true, lock } }),
    missing: state({ known: { exists: false } }),
    "of another account": state({ unknown: refusal("403", "HeadBucket", "Forbidden") }),
  },
  reach: {
    listed: reach("203.0.113.10"),
    "not listed": reach("198.51.100.7"),
    "not in access": reach("203.0.113.10", { access: ["192.0.2.0/24"] }),
    private: reach("", { clusterAccess: "private" }),
  },
} satisfies Partial<Record<Check, DoctorCases>>;

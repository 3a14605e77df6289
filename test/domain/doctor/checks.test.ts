import { credentialFindings, isOfAccount, unaskedFindings } from "../../../domain/doctor/credentials";
import { placeholderFindings, supportFindings } from "../../../domain/doctor/configuration";
import { exitCodeOf, type Finding } from "../../../domain/doctor/finding";
import { instanceFindings, poolsOf } from "../../../domain/doctor/instances";
import { licenseFacts, licenseFindings } from "../../../domain/doctor/license";
import { certificateFindings, delegationFindings } from "../../../domain/doctor/names";
import { quotaFindings, quotasOf } from "../../../domain/doctor/quotas";
import { reachFindings } from "../../../domain/doctor/reach";
import { stateFindings } from "../../../domain/doctor/state";
import { toolFindings } from "../../../domain/doctor/tools";
import { planEnvironment } from "../../../domain/environment/environment";
import { prod } from "../../support/environments/prod";

const plan = planEnvironment(prod);
const ACCOUNT = "111122223333";

/** A finding on one line: `grade what; why; remedy`. */
const text = ({ grade, what, why, remedy }: Finding): string =>
  [`${grade} ${what}`, why, remedy].filter((part) => part !== undefined).join("; ");
const texts = (findings: readonly Finding[]): string[] => findings.map(text);

const WAITING = "what was not looked at may stop the deployment halfway";
const DENIED = "An error occurred (AccessDenied) when calling the operation: not authorized";

describe("tools", () => {
  test.each([
    [
      { node: "22.11.0", terraform: "1.11.4", aws: "2.31.0" },
      ["good Node.js 22.11.0, Terraform 1.11.4, AWS CLI 2.31.0"],
    ],
    [
      { node: "24.1.0", terraform: "1.10.5", aws: "2.31.0" },
      [
        "problem Node.js 24.1.0 is not >=20.9.0 <23.0.0; cdktf's command line crashes on Node.js 24; use Node.js 22",
        "problem Terraform 1.10.5 is not >=1.11.0; older ones have no write-only arguments, by which secrets stay out of the state; install Terraform 1.11 or later",
      ],
    ],
    [
      { node: "22.11.0", terraform: "1.11.4", aws: undefined },
      [
        "problem AWS CLI was not found in PATH; Terraform logs in to the cluster by aws eks get-token; install the AWS CLI version 2",
      ],
    ],
  ])("%j", (tools, expected) => {
    expect(texts(toolFindings(tools))).toEqual(expected);
  });
});

describe("credentials", () => {
  const known = (account: string, arn: string): Finding[] => credentialFindings(ACCOUNT, { known: { account, arn } });
  const unknown = (reason: string): Finding[] => credentialFindings(ACCOUNT, { unknown: reason });
  const NOTHING = "nothing in AWS can be made or looked at";

  test.each([
    [
      known(ACCOUNT, "arn:aws:sts::111122223333:assumed-role/deploy/me"),
      "good arn:aws:sts::111122223333:assumed-role/deploy/me",
    ],
    [
      known("999988887777", "arn:aws:iam::999988887777:user/me"),
      "problem the credentials are of account 999988887777, the configuration says 111122223333; the AWS provider refuses every other account; use the profile of account 111122223333: export AWS_PROFILE=..., or correct account in the configuration",
    ],
    [
      known(ACCOUNT, "arn:aws:iam::111122223333:root"),
      "warning the credentials are those of the root user of 111122223333; nothing limits them, and EKS makes its creator the administrator of the cluster; deploy as a role",
    ],
    [
      unknown('Unable to locate credentials. You can configure credentials by running "aws login".'),
      `problem this shell has no AWS credentials; ${NOTHING}; log in: aws sso login --profile <profile>, then export AWS_PROFILE=<profile>`,
    ],
    [
      unknown("Error when retrieving token from sso: Token has expired and refresh failed"),
      `problem the AWS credentials have expired; ${NOTHING}; log in again: aws sso login`,
    ],
    [
      unknown("The config profile (prodd) could not be found"),
      `problem AWS_PROFILE names the profile prodd, and there is none; ${NOTHING}; correct AWS_PROFILE; aws configure list-profiles shows those that exist`,
    ],
    [
      unknown("aws sts get-caller-identity timed out after 20 s"),
      `unknown who deploys could not be found out: aws sts get-caller-identity timed out after 20 s; ${NOTHING}; check that this machine reaches sts in the environment's region: proxy, VPN, DNS`,
    ],
  ])("%#", (findings, expected) => {
    expect(texts(findings)).toEqual([expected]);
  });
});

test("what is in the account is not asked for by strangers, and that is said once", () => {
  const [finding] = unaskedFindings(["quotas", "license"]);

  expect(text(finding!)).toBe(
    `unknown not looked at: quotas, license; ${WAITING}; do what the check credentials says, and run doctor again`,
  );
  expect(isOfAccount(ACCOUNT, { known: { account: ACCOUNT, arn: "" } })).toBe(true);
  expect(isOfAccount(ACCOUNT, { known: { account: "999988887777", arn: "" } })).toBe(false);
  expect(isOfAccount(ACCOUNT, { unknown: "Unable to locate credentials" })).toBe(false);
});

describe("quotas", () => {
  const [cpus] = quotasOf(plan);

  test("need what the pools may grow to, and the system nodes", () => {
    const system = 2 * (plan.cluster.systemNodes?.maximum ?? 0);

    expect(system).toBeGreaterThan(0);
    expect(cpus).toMatchObject({ code: "L-1216C47A", needed: plan.capacity.quotaCpus.onDemand + system });
    expect(
      quotasOf(planEnvironment({ ...prod, sandbox: { purchaseOption: "spot" } })).map(({ code }) => code),
    ).toContain("L-34B43A08");
  });

  test.each([
    [{ known: 1000 }, "good elastic IP addresses: 1000, the environment needs up to 3"],
    [
      { known: 2 },
      "problem elastic IP addresses: the account has 2 (L-0263D0A3), and the environment needs up to 3; at the limit nothing more is launched, and editing sessions wait; aws service-quotas request-service-quota-increase --service-code ec2 --quota-code L-0263D0A3 --desired-value 3",
    ],
    [
      { unknown: DENIED },
      `unknown the limit of elastic IP addresses (L-0263D0A3) could not be found out: ${DENIED}; Karpenter waits silently where the quota is used up; let this role call servicequotas:GetServiceQuota, or look it up: the environment needs up to 3`,
    ],
  ])("%j", (limit, expected) => {
    const addresses = { service: "ec2", code: "L-0263D0A3", name: "elastic IP addresses", needed: 3 };

    expect(texts(quotaFindings(addresses, limit))).toEqual([expected]);
  });
});

describe("instances", () => {
  const pools = [{ name: "system", types: ["m6i.large"], setting: "cluster.systemNodes.instanceTypes" }];
  const LIST =
    "add types that the region has to cluster.systemNodes.instanceTypes; aws ec2 describe-instance-type-offerings --location-type availability-zone lists them";

  test.each([
    [{ known: { "m6i.large": ["a", "b", "c"] } }, "good every pool has types in 3 zones or more"],
    [
      { known: { "m6i.large": ["us-east-1a"] } },
      `warning pool system: m6i.large are offered only in us-east-1a; pods that spread over zones find no node in the others; ${LIST}`,
    ],
    [
      { known: {} },
      `problem pool system: m6i.large are offered in no zone of the region; no node of it can be launched; ${LIST}`,
    ],
  ])("%j", (offerings, expected) => {
    expect(texts(instanceFindings(pools, 3, offerings))).toEqual([expected]);
  });

  test("of every pool of the plan are asked for", () => {
    expect(poolsOf(plan).map(({ name }) => name)).toEqual(expect.arrayContaining(["system", "retool", "sandbox"]));
  });
});

describe("zone", () => {
  const zone = "retool.example.com";
  const assigned = ["ns-1.awsdns-01.org.", "ns-2.awsdns-02.com."];
  const plain = "ns-1.awsdns-01.org, ns-2.awsdns-02.com";

  test.each([
    [
      { zone, assigned, delegated: ["NS-2.awsdns-02.com", "ns-1.awsdns-01.org"] },
      `good ${zone} is delegated to its 2 name servers`,
    ],
    [
      { zone, assigned, delegated: [] },
      `problem nobody delegates ${zone}: DNS finds no name server; the certificate is never validated, and the apply waits 75 minutes and gives up; ask the owner of the parent domain for an NS record of ${zone} with ${plain}`,
    ],
    [
      { zone, assigned, delegated: ["ns1.registrar.test"] },
      `problem ${zone} is delegated to ns1.registrar.test, not to the zone of this account; records that are made here are seen by nobody, so the certificate is never validated; make the NS record of ${zone} say ${plain}, or use the account whose zone it is`,
    ],
    [
      { zone, assigned: undefined, delegated: [] },
      `problem the account has no public hosted zone for ${zone}; the apply stops where it looks the zone up; use the account that has it, or dns: { kind: "create" }`,
    ],
  ])("%j", (known, expected) => {
    expect(texts(delegationFindings({ known }))).toEqual([expected]);
  });
});

describe("certificate", () => {
  const needed = ["retool.example.com", "*.retool.example.com"];
  const judge = (status: string, names: readonly string[], notAfter?: string): string[] =>
    texts(certificateFindings(needed, { known: { status, names, notAfter } }, "2026-12-29"));

  test.each([
    [judge("ISSUED", needed, "2027-06-01"), "good covers retool.example.com, *.retool.example.com until 2027-06-01"],
    [
      judge("PENDING_VALIDATION", needed),
      "problem the certificate is PENDING_VALIDATION; the HTTPS listener takes none but an issued one; finish its validation, or leave dns.certificateArn out so that one is made",
    ],
    [
      judge("ISSUED", ["*.example.com"], "2027-06-01"),
      "problem the certificate does not cover *.retool.example.com; browsers refuse these names; use one for retool.example.com, *.retool.example.com",
    ],
    [
      judge("ISSUED", needed, "2026-12-20"),
      "warning the certificate ends on 2026-12-20; browsers refuse Retool from that day on, and nobody renews an imported one; import the new one under the same ARN",
    ],
  ])("%#", (findings, expected) => {
    expect(findings).toEqual([expected]);
  });
});

describe("license", () => {
  const NAME = "retool/license-key";
  const tokenUntil = (day: string): string =>
    ["e30", Buffer.from(JSON.stringify({ org: "x", exp: Date.parse(day) / 1000 })).toString("base64url"), "c2ln"].join(
      ".",
    );
  const judge = (key: string): Finding[] =>
    licenseFindings(NAME, { known: licenseFacts(key) }, "2026-11-29", "2026-12-29");
  const STORE = `aws secretsmanager put-secret-value --secret-id ${NAME} --secret-string file://license.txt`;

  test.each([
    [judge("SSOP_key"), `good the secret ${NAME} holds a key`],
    [judge(tokenUntil("2027-11-01")), `good the secret ${NAME} holds a key that ends on 2027-11-01`],
    [
      judge("SSOP_key\n"),
      `problem the secret ${NAME} begins or ends with white space, such as a newline; Retool takes it for part of the key and refuses the license; write the key without a newline (printf %s "$KEY" > license.txt), then ${STORE}`,
    ],
    [judge(" "), `problem the secret ${NAME} is empty; Retool starts without a license; ${STORE}`],
    [
      judge(tokenUntil("2026-11-01")),
      `problem the license key ended on 2026-11-01; Retool refuses to work without a valid license; ask Retool for a new key, then ${STORE}`,
    ],
    [
      judge(tokenUntil("2026-12-11")),
      `warning the license key ends on 2026-12-11; Retool refuses to work without a valid license; ask Retool for a new key, then ${STORE}`,
    ],
    [
      licenseFindings(NAME, { known: { exists: false } }, "2026-11-29", "2026-12-29"),
      `problem there is no secret ${NAME}; the apply stops where it reads the license key; aws secretsmanager create-secret --name ${NAME} --secret-string file://license.txt`,
    ],
    [
      licenseFindings(NAME, { known: { exists: true, deletedOn: "2026-12-05" } }, "2026-11-29", "2026-12-29"),
      `problem the secret ${NAME} was deleted and is gone on 2026-12-05; it cannot be read any more, and its name cannot be used again before that day; aws secretsmanager restore-secret --secret-id ${NAME}`,
    ],
    [
      licenseFindings(NAME, { unknown: DENIED }, "2026-11-29", "2026-12-29"),
      `unknown could not be found out: ${DENIED}; ${WAITING}; let this role do what the message names, or ask the people who may`,
    ],
  ])("%#", (findings, expected) => {
    expect(texts(findings)).toEqual([expected]);
  });

  test("never goes further than its facts", () => {
    expect(JSON.stringify(licenseFacts("SSOP_secret-key "))).not.toContain("SSOP");
  });
});

describe("state", () => {
  const state = { kind: "s3", bucket: "states", key: "prod/terraform.tfstate", region: "us-east-1" } as const;
  const judge = (facts: Parameters<typeof stateFindings>[2]): string[] =>
    texts(stateFindings("prod", state, facts, "2026-11-29T12:00:00Z"));
  const lock = { id: "9f2c", who: "ana@laptop", operation: "OperationTypeApply", since: "2026-11-29T09:00:00Z" };

  test.each([
    [judge({ known: { exists: true } }), "good s3://states/prod/terraform.tfstate, not locked"],
    [
      judge({ known: { exists: false } }),
      "problem there is no bucket states of this account; Terraform has nowhere to note what it makes; npx cdktf-retool bootstrap prod",
    ],
    [
      judge({ known: { exists: true, lock } }),
      "problem ana@laptop holds the lock of the state since 2026-11-29T09:00:00Z (3 hours, OperationTypeApply); no deployment can begin while it is held, and releasing the lock of one that runs destroys the state; ask ana@laptop whether it still runs; only if not: terraform -chdir=cdktf.out/stacks/prod force-unlock 9f2c",
    ],
  ])("%#", (findings, expected) => {
    expect(findings).toEqual([expected]);
  });
});

describe("placeholders", () => {
  test("are found wherever an example has them", () => {
    expect(placeholderFindings(plan).map(({ what }) => what)).toEqual(
      [
        'account "111122223333"',
        'domain "retool.example.com"',
        'access "203.0.113.0/24"',
        'clusterAccess "203.0.113.10/32"',
      ].map((setting) => `${setting} stands for your own in examples`),
    );
    const own = {
      account: "210987654321",
      domain: "tools.acme.io",
      access: "internal",
      clusterAccess: "private",
    } as const;
    expect(texts(placeholderFindings(planEnvironment({ ...prod, ...own })))).toEqual(["good none is left"]);
  });
});

describe("support", () => {
  test("ends on a day, and there is time before it", () => {
    expect(texts(supportFindings(plan, "2026-07-01"))).toEqual([
      `good Retool 4.0.9-stable and Kubernetes ${plan.cluster.kubernetesVersion} are supported`,
    ]);
    expect(texts(supportFindings(plan, "2026-12-01"))).toEqual([
      expect.stringMatching(/^warning .*Retool 4\.0.* 2026-12-11: .*; plan the upgrade: npx cdktf-retool upgrade/),
    ]);
  });
});

describe("reach", () => {
  const reach = (address: string): string[] => texts(reachFindings(prod, { known: address }));

  test("is judged by the address of this machine", () => {
    expect(reach("203.0.113.10")).toEqual(["good this machine's address 203.0.113.10 may reach the Kubernetes API"]);
    expect(reach("198.51.100.7")).toEqual([
      `problem this machine's address 198.51.100.7 is not in clusterAccess; Terraform makes the cluster and then cannot reach it; add "198.51.100.7/32" to clusterAccess, or deploy from a listed network`,
    ]);
    expect(texts(reachFindings({ ...prod, access: ["192.0.2.0/24"] }, { known: "203.0.113.10" }))).toEqual([
      `warning this machine's address 203.0.113.10 is not in access; sign up right after the deployment: the first user becomes the administrator; add "203.0.113.10/32" to access, or sign up from a listed network at once`,
    ]);
    expect(texts(reachFindings({ ...prod, clusterAccess: "private" }, { unknown: "" }))).toEqual([
      "warning the Kubernetes API has no public address; Terraform must run where the VPC is reached, else every Helm release fails after the cluster was made; deploy from a machine in the VPC or over the VPN",
    ]);
  });
});

test("the exit code is 1 with a problem, 2 with something unknown, else 0", () => {
  const finding = (grade: Finding["grade"]): Finding => ({ check: "x", grade, what: "x" });

  expect(exitCodeOf([finding("good"), finding("warning")])).toBe(0);
  expect(exitCodeOf([finding("unknown"), finding("good")])).toBe(2);
  expect(exitCodeOf([finding("unknown"), finding("problem")])).toBe(1);
});

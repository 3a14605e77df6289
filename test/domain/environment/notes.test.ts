import { generate } from "selfsigned";

import { prod } from "../../support/environments/prod";
import { planEnvironment } from "../../../domain/environment/environment";
import { type EnvironmentNotes, environmentNotes, stepsAfterDeployment } from "../../../domain/environment/notes";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { CERTIFICATE } from "../../support/retool-release";
import { secondInstance } from "../../support/second-instance";

const notes = (spec: Partial<EnvironmentSpec> = {}, today = "2026-11-21"): EnvironmentNotes =>
  environmentNotes(planEnvironment({ ...prod, ...spec }), today);
const steps = (spec: Partial<EnvironmentSpec> = {}): string[] =>
  stepsAfterDeployment(planEnvironment({ ...prod, ...spec }));

const CLOUD = {
  kind: "temporal-cloud",
  namespace: "retool-prod.a1b2c",
  region: "eu-west-1",
  clientCertificate: CERTIFICATE,
  privateKeySecret: "retool/temporal-key",
} as const;

describe("warnings", () => {
  test("tell when the client certificate of Temporal ends", async () => {
    const { cert } = await generate([{ name: "commonName", value: "client" }], {
      keyType: "ec",
      notAfterDate: new Date("2031-02-03T00:00:00Z"),
    });
    const temporal = { ...CLOUD, clientCertificate: cert };

    expect(notes({ temporal }, "2031-01-01").warnings.join()).not.toContain("2031-02-03");
    expect(notes({ temporal }, "2031-01-10").warnings.join()).toContain("retool-prod.a1b2c ends on 2031-02-03");
  });

  test("are, in a fresh environment, what is documented as limited and what may leave besides", () => {
    expect(notes().warnings).toEqual([
      'prod: account "111122223333", domain "retool.example.com", access "203.0.113.0/24", clusterAccess "203.0.113.10/32" are placeholders from an example; write your own before a deployment into an account.',
      "Patches for Retool 4.0 end on 2026-12-11: plan the upgrade to the next stable line now.",
      "Retool-managed Temporal needs Retool's Enterprise plan; without it set temporal to your own (docs/guides/egress.md#temporal).",
      "Until an administrator enrolls in Temporal, neither workflows nor agent sandboxes start.",
      "Any Temporal Cloud host is reachable until temporal.organizationId is set.",
      "Apps cannot install npm packages; set egress.appPackages.",
      "Code in workflows cannot install Python packages; set egress.pythonPackages.",
      "Nobody hears the alarms yet: write addresses into observability.alarms, or subscribe to the topic retool-prod-alarms.",
    ]);
  });

  test.each<[string, Partial<EnvironmentSpec>, string, string]>([
    [
      "nothing leads out of the VPC",
      { network: { nat: "none" } },
      "2026-11-21",
      "Nothing leads out of the VPC until you route 0.0.0.0/0 of the tables retool-prod-private-<zone>: before that no image is pulled from a public registry, and Retool cannot check its license (docs/guides/private-deployment.md#outbound-traffic).",
    ],
    [
      "Retool's support has ended",
      {},
      "2026-12-12",
      "Patches for Retool 4.0 ended on 2026-12-11: upgrade to the next stable line.",
    ],
    [
      "standard support of Kubernetes has ended",
      { cluster: { kubernetesVersion: "1.34" } },
      "2026-12-03",
      "Kubernetes 1.34 had standard support until 2026-12-02: the control plane costs about $365 a month more until it is upgraded; npx cdktf-retool upgrade prod --platform lists the steps to 1.36.",
    ],
    [
      "standard support of the newest version of Kubernetes that is known here has ended",
      { cluster: { kubernetesVersion: "1.36" } },
      "2027-08-03",
      "Kubernetes 1.36 had standard support until 2027-08-02: the control plane costs about $365 a month more until it is upgraded; this package knows no newer version yet: update it first.",
    ],
    [
      "standard support of Kubernetes ends in 90 days",
      { cluster: { kubernetesVersion: "1.35" } },
      "2026-12-27",
      "Kubernetes 1.35 has standard support until 2027-03-27: after that day the control plane costs about $365 a month more; npx cdktf-retool upgrade prod --platform lists the steps to 1.36.",
    ],
    [
      "AWS will upgrade the control plane",
      { cluster: { kubernetesVersion: "1.35", upgradeSupport: "standard" } },
      "2027-03-27",
      'Kubernetes 1.35 has standard support until 2027-03-27, and cluster.upgradeSupport is "standard": after that day Amazon EKS upgrades the control plane automatically; npx cdktf-retool upgrade prod --platform lists the steps to 1.36.',
    ],
    [
      "the image of the nodes is old",
      {},
      "2026-12-03",
      "Nodes run the image of 2026-09-03, which is 91 days old and lacks later security updates: set cluster.nodeReleaseVersion to a newer release of Kubernetes 1.36 (https://github.com/awslabs/amazon-eks-ami/releases).",
    ],
    [
      "the control plane is upgraded by AWS",
      { cluster: { kubernetesVersion: "1.34", upgradeSupport: "standard" } },
      "2026-12-03",
      'Kubernetes 1.34 had standard support until 2026-12-02, and cluster.upgradeSupport is "standard": Amazon EKS upgrades the control plane automatically. After that, set cluster.kubernetesVersion to the new version, or deployments fail.',
    ],
    [
      "all support of Kubernetes has ended",
      { cluster: { kubernetesVersion: "1.33" } },
      "2027-07-30",
      "Kubernetes 1.33 had support until 2027-07-29: Amazon EKS can upgrade it automatically at any time.",
    ],
    [
      "Temporal is far away",
      { temporal: CLOUD },
      "2026-11-21",
      "The Temporal namespace is in eu-west-1 and Retool in us-east-1: the distance slows down each step of a workflow.",
    ],
    [
      "the chart is another one",
      { retool: { chartVersion: "6.13.2" } },
      "2026-11-21",
      "Chart 6.13.2 is not the one this package was tested with (6.11.21); its values may mean something else.",
    ],
  ])("say that %s", (_case, spec, today, warning) => {
    expect(notes(spec, today).warnings).toContain(warning);
  });

  test("say that agent sandboxes wait for the enrollment where Temporal orchestrates the app builder, and nowhere else", () => {
    const waits = (spec: Parameters<typeof notes>[0]): boolean =>
      notes(spec).warnings.join().includes("neither workflows nor agent sandboxes start");

    expect(waits({})).toBe(true);
    expect(waits({ retoolVersion: "4.86.0-stable" })).toBe(false);
    expect(waits({ retoolVersion: "4.86.0-stable", retool: { appOrchestration: "temporal" } })).toBe(true);
    expect(waits({ temporal: CLOUD })).toBe(false);
  });

  test.each<[string, Partial<EnvironmentSpec>, RegExp]>([
    [
      "logs are off",
      { observability: { logs: { kind: "off" } } },
      /^Pod logs, audit events included, are lost with the pod\.$/,
    ],
    [
      "the Kubernetes API is not audited",
      { cluster: { logTypes: ["api"] } },
      /^Requests .* not audited; add "audit" to cluster\.logTypes/,
    ],
    ["backups are short", { database: { backupRetentionDays: 1 } }, /go back 1 day; set database\.backupRetentionDays/],
    ["a destroy deletes data", { name: "trial", dataProtection: "disposable" }, /^dataProtection is "disposable"/],
  ])("say that %s, and nothing of it by default", (_case, spec, warning) => {
    expect(notes(spec).warnings).toContainEqual(expect.stringMatching(warning));
    expect(notes().warnings).not.toContainEqual(expect.stringMatching(warning));
  });

  test("say of lost logs nothing where they are sent elsewhere, and whom to ask in an existing cluster", () => {
    const telemetryTarget = { kind: "datadog", apiKeySecret: "retool/datadog-key" } as const;
    const second = secondInstance(prod);
    const ofLogs = (spec: Partial<EnvironmentSpec>): string[] =>
      notes(spec).warnings.filter((warning) => /\blogs\b/.test(warning));

    expect(ofLogs({ observability: { logs: { kind: "off" } }, retool: { telemetryTarget } })).toEqual([]);
    expect(ofLogs(second)).toEqual([
      "This package collects no logs in an existing cluster; check that its owner does.",
    ]);
    expect(ofLogs({ ...second, retool: { telemetryTarget } })).toEqual([]);
  });

  test("say what spot nodes mean", () => {
    expect(notes({ sandbox: { purchaseOption: "spot" } }).warnings.join()).toContain("two minutes' notice");
  });

  test("begin 90 days before the end of standard support, and change after its last day", () => {
    const on = (today: string): string => notes({ cluster: { kubernetesVersion: "1.35" } }, today).warnings.join();

    expect(on("2026-12-26")).not.toContain("standard support");
    expect(on("2026-12-27")).toContain("has standard support until 2027-03-27");
    expect(on("2027-03-27")).toContain("has standard support until 2027-03-27");
    expect(on("2027-03-28")).toContain("had standard support until 2027-03-27");
    expect(on("2028-03-27")).toContain("had standard support until 2027-03-27");
    expect(on("2028-03-28")).toContain("had support until 2028-03-27");
  });

  test("say that the firewall's protection comes off before zones change, where it is on", () => {
    const says = (egress: EnvironmentSpec["egress"]): boolean =>
      notes({ egress }).warnings.some((warning) =>
        /before network\.zones .* deploy egress\.changeProtection: false/.test(warning),
      );

    expect(says({ level: "firewall" })).toBe(true);
    expect(says({ level: "firewall", changeProtection: false })).toBe(false);
    expect(says({ level: "dns" })).toBe(false);
  });

  test("say nothing about an image of 90 days", () => {
    expect(notes({}, "2026-12-02").warnings.join()).not.toContain("image of");
  });
});

test("deviations name what the documents say, what is done here, and why", () => {
  expect(notes().deviations.map(({ subject }) => subject)).toEqual(
    expect.arrayContaining([
      "CPU limit of the sandbox controller",
      "Pods of the sandbox proxy",
      "Containers that may connect to Temporal",
    ]),
  );
});

describe("steps after the deployment", () => {
  test("are the first sign-up, enrolment with Temporal, and a copy of the encryption key", () => {
    expect(steps()).toEqual([
      "Sign up at https://retool.example.com first, as its administrator.",
      "Sign in to https://retool.example.com as an administrator, open Retool Workflows and click Enroll now: Retool creates a namespace on Temporal Cloud, which takes a few minutes.",
      "Return to Retool Workflows and click Complete setup. Retool then rotates its certificates automatically.",
      "Keep a copy of the secret retool/prod/encryption-key outside the account 111122223333: without it stored credentials cannot be read.",
    ]);
  });

  test("are records too, where the zone is elsewhere", () => {
    const dns = {
      kind: "none",
      certificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/5c1d3f0e-0000-4000-8000-000000000000",
    } as const;

    expect(steps({ dns })[0]).toMatch(/^Create the records retool\.example\.com, .*, pointing to the load balancer\.$/);
  });

  test("are a license too, where there is none", () => {
    expect(steps({ license: "none" })).toContain("Give Retool its license key: set license to the name of its secret.");
    expect(steps().join()).not.toContain("license key");
  });

  test("are what the kind of Temporal asks for", () => {
    expect(steps({ temporal: CLOUD }).join()).toContain("Replace the client certificate");
    expect(steps({ temporal: CLOUD }).join()).not.toContain("Enroll now");
  });
});

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { checkEnvironment, planEnvironment } from "../../../domain/environment/environment";
import { environmentNotes } from "../../../domain/environment/notes";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { withRunbook } from "../../../domain/observability/alarm";
import { topicViolations } from "../../../domain/observability/observability";
import { formatViolation } from "../../../domain/common/violation";
import { prod } from "../../support/environments/prod";
import { ROOT } from "../../support/run";

const RUNBOOKS = join(ROOT, "docs", "runbooks");
const plan = planEnvironment(prod);
const { alarms, logs } = plan.observability;
const planned = (observability: unknown): ReturnType<typeof planEnvironment> =>
  planEnvironment({ ...prod, observability: observability as EnvironmentSpec["observability"] });
const problems = (spec: object): string[] => checkEnvironment({ ...prod, ...spec }).violations.map(formatViolation);

/** Ends on 2030-03-02; its key was never kept. */
const CLIENT_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBaTCCARCgAwIBAgIJKdMia8m9XvtkMAkGByqGSM49BAEwETEPMA0GA1UEAxMG
Y2xpZW50MB4XDTI2MTEzMDAzMTU0M1oXDTMwMDMwMjEyMDAwMFowETEPMA0GA1UE
AxMGY2xpZW50MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8lhsnwk5cV+tq6sN
wibLJoVNCjUGU3Yyl/8nboFrUS9oxQxpQySeofi/KB2BvjPw8oyyKAcHjgqoUOxd
G/HmtaNSMFAwDAYDVR0TAQH/BAIwADAOBgNVHQ8BAf8EBAMCBaAwHQYDVR0lBBYw
FAYIKwYBBQUHAwEGCCsGAQUFBwMCMBEGA1UdEQQKMAiCBmNsaWVudDAJBgcqhkjO
PQQBA0gAMEUCIQCl0eazYGHcPN3+FkU6Fur0eRET5+8hrE+LR5AaROhxZQIgRff+
lSL7mmFuaJNVdoTRmWWIBXwOCSK5KpkIMMCy9ZM=
-----END CERTIFICATE-----
`;

/** An environment in which everything has an end: a license with a date, and a certificate for Temporal Cloud. */
const everyReminder = planEnvironment({
  ...prod,
  observability: { licenseEnds: "2027-06-30" },
  temporal: {
    kind: "temporal-cloud",
    namespace: "retool-prod.a1b2c",
    region: "us-east-1",
    clientCertificate: CLIENT_CERTIFICATE,
    privateKeySecret: "retool/temporal-key",
  },
}).observability;

describe("reminders", () => {
  const scheduleOf = ({ alarms }: typeof everyReminder): Record<string, string> =>
    Object.fromEntries((alarms?.reminders ?? []).map(({ name, schedule }) => [name, schedule]));

  test("come 60 and 14 days before each end that the configuration knows", () => {
    // Retool 4.0 came on 2026-06-11 and has patches for six months; the fixture's Kubernetes is 1.36.
    expect(scheduleOf(everyReminder)).toEqual({
      "license-60-days": "cron(0 8 1 5 ? 2027-2199)",
      "license-14-days": "cron(0 8 16 6 ? 2027-2199)",
      "retool-support-60-days": "cron(0 8 12 10 ? 2026-2199)",
      "retool-support-14-days": "cron(0 8 27 11 ? 2026-2199)",
      "kubernetes-standard-60-days": "cron(0 8 3 6 ? 2027-2199)",
      "kubernetes-standard-14-days": "cron(0 8 19 7 ? 2027-2199)",
      "kubernetes-extended-60-days": "cron(0 8 3 6 ? 2028-2199)",
      "kubernetes-extended-14-days": "cron(0 8 19 7 ? 2028-2199)",
      "temporal-certificate-60-days": "cron(0 8 1 1 ? 2030-2199)",
      "temporal-certificate-14-days": "cron(0 8 16 2 ? 2030-2199)",
    });
  });

  test("are left out for what has no known end, or belongs to other people", () => {
    const names = (plan: ReturnType<typeof planEnvironment>): string[] => Object.keys(scheduleOf(plan.observability));

    expect(names(plan).filter((name) => /license|temporal/.test(name))).toEqual([]);
    expect(names(planEnvironment({ ...prod, cluster: { upgradeSupport: "standard" } })).join()).not.toContain(
      "extended",
    );
  });

  test.each(["9999-12-31", "0999-06-30"])(
    "are left out for an end on %s, which no schedule can name",
    (licenseEnds) => {
      const { observability } = planEnvironment({ ...prod, observability: { licenseEnds } });

      expect(Object.keys(scheduleOf(observability)).filter((name) => name.startsWith("license"))).toEqual([]);
    },
  );

  test("say of a line without a published date that it ends on that day or after it", () => {
    const says = (retoolVersion: string): string | undefined =>
      planEnvironment({ ...prod, retoolVersion }).observability.alarms?.reminders[0]?.says;

    expect(says("4.34.1-stable")).toMatch(/^Retool's support of 4\.34 ends on or after 2027-01-23; /);
    expect(says("4.0.9-stable")).toMatch(/^Retool's support of 4\.0 ends on 2026-12-11; /);
  });

  test("say what ends, when, and where to read on", () => {
    const [first] = everyReminder.alarms?.reminders ?? [];

    expect(first && withRunbook(first)).toBe(
      "The license key of Retool ends on 2027-06-30; this is sent 60 days before, and each year until the configuration has a later day. Runbook: docs/runbooks/license.md of cdktf-retool",
    );
  });
});

describe("events", () => {
  test("of AWS's own announcements, about this cluster and its databases only", () => {
    expect(alarms?.events.find(({ name }) => name === "announced-change")?.detail).toEqual({
      service: ["EKS", "RDS"],
      eventTypeCategory: ["scheduledChange"],
      affectedEntities: { entityValue: ["retool-prod", { wildcard: "*/retool-prod" }, { wildcard: "*:retool-prod" }] },
    });
  });

  test("of copies that do not reach the second region, where there is one", () => {
    const events = (spec: object): string[] =>
      planEnvironment({ ...prod, ...spec }).observability.alarms?.events.map(({ name }) => name) ?? [];

    expect(events({ backup: {} })).not.toContain("backup-copy-failed");
    expect(events({ backup: { copyTo: { region: "us-west-2" } } })).toContain("backup-copy-failed");
  });
});

describe("the runbook of each alarm and event", () => {
  const all = [...(alarms?.alarms ?? []), ...(alarms?.events ?? []), ...(everyReminder.alarms?.reminders ?? [])];

  test.each(all.map(({ name, runbook }) => [name, runbook]))("%s is docs/runbooks/%s.md", (_, runbook) => {
    const file = join(RUNBOOKS, `${runbook}.md`);
    const sections = existsSync(file) ? readFileSync(file, "utf8").split(/^## /m).slice(1) : [];

    expect(sections.map((section) => section.split("\n")[0])).toEqual([
      "What users see",
      "What to look at",
      "What to do",
      "When to call Retool",
    ]);
    expect(sections.filter((section) => section.split("\n").slice(1).join("").trim().length < 10)).toEqual([]);
  });

  test("is named in its description, which CloudWatch takes", () => {
    const texts = all.map(withRunbook);

    expect(texts[0]).toMatch(/\. Runbook: docs\/runbooks\/load-balancer-errors\.md of cdktf-retool$/);
    // Alarms take 1,024 characters, rules of EventBridge 512.
    expect(texts.filter((text) => text.length > 512)).toEqual([]);
  });

  test("leaves no page to which nothing leads", () => {
    const behindFirewall =
      planEnvironment({ ...prod, egress: { level: "firewall" } }).observability.alarms?.alarms ?? [];
    const named = new Set([...all, ...behindFirewall].map(({ runbook }) => runbook));

    expect(readdirSync(RUNBOOKS).filter((file) => !named.has(file.replace(/\.md$/, "")))).toEqual([]);
  });
});

describe("thresholds follow the plan", () => {
  const threshold = (name: string, { observability } = plan): number | undefined =>
    observability.alarms?.alarms.find((alarm) => alarm.name === name)?.threshold;

  test("of connections, the budget; of storage and memory, the instance", () => {
    if (plan.database.kind !== "new") throw new Error("prod makes its database");

    expect(threshold("database-connections")).toBe(plan.database.connections);
    // 5 % of 100 GiB, which RDS grows at 10 %; db.m7g.large has 8 GiB of memory.
    expect(threshold("database-storage")).toBe(5 * 1024 ** 3);
    expect(alarms?.alarms.find(({ name }) => name === "database-storage")?.says).toContain("initial 100 GiB");
    expect(threshold("database-memory")).toBe(Math.round(0.05 * 8 * 1024 ** 3));
  });

  test("of sandboxes, nine in ten of those that may exist, the pods of Retool, and three of DaemonSets on each node", () => {
    // 45 of 50 sandboxes on seven nodes of seven, whose last has room for the placeholder; 14 pods of Retool.
    expect([plan.capacity.maxTotalJobs, plan.capacity.maxDevices]).toEqual([50, 7]);
    expect(threshold("sandboxes-near-limit")).toBe(14 + 45 + 3 * 7);
    // All 50 take an eighth node.
    const { limit } = plan.observability.dashboard!.graphs.find(({ title }) => title.startsWith("Pods of Retool"))!;
    expect(limit?.value).toBe(14 + 50 + 3 * 8);

    const withoutDevices = planEnvironment({ ...prod, sandbox: { devicePlugin: false } });
    expect(threshold("sandboxes-near-limit", withoutDevices)).toBe(14 + 45 + 2 * 7);
  });
});

test("one refusal of the license's host is an alarm, one of another name is not", () => {
  const thresholds = alarms?.alarms
    .filter(({ runbook }) => runbook === "refused-names")
    .map(({ name, threshold }) => [name, threshold]);

  expect(Object.fromEntries(thresholds ?? [])).toEqual({ "refused-names": 50, "refused-license": 0 });
});

describe("what a team may leave out", () => {
  test("alarms, logs and dashboard, each by itself", () => {
    expect(planned({ alarms: { kind: "off" } }).observability.alarms).toBeUndefined();
    expect(planned({ dashboard: false }).observability.dashboard).toBeUndefined();

    const quiet = planned({ logs: { kind: "off" } }).observability;
    expect(quiet.logs).toBeUndefined();
    // Nobody measures pods then.
    expect(quiet.alarms?.alarms.map(({ metric }) => metric.namespace)).not.toContain("ContainerInsights");
    expect(JSON.stringify(quiet.dashboard)).not.toContain("ContainerInsights");
  });

  test("audit events of their own where Retool logs none", () => {
    const names = (spec: Partial<EnvironmentSpec>): string[] =>
      planEnvironment({ ...prod, ...spec }).observability.logs?.groups.map(({ name }) => name) ?? [];

    expect(names({})).toContain("audit");
    expect(names({ retool: { auditEvents: "database" } })).not.toContain("audit");
    expect(logs?.groups.find(({ name }) => name === "audit")?.retentionDays).toBe(365);
  });

  test("a bucket of audit events, which nobody gets who does not ask", () => {
    const kept = planned({ logs: { kind: "cloudwatch", auditBucketDays: 2555 } });
    const { auditBucket, addon } = kept.observability.logs!;

    expect(logs?.auditBucket).toBeUndefined();
    expect(JSON.stringify(logs?.addon.configuration)).not.toContain("Name s3");
    expect(auditBucket).toEqual({
      bucketName: "retool-prod-audit-111122223333-us-east-1",
      retentionDays: 2555,
      account: "111122223333",
      region: "us-east-1",
      emptyOnDestroy: false,
      preventDestroy: true,
    });
    expect(JSON.stringify(addon.configuration)).toMatch(
      /\[OUTPUT\]\\n {4}Name s3\\n {4}Match audit\.\*\\n.*bucket retool-prod-audit-111122223333-us-east-1\\n/,
    );
    expect(JSON.stringify(kept.s3Endpoint)).toContain("arn:aws:s3:::retool-prod-audit-111122223333-us-east-1/*");
  });

  test("and is told who hears of alarms", () => {
    const warnings = (environment: typeof plan): string[] =>
      environmentNotes(environment, "2026-11-29").warnings.filter((text) => text.includes("alarm"));

    expect(warnings(plan)).toEqual([
      "Nobody hears the alarms yet: write addresses into observability.alarms, or subscribe to the topic retool-prod-alarms.",
    ]);
    expect(warnings(planned({ alarms: { kind: "off" } }))).toEqual([
      "There are no alarms: nobody is told when Retool fails.",
    ]);
    expect(warnings(planned({ alarms: { kind: "mail", addresses: ["operators@example.com"] } }))).toEqual([]);
  });
});

test("a bucket for audit events that Retool does not log is refused", () => {
  const logs = { kind: "cloudwatch", auditBucketDays: 365 };

  expect(problems({ observability: { logs }, retool: { auditEvents: "database" } })).toEqual([
    'observability.logs.auditBucketDays: Retool writes no audit events into its logs, so none reach the bucket; set retool.auditEvents to "stdout", or remove auditBucketDays',
  ]);
});

test.each<[object, string]>([
  [
    { alarms: { kind: "topic", topicArn: "operators" } },
    'observability.alarms.topicArn: "operators" is not the ARN of an SNS topic; use one such as "arn:aws:sns:us-east-1:111122223333:operators"; a FIFO topic takes no alarms',
  ],
  [
    { alarms: { kind: "topic", topicArn: "arn:aws:sns:eu-west-1:111122223333:operators" } },
    'observability.alarms.topicArn: the topic is in eu-west-1, where an alarm of us-east-1 does not reach it; use one such as "arn:aws:sns:us-east-1:111122223333:operators"',
  ],
  [
    { alarms: { kind: "mail", addresses: ["operators"] } },
    'observability.alarms.addresses[0]: "operators" is not a mail address; use one such as "operators@example.com"',
  ],
  [{ licenseEnds: "2027-02-30" }, 'observability.licenseEnds: "2027-02-30" is not a day; use one such as "2027-06-30"'],
  [
    { logs: { kind: "cloudwatch", retentionDays: 31 } },
    "observability.logs.retentionDays: CloudWatch Logs cannot keep logs for 31 days; use one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
  ],
])("%j is refused", (observability, expected) => {
  expect(problems({ observability })).toEqual([expected]);
});

test("a topic of another region in GovCloud is refused with an ARN of GovCloud", () => {
  const context = { ...plan.context, region: "us-gov-west-1" };
  const alarms = { kind: "topic", topicArn: "arn:aws-us-gov:sns:us-gov-east-1:111122223333:operators" } as const;

  expect(topicViolations(alarms, context, "topicArn").map(({ remedy }) => remedy)).toEqual([
    'use one such as "arn:aws-us-gov:sns:us-gov-west-1:111122223333:operators"',
  ]);
});

describe("the agents on the nodes", () => {
  test("reach CloudWatch Logs at the default level, and only where they are", () => {
    const hosts = ({ dnsFirewall }: typeof plan): readonly string[] => dnsFirewall?.allowed ?? [];

    expect(hosts(plan)).toContain("logs.us-east-1.amazonaws.com");
    expect(hosts(planned({ logs: { kind: "off" } }))).not.toContain("logs.us-east-1.amazonaws.com");
  });

  test("pull their images from S3, where Retool's files are elsewhere too", () => {
    const blobStorage = { kind: "gcs", bucket: "retool", credentials: "retool/gcs-key" } as const;

    expect(planEnvironment({ ...prod, blobStorage }).dnsFirewall?.allowed).toContain("*.s3.us-east-1.amazonaws.com");
  });

  test("make no log group, and put audit events into their own", () => {
    const text = JSON.stringify(logs?.addon.configuration);

    expect(text.match(/auto_create_group \w+/g)).toEqual(Array(4).fill("auto_create_group false"));
    expect(text).toContain("Name rewrite_tag");
    expect(
      JSON.stringify(planEnvironment({ ...prod, retool: { auditEvents: "database" } }).observability.logs),
    ).not.toContain("rewrite_tag");
  });

  test("run at the version that the configuration asks for", () => {
    const versions = { "amazon-cloudwatch-observability": "v5.0.0-eksbuild.1" };

    expect(logs?.addon.version).toBeUndefined();
    expect(planEnvironment({ ...prod, cluster: { addonVersions: versions } }).observability.logs?.addon.version).toBe(
      "v5.0.0-eksbuild.1",
    );
  });
});

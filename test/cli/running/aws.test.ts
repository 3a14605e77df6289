import { alarmsOf, clusterOf, copiesOf, databaseOf, entranceOf, receiversOf } from "../../../cli/running/aws";
import { planRouting } from "../../../domain/front-door/routing";
import { DENIED } from "../../support/findings";
import { recordedAws, type RecordedAnswers, refusal } from "../../support/recorded-aws";

const NOW = new Date("2026-11-29T12:00:00Z");

describe("the cluster", () => {
  const ask = (answer: object | string) => clusterOf(recordedAws({ "eks describe-cluster": answer }), "retool-prod");

  test("is read", async () => {
    await expect(ask({ cluster: { status: "ACTIVE", version: "1.34" } })).resolves.toEqual({
      known: { status: "ACTIVE", version: "1.34" },
    });
  });

  test("is not there, or may not be read", async () => {
    await expect(ask(refusal("ResourceNotFoundException", "DescribeCluster"))).resolves.toEqual({
      known: { status: undefined, version: undefined },
    });
    await expect(ask(DENIED)).resolves.toEqual({ unknown: DENIED });
  });
});

describe("a database", () => {
  const good: RecordedAnswers = {
    // Version 1 of the CLI writes moments as seconds, version 2 as text.
    "rds describe-db-instances": {
      DBInstances: [{ DBInstanceStatus: "available", LatestRestorableTime: "2026-11-29T11:55:00+00:00" }],
    },
    "rds describe-db-snapshots": {
      DBSnapshots: [
        { SnapshotCreateTime: 1795921200.5 },
        { SnapshotCreateTime: "2026-11-28T03:00:00+00:00" },
        { Status: "creating" },
      ],
    },
    "cloudwatch get-metric-statistics": { Datapoints: [{ Maximum: 41 }, { Maximum: 43 }, { Maximum: 12 }] },
  };
  const ask = (change: RecordedAnswers, asked?: string[]) =>
    databaseOf(recordedAws({ ...good, ...change }, asked), "retool-prod", NOW);

  test("is read, with the most connections of the last hour", async () => {
    const asked: string[] = [];

    await expect(ask({}, asked)).resolves.toEqual({
      known: {
        status: "available",
        connections: { known: 43 },
        restorableTo: "2026-11-29T11:55:00.000Z",
        lastSnapshot: { known: "2026-11-29T03:00:00.500Z" },
      },
    });
    expect(asked.join("\n")).toContain(
      "--dimensions Name=DBInstanceIdentifier,Value=retool-prod --statistics Maximum --period 300 --start-time 2026-11-29T11:00:00.000Z --end-time 2026-11-29T12:00:00.000Z",
    );
  });

  test("has no measurement and no snapshot yet", async () => {
    const young = {
      "cloudwatch get-metric-statistics": { Datapoints: [] },
      "rds describe-db-snapshots": { DBSnapshots: [] },
    };

    await expect(ask(young)).resolves.toMatchObject({
      known: { connections: { known: undefined }, lastSnapshot: { known: undefined } },
    });
  });

  test("is not there, or one of the questions is refused", async () => {
    const absent = { "rds describe-db-instances": refusal("DBInstanceNotFound", "DescribeDBInstances") };

    await expect(ask(absent)).resolves.toMatchObject({ known: { status: undefined } });
    await expect(ask({ "cloudwatch get-metric-statistics": DENIED })).resolves.toMatchObject({
      known: { status: "available", connections: { unknown: DENIED } },
    });
    await expect(ask({ "rds describe-db-snapshots": DENIED })).resolves.toMatchObject({
      known: { status: "available", lastSnapshot: { unknown: DENIED } },
    });
  });
});

describe("the load balancer", () => {
  const { targets } = planRouting({
    appHost: "retool.example.com",
    sandboxProxyHost: "agent-proxy.retool.example.com",
  } as Parameters<typeof planRouting>[0]);
  const health = (State: string, more: object = {}): object => ({ TargetHealth: { State, ...more } });
  const good: RecordedAnswers = {
    "elbv2 describe-load-balancers": { LoadBalancers: [{ LoadBalancerArn: "arn:lb" }] },
    "elbv2 describe-target-groups": {
      TargetGroups: [{ TargetGroupArn: "arn:tg", TargetGroupName: "sbxprx20261129000000000001" }],
    },
    "elbv2 describe-target-health": { TargetHealthDescriptions: [health("healthy"), health("draining")] },
    "elbv2 describe-listeners": {
      Listeners: [{ Port: 80 }, { Port: 443, Certificates: [{ CertificateArn: "arn:certificate" }] }],
    },
    "acm describe-certificate": { Certificate: { Status: "ISSUED", NotAfter: 1824000000 } },
  };
  const ask = (change: RecordedAnswers) => entranceOf(recordedAws({ ...good, ...change }), "retool-prod", targets);

  test("is read with its targets by their short names, those that leave left out", async () => {
    await expect(ask({})).resolves.toEqual({
      known: {
        exists: true,
        targets: [{ name: "sandbox-proxy", healthy: 1, registered: 1, reasons: [] }],
        certificate: { known: { status: "ISSUED", notAfter: "2027-10-20", renewalFailure: undefined } },
      },
    });
  });

  test("says why targets are not healthy, each reason once", async () => {
    const slow = health("unhealthy", { Reason: "Target.Timeout", Description: "Request timed out" });

    await expect(
      ask({ "elbv2 describe-target-health": { TargetHealthDescriptions: [slow, slow, health("initial")] } }),
    ).resolves.toMatchObject({
      known: { targets: [{ healthy: 0, registered: 3, reasons: ["Request timed out", "initial"] }] },
    });
  });

  test("shows a certificate that is not renewed, or none", async () => {
    const RenewalSummary = { RenewalStatus: "FAILED", RenewalStatusReason: "CAA_ERROR" };

    await expect(
      ask({ "acm describe-certificate": { Certificate: { Status: "ISSUED", RenewalSummary } } }),
    ).resolves.toMatchObject({ known: { certificate: { known: { renewalFailure: "CAA_ERROR" } } } });
    await expect(ask({ "elbv2 describe-listeners": { Listeners: [] } })).resolves.toMatchObject({
      known: { certificate: { known: undefined } },
    });
  });

  test("is not there, or one of the questions is refused", async () => {
    await expect(
      ask({ "elbv2 describe-load-balancers": refusal("LoadBalancerNotFound", "DescribeLoadBalancers") }),
    ).resolves.toEqual({ known: { exists: false, targets: [], certificate: { known: undefined } } });
    for (const question of Object.keys(good).slice(0, 3))
      await expect(ask({ [question]: DENIED })).resolves.toEqual({ unknown: DENIED });
    for (const question of Object.keys(good).slice(3))
      await expect(ask({ [question]: DENIED })).resolves.toMatchObject({
        known: { exists: true, certificate: { unknown: DENIED } },
      });
  });
});

describe("daily copies", () => {
  const good: RecordedAnswers = {
    "backup list-recovery-points-by-backup-vault": {
      RecoveryPoints: [
        { CreationDate: "2026-11-28T02:10:00Z", Status: "COMPLETED" },
        { CreationDate: "2026-11-29T02:10:00Z", Status: "PARTIAL" },
      ],
    },
    "backup list-backup-jobs": { BackupJobs: [] },
  };
  const ask = (change: RecordedAnswers) => copiesOf(recordedAws({ ...good, ...change }), "vault", NOW);

  test("are read, complete ones only", async () => {
    await expect(ask({})).resolves.toEqual({ known: { last: "2026-11-28T02:10:00.000Z", failures: { known: [] } } });
  });

  test("have failed, have no vault, or may not be read", async () => {
    const BackupJobs = [{ ResourceType: "RDS", StatusMessage: "Access denied" }];

    await expect(ask({ "backup list-backup-jobs": { BackupJobs } })).resolves.toMatchObject({
      known: { failures: { known: ["RDS Access denied"] } },
    });
    await expect(
      ask({ "backup list-recovery-points-by-backup-vault": refusal("ResourceNotFoundException", "List") }),
    ).resolves.toEqual({ known: { last: undefined, failures: { known: [] } } });
    await expect(ask({ "backup list-backup-jobs": DENIED })).resolves.toMatchObject({
      known: { last: "2026-11-28T02:10:00.000Z", failures: { unknown: DENIED } },
    });
  });
});

describe("alarms", () => {
  const ask = (answer: object | string) =>
    alarmsOf(recordedAws({ "cloudwatch describe-alarms": answer }), "retool-prod");

  test("are read by their names", async () => {
    const since = "2026-11-29T02:13:00.000Z";
    const AlarmName = "retool-prod-latency";
    const updated = "2026-11-29T08:00:00.000Z";
    const MetricAlarms = [
      { AlarmName, StateValue: "ALARM", StateTransitionedTimestamp: since, StateUpdatedTimestamp: updated },
      { AlarmName, StateValue: "INSUFFICIENT_DATA", StateUpdatedTimestamp: updated, ActionsEnabled: false },
      { AlarmName, StateValue: "OK" },
    ];

    await expect(ask({ MetricAlarms })).resolves.toEqual({
      known: [
        { name: AlarmName, isOn: true, since, tells: true },
        { name: AlarmName, isOn: false, since: updated, tells: false },
        { name: AlarmName, isOn: false, since: undefined, tells: true },
      ],
    });
    await expect(ask({ MetricAlarms: [] })).resolves.toEqual({ known: [] });
  });

  test("may not be read", async () => {
    await expect(ask(DENIED)).resolves.toEqual({ unknown: DENIED });
  });
});

test("the subscribers of the topic are read with whether they have confirmed", async () => {
  const list = (answer: RecordedAnswers[string]) =>
    receiversOf(recordedAws({ "sns list-subscriptions-by-topic": answer }), "arn");
  const email = { Protocol: "email", TopicArn: "arn" };

  await expect(
    list({
      Subscriptions: [
        { ...email, Endpoint: "ana@example.com", SubscriptionArn: "PendingConfirmation" },
        { ...email, Endpoint: "ben@example.com", SubscriptionArn: "arn:aws:sns:us-east-1:111122223333:alarms:1" },
        { Protocol: "sqs", Endpoint: "arn:aws:sqs:us-east-1:111122223333:pager", SubscriptionArn: "arn:1" },
      ],
    }),
  ).resolves.toEqual({
    known: [
      { address: "ana@example.com", hasConfirmed: false },
      { address: "ben@example.com", hasConfirmed: true },
    ],
  });
  await expect(list(refusal("NotFound", "ListSubscriptionsByTopic", "Topic does not exist"))).resolves.toEqual({
    known: [],
  });
});

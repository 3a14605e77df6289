import { readFileSync } from "node:fs";
import { join } from "node:path";

import { prod } from "../../support/environments/prod";
import { CERTIFICATE } from "../../support/retool-release";
import { costOf, type CostPlan } from "../../../domain/cost/cost";
import { leversOf } from "../../../domain/cost/levers";
import { monthlyMean } from "../../../domain/cost/working-day";
import { instancePrice } from "../../../domain/cost/instance-prices";
import { listPrices, type PriceBook } from "../../../domain/cost/prices";
import { FAMILIES } from "../../../domain/capacity/instance-types";
import { planEnvironment } from "../../../domain/environment/environment";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { run } from "../../../scripts/bench-capacity-run";

const home = listPrices("us-east-1");
const SPEC: EnvironmentSpec = { ...prod, egress: { level: "dns" } };
const GOVCLOUD = {
  region: "us-gov-west-1",
  dns: {
    kind: "none",
    certificateArn: "arn:aws-us-gov:acm:us-gov-west-1:111122223333:certificate/12345678-1234-1234-1234-123456789012",
  },
} as const;
const costs = (spec: Partial<EnvironmentSpec> = {}, book: PriceBook = home): CostPlan =>
  costOf(planEnvironment({ ...SPEC, ...spec }), book);
const line = (plan: CostPlan, start: RegExp): number | undefined =>
  plan.lines.find(({ what }) => start.test(what))?.atRest;

describe("costOf", () => {
  const plan = costs();

  test.each([
    [/^EKS control plane/, 0.1 * 730],
    [/^platform database db\.m7g\.large/, 2 * 0.168 * 730 + 2 * 100 * 0.115],
    [/^2 system nodes m6i\.large/, 2 * (0.096 * 730 + 50 * 0.08)],
    [/^NAT gateways, 3/, 3 * (0.045 + 0.005) * 730],
    [/^interface endpoints, 1 x 3/, 3 * 0.01 * 730],
    [/^load balancer/, (0.0225 + 0.008 + 3 * 0.005) * 730],
    [/^4 KMS keys, 4 secrets/, 4 + 4 * 0.4],
    [/^daily copies, 35 days: databases 100 GiB, bucket 50 GB$/, 1.35 * (100 * 0.095 + 50 * 0.05)],
    [/^logs, 20 GB kept 90 days$/, 20 * 0.5 + 20 * 3 * 0.03],
    [/^29 alarms/, 29 * 0.1],
    [/^dashboard/, 3],
    [/^logs of pods and nodes, 15 GB kept 30 days/, 15 * 0.5 + 15 * 0.03],
  ])("computes %s from quantities and list prices", (start, usd) => {
    expect(line(plan, start)).toBeCloseTo(usd, 6);
  });

  test("counts Temporal Cloud's endpoint in each zone", () => {
    const temporal = {
      kind: "temporal-cloud",
      namespace: "retool-prod.a1b2c",
      region: "us-east-1",
      clientCertificate: CERTIFICATE,
      privateKeySecret: "retool/temporal-key",
    } as const;

    expect(
      line(costs({ temporal: { ...temporal, privateLink: {} } }), /^endpoint of Temporal Cloud, 3 zones/),
    ).toBeCloseTo(3 * 0.01 * 730 + 0.5, 6);
    expect(line(costs({ temporal }), /^endpoint of Temporal Cloud/)).toBeUndefined();
  });

  test("takes the cheapest type of a pool, as Karpenter does", () => {
    expect(plan.lines.map(({ what }) => what)).toContainEqual(expect.stringMatching(/Retool nodes m6a\.2xlarge/));
  });

  test.each<[Partial<EnvironmentSpec>, string]>([
    [{}, "8"],
    [{ nodePools: { isolateCodeExecution: true } }, "8"],
    [{ builders: 1000 }, "17"],
  ])("of %j takes Retool's own nodes as the table has them", (spec, rollout) => {
    const { lines, assumptions } = costs(spec);
    const own = lines.flatMap(({ what }) => /^(\d+) (Retool|code execution) nodes/.exec(what)?.[1] ?? []);

    expect(assumptions[0]).toBe(
      `Retool's own nodes: ${own.reduce((sum, count) => sum + Number(count), 0)}, at rest and on working days; ` +
        `a rollout of all containers needs up to ${rollout}, for too short a time to count`,
    );
  });

  describe("in a region that does not offer every type", () => {
    const govcloud = costs(GOVCLOUD, listPrices(GOVCLOUD.region));
    const nodes = govcloud.lines.filter(({ part }) => part === "nodes");

    test("takes the cheapest that is offered there, at the price of the region", () => {
      expect(nodes.map(({ what }) => what)).toEqual([
        expect.stringMatching(/^3 Retool nodes m6i\.2xlarge/),
        expect.stringMatching(/sandbox nodes m6i\.2xlarge/),
        expect.stringMatching(/system nodes m6i\.large/),
      ]);
      for (const { prices } of nodes)
        for (const [key, { region }] of Object.entries(prices))
          expect([key, region]).toEqual([key, key.startsWith("ec2:") ? "us-gov-west-1" : "us-east-1"]);
    });

    test("names those that are not", () => {
      expect(govcloud.notOffered).toEqual(["m7a.2xlarge", "m6a.2xlarge"]);
      expect(plan.notOffered).toEqual([]);
    });

    test("takes prices of us-east-1 where none of a pool's types is offered, and says so", () => {
      const none = costs({ ...GOVCLOUD, nodePools: { instanceFamilies: ["m7a"] } }, listPrices(GOVCLOUD.region));

      expect(none.prices["ec2:m7a.2xlarge"]?.region).toBe("us-east-1");
      expect(none.notOffered).toContain("m7a.2xlarge");
      expect(none.estimated).toBe(true);
    });

    test("names none where a region's prices are not known", () => {
      expect(costs({ region: "eu-central-1" }, listPrices("eu-central-1")).notOffered).toEqual([]);
    });
  });

  test("counts no keys that the organization gives", () => {
    const key = "arn:aws:kms:us-east-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const given = costs({ encryptionKeys: { data: key, logs: key, cluster: key } });

    expect(line(given, /^1 KMS key, 4 secrets$/)).toBeCloseTo(1 + 4 * 0.4, 6);
  });

  test("counts copies, a key and the secrets in a second region, and the way there", () => {
    const copied = costs({ backup: { copyTo: { region: "us-west-2", retentionDays: 10 } } });
    const days = 730 / 24;

    expect(line(copied, /^copies in us-west-2 with transfer, 10 days: databases 100 GiB, bucket 50 GB$/)).toBeCloseTo(
      1.1 * (100 * 0.095 + 50 * 0.05) + 0.01 * days * 150 * 0.02,
      6,
    );
    expect(line(copied, /^1 KMS key, 4 secrets in us-west-2$/)).toBeCloseTo(1 + 4 * 0.4, 6);
  });

  test("lets databases, their copies and keys grow to their limits", () => {
    const most = (start: RegExp): number | undefined => plan.lines.find(({ what }) => start.test(what))?.atMost;

    expect(most(/^platform database db\.m7g\.large, two zones, 100 to 500 GiB$/)).toBeCloseTo(
      2 * 0.168 * 730 + 2 * 500 * 0.115,
      6,
    );
    expect(most(/^daily copies/)).toBeCloseTo(1.35 * (500 * 0.095 + 50 * 0.05), 6);
    expect(most(/^4 KMS keys/)).toBeCloseTo(3 * 4 + 4 * 0.4, 6);
  });

  test("prices spot nodes on demand at most, which they are where no spot capacity is left", () => {
    const sandboxes = ({ lines }: CostPlan): CostPlan["lines"][number] | undefined =>
      lines.find(({ what }) => / sandbox .*nodes/.test(what));
    const [onDemand, spot] = [sandboxes(plan), sandboxes(costs({ sandbox: { purchaseOption: "spot" } }))];

    expect(spot?.atMost).toBeCloseTo(onDemand?.atMost ?? NaN, 6);
    expect(spot?.workingDays).toBeLessThan(0.7 * (onDemand?.workingDays ?? NaN));
  });

  test("counts copies of every database that is made", () => {
    const two = costs({ retoolDatabase: "dedicated" });

    expect(line(two, /^daily copies, 35 days: databases 200 GiB, bucket 50 GB$/)).toBeDefined();
  });

  test("counts logs by what writes them, and how long each is kept", () => {
    const short = costs({ cluster: { logRetentionDays: 30 }, network: { flowLogRetentionDays: 365 } });

    expect(line(short, /^logs, 20 GB kept 30 to 365 days$/)).toBeCloseTo(
      20 * 0.5 + (0.03 / 30) * (8 * 30 + 8 * 365 + 3 * 90 + 90),
      6,
    );
  });

  test("multiplies units with prices, and shows both", () => {
    for (const each of plan.lines)
      for (const when of ["atRest", "workingDays", "atMost"] as const) {
        const usd = Object.entries(each.quantities).map(([key, units]) => units[when] * (each.prices[key]?.usd ?? NaN));
        expect(usd.reduce((sum, one) => sum + one, 0)).toBeCloseTo(each[when], 6);
      }
  });

  test("adds the lines up, the dearest first", () => {
    const sum = (when: "atRest" | "workingDays" | "atMost"): number =>
      plan.lines.reduce((all, one) => all + one[when], 0);

    expect(plan.total.atRest).toBeCloseTo(sum("atRest"), 6);
    expect(plan.total.atMost).toBeCloseTo(sum("atMost"), 6);
    expect(plan.lines.map(({ atRest }) => atRest)).toEqual(
      plan.lines.map(({ atRest }) => atRest).sort((one, other) => other - one),
    );
    expect(plan.total.atRest).toBeLessThan(plan.total.workingDays);
    expect(plan.total.workingDays).toBeLessThan(plan.total.atMost);
  });

  test("waives the hours of NAT gateways behind a firewall", () => {
    const firewall = costs({ egress: { level: "firewall" } });

    expect(line(firewall, /^NAT gateways/)).toBeCloseTo(3 * 0.005 * 730, 6);
    expect(line(firewall, /^network firewall/)).toBeCloseTo(3 * 0.395 * 730, 6);
  });

  test("counts what the stack makes", () => {
    const addresses = readFileSync(join(__dirname, "..", "..", "golden", "addresses.prod.txt"), "utf8");
    const made = (type: string): number => addresses.match(new RegExp(`^${type}\\.`, "gm"))?.length ?? 0;
    const whole = costOf(planEnvironment(prod), home);
    const counted = whole.lines.map(({ what }) => what).join("\n");

    expect(counted).toContain(`${made("aws_kms_key")} KMS keys, ${made("aws_secretsmanager_secret")} secrets`);
    expect(counted).toContain(`NAT gateways, ${made("aws_nat_gateway")}`);
    expect(made("aws_db_instance")).toBe(1);
    expect(counted.match(/database db/g)).toHaveLength(1);
  });

  test("leaves out what exists already", () => {
    const existing = costs({
      database: { kind: "existing", host: "db.example.com", secret: "retool/database", addresses: ["10.20.0.0/24"] },
    });

    expect(line(existing, /^platform database/)).toBeUndefined();
  });

  test("names a region whose prices it does not have as an estimate", () => {
    expect(costs({ region: "eu-central-1" }, listPrices("eu-central-1")).estimated).toBe(true);
    expect(plan.estimated).toBe(false);
  });

  test("says what exists already, and costs nothing here", () => {
    const database = {
      kind: "existing",
      host: "db.example.com",
      secret: "retool/database",
      addresses: ["10.20.0.0/24"],
    } as const;

    expect(costs({ database }).assumptions).toContain("what exists already is not counted: database");
    expect(plan.assumptions.join("\n")).not.toContain("exists already");
  });

  test("says until when the control plane costs what it costs", () => {
    const ours = (upgradeSupport: "standard" | "extended"): string =>
      costs({ cluster: { kubernetesVersion: "1.36", upgradeSupport } }).assumptions.join("\n");

    expect(ours("extended")).toMatch(/Kubernetes 1\.36 has until 20\d\d-\d\d-\d\d; after that day \$365 more/);
    expect(ours("standard")).not.toContain("control plane:");
  });

  test("says what it takes for granted", () => {
    expect(plan.assumptions.join("\n")).toContain("20 GB of logs a month, 15 GB of those of pods, 50 GB in the bucket");
  });

  test("gives date, region and source of every price", () => {
    for (const price of Object.values(plan.prices)) {
      expect(price.date).toMatch(/^2026-\d\d-\d\d$/);
      expect(price.region).toBe("us-east-1");
      expect(price.source).not.toBe("");
    }
  });

  test("lists what has no price instead of taking it as free", () => {
    const plan = costs({ database: { instanceClass: "db.x2g.large" } });

    expect(plan.unpriced).toEqual(["rds:db.x2g.large"]);
    expect(line(plan, /^platform database/)).toBeUndefined();
  });
});

describe("prices of instances", () => {
  test.each([
    ["us-east-1", "m7i.2xlarge", 0.4032],
    ["us-east-1", "m6i.large", 0.096],
    ["us-gov-west-1", "m6i.xlarge", 0.242],
  ])("in %s: %s", (region, type, usd) => {
    expect(instancePrice(region, type)?.usd).toBeCloseTo(usd, 6);
  });

  test("are known for every family that a pool may have, but for the newest, whose cost a plan leaves open", () => {
    const families = Object.values(FAMILIES).flat();
    const unknown = families.filter((family) => instancePrice("us-east-1", `${family}.2xlarge`) === undefined);

    expect(unknown.filter((family) => !/^[cmr]8i(b|d|n|ne|db|dn)$/.test(family))).toEqual([]);
  });

  test("are of the day of their table", () => {
    expect(instancePrice("us-east-1", "m6a.large")?.date).toBe("2026-07-06");
    expect(instancePrice("us-east-1", "m5d.large")).toEqual({ usd: 0.113, date: "2026-01-19" });
  });

  test("are not made up", () => {
    expect(instancePrice("us-east-1", "m7i.huge")).toBeUndefined();
    expect(instancePrice("eu-central-1", "m7i.large")).toBeUndefined();
  });
});

describe("a month with working days", () => {
  test.each([20, 200])("follows the benchmark with %i builders", (builders) => {
    const { plan, result } = run(builders, {});
    const nodes = result.samples.map(({ room }) => room / plan.maxDevices);
    const mean = nodes.reduce((sum, count) => sum + count, 0) / nodes.length;
    const month = (21 * mean + (730 / 24 - 21) * 1) / (730 / 24);

    expect(Math.abs(monthlyMean(1, result.peakNodes) - month) / month).toBeLessThan(0.1);
  });

  test("never costs less than rest", () => {
    expect(monthlyMean(3, 1)).toBe(3);
  });
});

describe("leversOf", () => {
  const levers = leversOf(SPEC, planEnvironment(SPEC), home);

  test.each([
    ["go with the pod", {}, "the log of a pod goes with it, and no alarm sees pods and nodes"],
    [
      "go to the team's own target",
      { telemetryTarget: { kind: "datadog", apiKeySecret: "acme/datadog" } },
      "logs of Retool's pods go to retool.telemetryTarget only, and no alarm sees pods and nodes",
    ],
  ] as const)("says of logs that are off that they %s", (_, retool, means) => {
    const spec: EnvironmentSpec = { ...SPEC, retool };
    const off = leversOf(spec, planEnvironment(spec), home).filter(({ setting }) => setting.includes("logs:"));

    expect(off.map((lever) => lever.means)).toEqual([means]);
  });

  test("says of zones what `plan --diff` says of them", () => {
    expect(levers.find(({ setting }) => setting === "network.zones: 2")?.means).toBe(
      "tolerates the loss of fewer zones; once deployed it replaces the node group of the controllers and removes subnets",
    );
  });

  test("sorts by dollars", () => {
    const sizes = levers.map(({ workingDays }) => Math.abs(workingDays));

    expect(sizes).toEqual([...sizes].sort((one, other) => other - one));
  });

  test.each([
    ['network.nat: "single"', -2 * (0.045 + 0.005) * 730],
    ["database.multiAz: false", -(0.168 * 730 + 100 * 0.115)],
    // Four alarms on what the firewall refuses come with it, and its log.
    ['egress.level: "firewall"', 3 * 0.395 * 730 - 3 * 0.045 * 730 + 4 * 0.1 + 5 * (0.5 + 3 * 0.03)],
    ["cluster.logRetentionDays: 30", -8 * 2 * 0.03],
    ["egress.logRetentionDays: 30", -3 * 2 * 0.03],
  ])("says what %s changes", (setting, usd) => {
    expect(levers.find((lever) => lever.setting === setting)?.workingDays).toBeCloseTo(usd, 1);
  });

  test("leaves out what is so already", () => {
    const spec: EnvironmentSpec = { ...SPEC, database: { multiAz: false } };
    const settings = leversOf(spec, planEnvironment(spec), home).map(({ setting }) => setting);

    expect(settings).toContain("database.multiAz: true");
    expect(settings).not.toContain("database.multiAz: false");
  });
});

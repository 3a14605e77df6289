import { formatViolation } from "../../../domain/common/violation";
import { planPlainEgress } from "../../../domain/egress/plain";
import { planRelease, releaseDestinations, type ReleaseSpec } from "../../../domain/environment/release";

const CONTEXT = {
  name: "tools",
  account: "111122223333",
  region: "eu-central-1",
  domain: "",
  prefix: "tools-retool",
  secretPath: "tools-retool",
  namespace: "retool",
  dataProtection: "protected",
} as const;

const SITE = {
  cluster: {
    name: "tools",
    kubernetesVersion: "1.34",
    nodeReleaseVersion: "1.34.9-20260903",
    serviceCidr: "172.20.0.0/16",
  },
  ranges: {
    vpc: ["10.20.0.0/16"],
    private: ["10.20.0.0/18", "10.20.64.0/18"],
    public: ["10.20.128.0/24", "10.20.129.0/24"],
    database: ["10.20.130.0/24", "10.20.131.0/24"],
  },
  database: { port: 5432 },
  passwordRevision: 3,
};

const SPEC: ReleaseSpec = { domain: "retool.example.com", retoolVersion: "4.0.9-stable", license: "none" };

const messages = (spec: Partial<ReleaseSpec>, ranges = SITE.ranges): string[] =>
  planRelease({ ...SPEC, ...spec }, CONTEXT, { ...SITE, ranges }).violations.map(
    ({ path, problem }) => `${path}: ${problem}`,
  );

describe("planRelease", () => {
  test("plans with the names, the ranges and the password of what is there", () => {
    const { plan, violations } = planRelease(SPEC, CONTEXT, SITE);

    expect(violations).toEqual([]);
    expect(plan.context).toEqual({ ...CONTEXT, domain: "retool.example.com" });
    expect(plan.network).toMatchObject({ vpcCidrs: SITE.ranges.vpc, databaseCidrs: SITE.ranges.database });
    expect(plan.cluster.pools).toMatchObject({ retool: "tools-retool", sandbox: "tools-retool-sandbox" });
    expect(plan.secrets.encryptionKey.name).toBe("tools-retool/encryption-key");
    expect(plan.secrets.databasePassword.revision).toBe(3);
    expect(plan.egress.level).toBe("open");
  });

  test("holds databases in the private subnets where there are no others", () => {
    const { plan } = planRelease(SPEC, CONTEXT, { ...SITE, ranges: { ...SITE.ranges, database: [] } });

    expect(plan.network.databaseCidrs).toEqual(SITE.ranges.private);
  });

  describe("a database that is elsewhere", () => {
    const planned = (database: object) =>
      planRelease(SPEC, CONTEXT, { ...SITE, database: { port: 5432, ...database } });
    const problems = (database: object): string[] => planned(database).violations.map(formatViolation);

    test("is reached at its ranges and its port", () => {
      const { plan, violations } = planned({ addresses: ["10.99.0.0/24"], port: 6432, address: "10.99.0.7" });
      const [rule] = plan.egress.rules.filter(({ destination }) => JSON.stringify(destination).includes('"database"'));

      expect(violations).toEqual([]);
      expect(plan.network.databaseCidrs).toEqual(["10.99.0.0/24"]);
      expect(rule?.port).toBe(6432);
    });

    test("is refused where no policy would let pods reach it", () => {
      expect(problems({ address: "10.20.130.9" })).toEqual([]);
      expect(problems({ address: "10.99.0.7" })).toEqual([
        "database.addresses: 10.99.0.7 is in none of the database subnets of the cluster's network " +
          '(10.20.130.0/24, 10.20.131.0/24), so pods could not reach the database; set it to ["10.99.0.7/32"]',
      ]);
      expect(problems({ address: "10.99.0.7", addresses: ["10.98.0.0/24"] })).toEqual([
        expect.stringMatching(/^database\.addresses: 10\.99\.0\.7 is in none of these ranges/),
      ]);
      expect(problems({ addresses: ["10.99.0.7"] })).toEqual([expect.stringMatching(/^database\.addresses\[0\]: /)]);
    });
  });

  test.each<[Partial<ReleaseSpec>, RegExp]>([
    [{ profile: "small" as never }, /^profile: /],
    [{ hostnames: { sandboxProxyHost: "elsewhere.example.net" } }, /^hostnames\.sandboxProxyHost: /],
    [{ resources: [{ to: "https://a.example.com", port: 443, reason: "" }] as never }, /^resources\[0\]/],
    [{ builders: -1 }, /^builders: /],
    [{ caBundle: "ca.pem" }, /^caBundle: /],
  ])("names the settings of %j as its reader wrote them", (spec, expected) => {
    expect(messages(spec)).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  });

  test("lists what a guard must let out, each once, with what apps call", () => {
    const resources = [{ to: "db.example.net", port: 5432, addresses: ["198.51.100.7/32"] }];
    const { plan, violations } = releaseDestinations({ ...SPEC, resources }, CONTEXT);
    const names = plan.map(({ to, port }) => `${to}:${port ?? 443}`);

    expect(violations).toEqual([]);
    expect(names).toEqual(
      expect.arrayContaining(["licensing.tryretool.com:443", "*.tmprl.cloud:7233", "db.example.net:5432"]),
    );
    expect(new Set(names).size).toBe(names.length);
    expect(planPlainEgress({ allow: plan, level: "firewall" }, CONTEXT, { vpcCidr: "10.0.0.0/16" }).violations).toEqual(
      [],
    );
  });

  test("says which ranges cannot be", () => {
    expect(messages({}, { ...SITE.ranges, private: ["10.99.0.0/18", "10.20.64.0/18"] })).toEqual([
      expect.stringMatching(/^network\.ranges\.private\[0\]/),
    ]);
  });
});

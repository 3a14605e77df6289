import fc from "fast-check";

import { parseIpv4 } from "../../../domain/common/address-range";
import { type ClusterPlan, type ClusterSpec, planCluster } from "../../../domain/cluster/cluster";
import { serviceOverlapViolations } from "../../../domain/cluster/checks";
import type { ClusterAccess } from "../../../domain/cluster/access";
import type { EnvironmentContext } from "../../../domain/common/context";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";

const plan = (spec?: ClusterSpec, over: Partial<EnvironmentContext> = {}): ClusterPlan =>
  planCluster(spec, { ...context, ...over }, "private").plan;
const problems = (spec: unknown, access: unknown = "private"): string[] =>
  planCluster(spec as ClusterSpec, context, access as ClusterAccess).violations.map(formatViolation);

const RETENTION =
  "use one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653";
const SERVICES = "use a range from /12 to /24 inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16";

describe("planCluster", () => {
  test("has a default for everything, and all of it is accepted", () => {
    expect(problems(undefined)).toEqual([]);
    expect(plan()).toMatchObject({
      name: "retool-prod",
      kubernetesVersion: "1.36",
      nodeReleaseVersion: "1.36.3-20260903",
      roleName: "retool-prod-cluster",
      managedPolicyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
      supportType: "EXTENDED",
      publicAccessCidrs: [],
      accessGrants: [],
      logs: { groupName: "/aws/eks/retool-prod/cluster", types: ["api", "audit", "authenticator"], retentionDays: 90 },
      serviceCidr: "172.20.0.0/16",
      preventDestroy: true,
      systemNodes: { count: 2, kubernetesVersion: "1.36", releaseVersion: "1.36.3-20260903" },
    });
  });

  test.each<[ClusterSpec, Record<string, unknown>]>([
    [{ kubernetesVersion: "1.33" }, { kubernetesVersion: "1.33", systemNodes: { releaseVersion: "1.33.13-20260903" } }],
    [
      { nodeReleaseVersion: "1.36.9-20270101" },
      { nodeReleaseVersion: "1.36.9-20270101", systemNodes: { releaseVersion: "1.36.9-20270101" } },
    ],
    [{ upgradeSupport: "standard" }, { supportType: "STANDARD" }],
    [{ upgradeSupport: "extended" }, { supportType: "EXTENDED" }],
    [{ adminRoleArns: ["arn:aws:iam::111122223333:role/a"] }, { accessGrants: [{ id: "admin-111122223333-a" }] }],
    [{ viewerRoleArns: ["arn:aws:iam::111122223333:role/v"] }, { accessGrants: [{ id: "viewer-111122223333-v" }] }],
    [{ logTypes: ["scheduler"] }, { logs: { types: ["scheduler"] } }],
    [{ logRetentionDays: 365 }, { logs: { retentionDays: 365 } }],
    [{ serviceCidr: "10.100.0.0/16" }, { serviceCidr: "10.100.0.0/16" }],
    [{ serviceCidr: "10.16.0.0/12" }, { serviceCidr: "10.16.0.0/12" }],
    [{ serviceCidr: "192.168.7.0/24" }, { serviceCidr: "192.168.7.0/24" }],
    [{ systemNodes: { count: 4 } }, { systemNodes: { count: 4, maximum: 5 } }],
    [
      { prefixDelegation: true },
      { addons: { beforeNodes: [{ configuration: { env: { ENABLE_PREFIX_DELEGATION: "true" } } }, {}, {}] } },
    ],
    [
      { addonVersions: { coredns: "v1.13.2-eksbuild.1" } },
      { addons: { afterNodes: [{ version: "v1.13.2-eksbuild.1" }] } },
    ],
    [
      { kubernetesVersion: undefined, logTypes: undefined },
      { kubernetesVersion: "1.36", logs: plan().logs },
    ],
  ])("honours %j", (spec, expected) => {
    expect(problems(spec)).toEqual([]);
    expect(plan(spec)).toMatchObject(expected);
  });

  test("opens the API to the listed ranges only", () => {
    expect(planCluster({}, context, ["203.0.113.0/24"]).plan.publicAccessCidrs).toEqual(["203.0.113.0/24"]);
    expect(planCluster({}, context, "private").plan.publicAccessCidrs).toEqual([]);
  });

  test.each([
    ["protected", true],
    ["retain", true],
    ["disposable", false],
  ] as const)("data that is %s: prevent_destroy %s", (dataProtection, preventDestroy) => {
    expect(plan({}, { dataProtection }).preventDestroy).toBe(preventDestroy);
  });

  test("keeps every name within its limit, and two environments apart", () => {
    const prefixes = fc.uniqueArray(fc.stringMatching(/^retool-[a-z0-9-]{40,60}[a-z]$/), {
      minLength: 2,
      maxLength: 5,
    });
    fc.assert(
      fc.property(prefixes, (all) => {
        const plans = all.map((prefix) => plan({}, { prefix }));
        for (const { name, roleName, systemNodes, addons } of plans) {
          expect(name.length).toBeLessThanOrEqual(38);
          const roles = [...addons.beforeNodes, ...addons.afterNodes].flatMap(
            ({ identity }) => identity?.roleName ?? [],
          );
          for (const role of [roleName, systemNodes.roleName, ...roles]) expect(role.length).toBeLessThanOrEqual(64);
        }
        expect(new Set(plans.map(({ name }) => name)).size).toBe(all.length);
      }),
    );
  });

  test.each<[string, unknown, string[]]>([
    [
      "an unsupported version",
      { kubernetesVersion: "1.32" },
      ['cluster.kubernetesVersion: Kubernetes "1.32" is not supported; use 1.33, 1.34, 1.35, 1.36'],
    ],
    [
      "a patch version",
      { kubernetesVersion: "1.35.1" },
      ['cluster.kubernetesVersion: Kubernetes "1.35.1" is not supported; use 1.33, 1.34, 1.35, 1.36'],
    ],
    [
      "a retention that CloudWatch Logs lacks",
      { logRetentionDays: 100 },
      [`cluster.logRetentionDays: CloudWatch Logs cannot keep logs for 100 days; ${RETENTION}`],
    ],
    [
      "a log twice",
      { logTypes: ["api", "audit", "api"] },
      ['cluster.logTypes: "api" is listed twice; remove one of them'],
    ],
    [
      "a public service range",
      { serviceCidr: "8.8.0.0/16" },
      [`cluster.serviceCidr: "8.8.0.0/16" cannot be the range of Kubernetes Services; ${SERVICES}`],
    ],
    [
      "a service range that is too small",
      { serviceCidr: "10.0.0.0/25" },
      [`cluster.serviceCidr: "10.0.0.0/25" cannot be the range of Kubernetes Services; ${SERVICES}`],
    ],
    [
      "a service range that is too large",
      { serviceCidr: "10.0.0.0/11" },
      [`cluster.serviceCidr: "10.0.0.0/11" cannot be the range of Kubernetes Services; ${SERVICES}`],
    ],
    [
      "an IPv6 service range",
      { serviceCidr: "fd00::/108" },
      [`cluster.serviceCidr: "fd00::/108" cannot be the range of Kubernetes Services; ${SERVICES}`],
    ],
    [
      "no service range at all",
      { serviceCidr: "services" },
      ['cluster.serviceCidr: "services" is not an address range; use a value such as "203.0.113.0/24"'],
    ],
    [
      "a made-up add-on version",
      { addonVersions: { coredns: "latest" } },
      [
        'cluster.addonVersions.coredns: "latest" is not the version of an EKS add-on; use a version such as "v1.22.4-eksbuild.1"; `aws eks describe-addon-versions` lists them',
      ],
    ],
    [
      "an unknown setting",
      { kubernetes: "1.35" },
      ["cluster.kubernetes: is not a known setting; remove it or correct its spelling"],
    ],
    [
      "a wrong type",
      { prefixDelegation: "yes" },
      ['cluster.prefixDelegation: "yes" has the wrong type; use true or false'],
    ],
    [
      "one system node",
      { systemNodes: { count: 1 } },
      ["cluster.systemNodes.count: 1 is out of range; use 2 to 10 nodes"],
    ],
  ])("refuses %s", (_case, spec, expected) => {
    expect(problems(spec)).toEqual(expected);
  });

  test("refuses everything at once, and still plans", () => {
    const spec = {
      kubernetesVersion: "1.20",
      adminRoleArns: ["ada"],
      logRetentionDays: 2,
      systemNodes: { diskGiB: 1 },
    };

    expect(problems(spec, ["0.0.0.0/0"]).map((problem) => problem.split(":")[0])).toEqual([
      "cluster.logRetentionDays",
      "cluster.systemNodes.diskGiB",
      "cluster.kubernetesVersion",
      "cluster.adminRoleArns[0]",
      "clusterAccess[0]",
    ]);
    expect(planCluster(spec, context, ["0.0.0.0/0"]).plan.name).toBe("retool-prod");
  });

  test.each([
    [
      "1.36.3-2026",
      'cluster.nodeReleaseVersion: "1.36.3-2026" is not a release of a node image; use one such as "1.36.3-20260903"',
    ],
    [
      "al2023@v20260903",
      'cluster.nodeReleaseVersion: "al2023@v20260903" is not a release of a node image; use one such as "1.36.3-20260903"',
    ],
    [
      "1.36.3-20261332",
      'cluster.nodeReleaseVersion: "1.36.3-20261332" is not a release of a node image; use one such as "1.36.3-20260903"',
    ],
    [
      "1.35.7-20260903",
      'cluster.nodeReleaseVersion: "1.35.7-20260903" is an image of Kubernetes 1.35, but the cluster runs 1.36; use a release of 1.36, such as "1.36.3-20260903"',
    ],
  ])("refuses the node image %s", (nodeReleaseVersion, problem) => {
    expect(problems({ nodeReleaseVersion })).toEqual([problem]);
  });

  test("names no image of a version that it refuses", () => {
    expect(plan({ kubernetesVersion: "1.20" }).systemNodes.releaseVersion).toBe("");
  });

  test("refuses an access that is neither private nor a list", () => {
    expect(problems({}, "public")).toEqual([expect.stringMatching(/^clusterAccess: "public" /)]);
  });
});

describe("serviceOverlapViolations", () => {
  test.each([
    ["the VPC next to it", ["172.21.0.0/16"], []],
    [
      "the VPC around it",
      ["10.0.0.0/16", "172.16.0.0/12"],
      [
        'cluster.serviceCidr: "172.20.0.0/16" overlaps "172.16.0.0/12" of the network; use a range outside all networks that pods connect to',
      ],
    ],
    [
      "a network inside it",
      ["172.20.255.0/24"],
      [
        'cluster.serviceCidr: "172.20.0.0/16" overlaps "172.20.255.0/24" of the network; use a range outside all networks that pods connect to',
      ],
    ],
  ])("%s", (_case, networks, expected) => {
    expect(serviceOverlapViolations("172.20.0.0/16", networks).map(formatViolation)).toEqual(expected);
  });

  test("leaves ranges that are none, or IPv6, to those who check them", () => {
    expect(serviceOverlapViolations("services", ["10.0.0.0/16"])).toEqual([]);
    expect(serviceOverlapViolations("172.20.0.0/16", ["network", "fd00::/8"])).toEqual([]);
  });

  test("finds exactly the networks that hold an address of the services", () => {
    const ranges = fc.tuple(fc.nat({ max: 255 }), fc.integer({ min: 16, max: 24 })).map(([n, length]) => {
      const { first } = parseIpv4(`10.${n}.0.0/${length}`) ?? { first: 0 };
      return { cidr: `10.${n}.0.0/${length}`, first, last: first + 2 ** (32 - length) - 1 };
    });
    fc.assert(
      fc.property(ranges, ranges, (services, network) => {
        const shared = Math.max(services.first, network.first) <= Math.min(services.last, network.last);
        expect(serviceOverlapViolations(services.cidr, [network.cidr])).toHaveLength(shared ? 1 : 0);
      }),
    );
  });
});

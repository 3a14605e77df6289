import fc from "fast-check";

import type { Access } from "../../../domain/front-door/access";
import { type FrontDoorPlan, type FrontDoorSpec, planFrontDoor } from "../../../domain/front-door/front-door";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";

const OFFICE = ["203.0.113.0/24"];
const planned = (spec?: FrontDoorSpec, access: Access = OFFICE): ReturnType<typeof planFrontDoor> =>
  planFrontDoor(spec, context, access);
const plan = (spec?: FrontDoorSpec, access?: Access): FrontDoorPlan => planned(spec, access).plan;
const problems = (spec: unknown, access?: Access): string[] =>
  planned(spec as FrontDoorSpec, access).violations.map(formatViolation);

describe("planFrontDoor", () => {
  test("by default, is open only to the listed ranges, keeps connections and cannot be deleted", () => {
    expect(planned()).toMatchObject({
      plan: {
        prefix: "retool-prod",
        internal: false,
        clientsIpv4: OFFICE,
        clientsIpv6: [],
        clientsInVpc: false,
        dualStack: false,
        idleTimeoutSeconds: 960,
        deletionProtection: true,
      },
      violations: [],
    });
    expect(plan().waf).toBeUndefined();
    expect(plan().accessLogs).toBeUndefined();
  });

  test.each(["protected", "retain", "disposable"] as const)("%s data", (dataProtection) => {
    const { deletionProtection } = planFrontDoor({}, { ...context, dataProtection }, OFFICE).plan;

    expect(deletionProtection).toBe(dataProtection === "protected");
  });

  test("an internal one is open to the VPC and to the private ranges that are listed", () => {
    expect(planned({ privateClients: ["10.8.0.0/16"] }, "internal")).toMatchObject({
      plan: { internal: true, clientsInVpc: true, clientsIpv4: ["10.8.0.0/16"], clientsIpv6: [] },
      violations: [],
    });
    expect(plan({}, "internal").clientsIpv4).toEqual([]);
  });

  test("a dual-stack one keeps the two kinds of ranges apart", () => {
    expect(planned({ dualStack: true }, ["203.0.113.0/24", "2001:db8::/32"])).toMatchObject({
      plan: { dualStack: true, clientsIpv4: ["203.0.113.0/24"], clientsIpv6: ["2001:db8::/32"] },
      violations: [],
    });
  });

  test("the whole world is let in only when it is written out, and then requests are counted", () => {
    expect(planned({}, ["0.0.0.0/0"])).toMatchObject({
      plan: { clientsIpv4: ["0.0.0.0/0"], waf: { blocks: false, requestsPerFiveMinutes: 10_000 } },
      violations: [],
    });
    expect(plan({ dualStack: true }, ["203.0.113.0/24", "::/0"]).waf).toBeDefined();
    expect(plan({ waf: { kind: "off" } }, ["0.0.0.0/0"]).waf).toBeUndefined();
  });

  test("no range is let in that is not listed", () => {
    const range = fc
      .tuple(fc.ipV4(), fc.integer({ min: 8, max: 32 }))
      .map(([address, length]) => `${address}/${length}`);
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 5 }), (access) => {
        const { clientsIpv4, clientsIpv6, clientsInVpc } = plan({}, access);
        expect(access).toEqual(expect.arrayContaining([...clientsIpv4, ...clientsIpv6]));
        expect(clientsInVpc).toBe(false);
      }),
    );
  });

  test.each<[FrontDoorSpec, Partial<FrontDoorPlan>]>([
    [{ idleTimeoutSeconds: 180 }, { idleTimeoutSeconds: 180 }],
    [{ idleTimeoutSeconds: 4000 }, { idleTimeoutSeconds: 4000 }],
    [{ waf: { kind: "count" } }, { waf: { blocks: false, requestsPerFiveMinutes: 10_000 } }],
    [{ waf: { kind: "block", requestsPerFiveMinutes: 500 } }, { waf: { blocks: true, requestsPerFiveMinutes: 500 } }],
    [
      { accessLogs: { kind: "bucket" } },
      {
        accessLogs: {
          bucketName: "retool-prod-access-logs-111122223333-us-east-1",
          retentionDays: 7,
          readerRoleArns: [],
          emptyOnDestroy: false,
        },
      },
    ],
    [{ accessLogs: { kind: "off" } }, { accessLogs: undefined }],
  ])("honours %j", (spec, expected) => {
    expect(planned(spec)).toMatchObject({ plan: expected, violations: [] });
  });

  test("honours what only some access logs have", () => {
    const readerRoleArns = ["arn:aws:iam::111122223333:role/security"];
    const disposable = { ...context, dataProtection: "disposable" } as const;
    const spec = { accessLogs: { kind: "bucket", retentionDays: 30, readerRoleArns } } as const;

    expect(planFrontDoor(spec, disposable, OFFICE)).toMatchObject({
      plan: { accessLogs: { retentionDays: 30, readerRoleArns, emptyOnDestroy: true } },
      violations: [],
    });
  });

  test("never throws on settings of another shape", () => {
    fc.assert(
      fc.property(fc.anything(), (spec) => {
        expect(() => planned(spec as FrontDoorSpec)).not.toThrow();
      }),
    );
  });
});

describe("planFrontDoor refuses", () => {
  test.each<[unknown, Access, string]>([
    [{}, ["office"], 'access[0]: "office" is not an address range; use a value such as "203.0.113.0/24"'],
    [{}, ["203.0.113.7/24"], 'access[0]: "203.0.113.7/24" has host bits set; use "203.0.113.0/24"'],
    [
      {},
      ["203.0.113.0/24", "10.1.0.0/16"],
      "access[1]: 10.1.0.0/16 is private, so it cannot reach an internet-facing load balancer; " +
        'list the public addresses of these users, or set access to "internal"',
    ],
    [{}, ["203.0.113.0/24", "203.0.113.0/24"], "access: 203.0.113.0/24 is listed twice; list it once"],
    [
      {},
      ["2001:db8::/32"],
      "access: 2001:db8::/32 is an IPv6 range, and the load balancer has no IPv6 address; " +
        "set frontDoor.dualStack to true, or remove it",
    ],
    [
      { dualStack: true },
      OFFICE,
      "frontDoor.dualStack: access lists no IPv6 range, so browsers that prefer IPv6 would time out; " +
        "list the IPv6 ranges of your users, or remove it",
    ],
    [
      { dualStack: true },
      "internal",
      "frontDoor.dualStack: an internal load balancer is in subnets without IPv6; remove it",
    ],
    [
      { privateClients: ["fd00::/8"] },
      "internal",
      "frontDoor.privateClients: fd00::/8 is an IPv6 range, and the load balancer has no IPv6 address; remove it",
    ],
    [
      { privateClients: ["203.0.113.0/24"] },
      "internal",
      "frontDoor.privateClients[0]: 203.0.113.0/24 is not private, so it cannot reach an internal load balancer; " +
        "use a range in 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10, or list it in access instead",
    ],
    [
      { privateClients: ["vpn"] },
      "internal",
      'frontDoor.privateClients[0]: "vpn" is not an address range; use a value such as "203.0.113.0/24"',
    ],
    [
      { privateClients: ["10.8.0.0/16", "10.8.0.0/16"] },
      "internal",
      "frontDoor.privateClients: 10.8.0.0/16 is listed twice; list it once",
    ],
    [
      { privateClients: [] },
      OFFICE,
      "frontDoor.privateClients: has no effect when access lists internet ranges; " +
        'remove it, or set access to "internal"',
    ],
    [
      { idleTimeoutSeconds: 179 },
      OFFICE,
      "frontDoor.idleTimeoutSeconds: 179 is out of range; " + "use 180 to 4000 seconds",
    ],
    [
      { idleTimeoutSeconds: 4001 },
      OFFICE,
      "frontDoor.idleTimeoutSeconds: 4001 is out of range; " + "use 180 to 4000 seconds",
    ],
    [
      { idleTimeoutSeconds: 200.5 },
      OFFICE,
      "frontDoor.idleTimeoutSeconds: 200.5 is not a whole number; use 180 to 4000 seconds",
    ],
    [
      { waf: { kind: "block", requestsPerFiveMinutes: 9 } },
      OFFICE,
      "frontDoor.waf.requestsPerFiveMinutes: 9 is out of range; " + "use 10 to 2000000000 requests",
    ],
    [
      { accessLogs: { kind: "bucket", retentionDays: 31 } },
      OFFICE,
      "frontDoor.accessLogs.retentionDays: 31 is out of range; use 1 to 30 days",
    ],
    [
      { accessLogs: { kind: "bucket", readerRoleArns: ["security"] } },
      OFFICE,
      'frontDoor.accessLogs.readerRoleArns[0]: "security" is not the ARN of an IAM role; ' +
        'use one such as "arn:aws:iam::111122223333:role/name"',
    ],
    [
      { waf: { kind: "off", requestsPerFiveMinutes: 10 } },
      OFFICE,
      "frontDoor.waf.requestsPerFiveMinutes: is not a known setting; remove it or correct its spelling",
    ],
    [{ idleTimeout: 60 }, OFFICE, "frontDoor.idleTimeout: is not a known setting; remove it or correct its spelling"],
  ])("%j with access %j", (spec, access, expected) => {
    expect(problems(spec, access)).toEqual([expected]);
  });

  const ranges = (count: number): string[] => Array.from({ length: count }, (_, index) => `203.0.${index}.0/24`);

  test("more ranges than a security group holds", () => {
    expect(problems({}, ranges(25))).toEqual([]);
    expect(problems({}, ranges(26))).toEqual([
      "access: lists 26 ranges, more than a security group can hold; merge them into at most 25",
    ]);
  });
});

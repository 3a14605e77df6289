import fc from "fast-check";

import { instanceMemoryGiB } from "../../../domain/database/instance-classes";
import { connectionLimit, defaultInstanceClass } from "../../../domain/database/rds-capacity";

describe("instanceMemoryGiB", () => {
  // Source: https://aws.amazon.com/rds/instance-types/
  test.each([
    ["db.t4g.micro", 1],
    ["db.t4g.small", 2],
    ["db.t3.medium", 4],
    ["db.t4g.2xlarge", 32],
    ["db.m5.large", 8],
    ["db.m7g.large", 8],
    ["db.m7g.xlarge", 16],
    ["db.m6gd.12xlarge", 192],
    ["db.m8g.48xlarge", 768],
    ["db.r6g.large", 16],
    ["db.r7g.16xlarge", 512],
    ["db.x2g.large", 32],
    ["db.x2iedn.32xlarge", 4096],
  ])("%s has %d GiB", (instanceClass, gib) => {
    expect(instanceMemoryGiB(instanceClass)).toBe(gib);
  });

  test.each([
    "m7g.large",
    "db.m7g",
    "db.m7g.huge",
    "db.m7g.0xlarge",
    "db.t4g.12xlarge",
    "db.t4g.constructor",
    "db.c7g.large",
    "db.m4.large",
    "db.m7g.large.x",
    " db.m7g.large",
    "",
  ])("does not know %j", (instanceClass) => {
    expect(instanceMemoryGiB(instanceClass)).toBeUndefined();
    expect(connectionLimit(instanceClass)).toBeUndefined();
  });
});

describe("connectionLimit", () => {
  test.each([
    ["db.t4g.micro", 68],
    ["db.t4g.medium", 372],
    ["db.m7g.large", 777],
    ["db.m7g.xlarge", 1589],
    ["db.m7g.2xlarge", 3211],
    ["db.m7g.4xlarge", 4995],
    ["db.r7g.16xlarge", 4995],
  ])("%s admits %d", (instanceClass, connections) => {
    expect(connectionLimit(instanceClass)).toBe(connections);
  });

  test("leaves a part of the memory to RDS itself, but never more than two fifths", () => {
    fc.assert(
      fc.property(fc.constantFrom("db.t4g.micro", "db.t4g.small", "db.t4g.medium", "db.m7g.large"), (instanceClass) => {
        const whole = (instanceMemoryGiB(instanceClass)! * 1024 ** 3) / 9_531_392;

        expect(connectionLimit(instanceClass)).toBeLessThan(whole);
        expect(connectionLimit(instanceClass)).toBeGreaterThan((whole * 3) / 5);
      }),
    );
  });
});

describe("defaultInstanceClass", () => {
  test.each([
    [0, "db.m7g.large"],
    [777, "db.m7g.large"],
    [778, "db.m7g.xlarge"],
    [1590, "db.m7g.2xlarge"],
    [3212, "db.m7g.4xlarge"],
    [4995, "db.m7g.4xlarge"],
    [4996, "db.m7g.4xlarge"],
  ])("for %d connections is %s", (connections, instanceClass) => {
    expect(defaultInstanceClass(connections)).toBe(instanceClass);
  });

  test("admits what some class admits", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4995 }), (connections) => {
        expect(connectionLimit(defaultInstanceClass(connections))).toBeGreaterThanOrEqual(connections);
      }),
    );
  });
});

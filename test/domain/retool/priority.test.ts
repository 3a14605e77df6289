import { type RetoolSpec, planRetool } from "../../../domain/retool/retool";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";
import { releaseValues } from "../../support/retool-release";

const check = (retool: RetoolSpec): string[] =>
  planRetool(retool, context, "4.0.9-stable").violations.map(formatViolation);

describe("a priority", () => {
  test("is given to the pods", () => {
    expect(releaseValues({ retool: { priorityClassName: "tools" } }).priorityClassName).toBe("tools");
    expect(releaseValues()).not.toHaveProperty("priorityClassName");
  });

  test.each(["system-node-critical", "My Class", ""])("%j is none that Retool may have", (priorityClassName) => {
    expect(check({ priorityClassName })).toEqual([
      `retool.priorityClassName: "${priorityClassName}" is not a PriorityClass that Retool may use; use the name of one that exists, in lower case; system- belongs to Kubernetes`,
    ]);
  });
});

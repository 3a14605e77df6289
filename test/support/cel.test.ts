import { evaluateCel } from "./cel";

describe("evaluateCel", () => {
  test.each<[string, unknown, boolean]>([
    ["self.all(x, has(x.schedule) == has(x.duration))", [{ schedule: "@daily" }], false],
    ["self.filter(x, has(x.root)?x.root==true:false).size() <= 1", [{ root: true }, {}], true],
    ['self in ["a", "b"] || !self.find("^([^/]+)").endsWith("karpenter.sh")', "karpenter.sh/x", false],
    ['self in ["a", "b"] || !self.find("^([^/]+)").endsWith("karpenter.sh")', "retool.com/pool", true],
    ["self.split('@')[0] in ['al2023'] ? self.split('@')[1] == 'latest' : true", "al2023@v1", false],
    ["self.values.size() == 1 && int(self.values[0]) >= 0", { values: ["-1"] }, false],
    ["self.exists(x, x.a > 1 && x.a < 3)", [{ a: 2 }], true],
  ])("evaluates %s of %j as Kubernetes does", (expression, self, result) => {
    expect(evaluateCel(expression, { self })).toBe(result);
  });

  test.each(["self +", "self.unknown()", "self.all(1, true)"])("does not guess at %s", (expression) => {
    expect(() => evaluateCel(expression, { self: {} })).toThrow("CEL");
  });
});

import { evaluateCel } from "./cel";

describe("evaluateCel", () => {
  it.each<[string, unknown, boolean]>([
    ["has(self.a) && !has(self.b)", { a: 1 }, true],
    ["has(self.a) && !has(self.b)", { a: 1, b: 2 }, false],
    ["!has(self.a) || self.a == 'x'", {}, true],
    ["self.all(x, has(x.schedule) == has(x.duration))", [{ schedule: "@daily", duration: "1h" }, {}], true],
    ["self.all(x, has(x.schedule) == has(x.duration))", [{ schedule: "@daily" }], false],
    ["self.all(k, k != '' && self[k] != '')", { a: "b" }, true],
    ["self.all(k, k != '' && self[k] != '')", { a: "" }, false],
    ["self.filter(x, has(x.root)?x.root==true:false).size() <= 1", [{ root: true }, { root: true }], false],
    ["self.filter(x, has(x.root)?x.root==true:false).size() <= 1", [{ root: true }, {}], true],
    ['self in ["a", "b"] || !self.find("^([^/]+)").endsWith("karpenter.sh")', "karpenter.sh/x", false],
    ['self in ["a", "b"] || !self.find("^([^/]+)").endsWith("karpenter.sh")', "retool.com/pool", true],
    ["self.split('@')[0] in ['al2023'] ? self.split('@')[1] == 'latest' : true", "al2023@v1", false],
    ["self.matches('^[a-z0-9]+@.+$')", "al2023@v1", true],
    ["size(self) == 1 && 'nodes' in self", { nodes: 1 }, true],
    ["self.values.size() == 1 && int(self.values[0]) >= 0", { values: ["-1"] }, false],
    ["self.exists(x, x.a > 1 && x.a < 3)", [{ a: 2 }], true],
    ["[has(self.a),has(self.b)].filter(x,x==true).size() == 1", { a: 1, b: 1 }, false],
  ])("evaluates %s of %j", (expression, self, result) => {
    expect(evaluateCel(expression, { self })).toBe(result);
  });

  it.each(["self +", "self.unknown()", "other(self)", "self self", "(self", "self.all(1, true)"])(
    "does not guess at %s",
    (expression) => {
      expect(() => evaluateCel(expression, { self: {} })).toThrow("CEL");
    },
  );
});

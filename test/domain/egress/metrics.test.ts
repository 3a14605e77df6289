import { planEgress } from "../../../domain/egress/egress";
import { planFirewall } from "../../../domain/egress/firewall";
import { egressMetrics, firewallFilters, type MetricFilter, nameFilters } from "../../../domain/egress/metrics";
import { context } from "../../support/fakes";
import { everything } from "../../support/retool-cluster";
import { parseRule } from "../../support/suricata-evaluator";

/** A filter of CloudWatch Logs on JSON: selectors, comparisons, NOT EXISTS, and, or. */
function counts({ pattern }: MetricFilter, line: object): boolean {
  const value = (path: string): unknown =>
    path.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], line);
  const compare = (_: string, path: string, operator: string, text: string): string => {
    const [found, wanted] = [value(path), JSON.parse(text) as string | number];
    if (found === undefined) return "false";
    const answers: Readonly<Record<string, boolean>> = {
      "=": found === wanted,
      "!=": found !== wanted,
      ">=": Number(found) >= Number(wanted),
      "<=": Number(found) <= Number(wanted),
    };
    return String(answers[operator]);
  };
  let rest = pattern
    .slice(1, -1)
    .replaceAll(/\$\.([\w.]+) NOT EXISTS/g, (_, path: string) => String(value(path) === undefined))
    .replaceAll(/\$\.([\w.]+) (!=|>=|<=|=) ("[^"]*"|\d+)/g, compare)
    .replaceAll(" ", "");
  for (let before = ""; before !== rest;) {
    before = rest;
    rest = rest
      .replaceAll(/\((true|false)\)/g, "$1")
      .replace(/(true|false)(&&|\|\|)(true|false)/, (_, left: string, operator: string, right: string) =>
        String(operator === "&&" ? left === "true" && right === "true" : left === "true" || right === "true"),
      );
  }
  expect(rest).toMatch(/^(true|false)$/);
  return rest === "true";
}

const input = { temporal: { kind: "retool-managed" }, features: everything } as const;
const { plan } = planEgress({ level: "firewall" }, context, input);
const NAME_FILTERS = nameFilters(plan.rules);
const FIREWALL_FILTERS = firewallFilters(plan.rules);

const name = (query: string, action?: string): object => ({
  query_name: `${query}.`,
  ...(action === undefined ? {} : { firewall_rule_action: action }),
});
const alert = (signature: number, sni?: string): object => ({
  event: { event_type: "alert", alert: { signature_id: signature }, ...(sni === undefined ? {} : { tls: { sni } }) },
});
const counted = (filters: Readonly<Record<string, MetricFilter>>, line: object): string[] =>
  Object.entries(filters)
    .filter(([, filter]) => counts(filter, line))
    .map(([id]) => id);

describe("metrics of what is refused", () => {
  test.each<[object, string[]]>([
    [name("elsewhere.example.com", "BLOCK"), ["refusedNames"]],
    [name("elsewhere.example.com", "ALERT"), ["refusedNames"]],
    [name("licensing.tryretool.com", "BLOCK"), ["refusedLicence"]],
    [name("licensing.tryretool.com", "ALLOW"), []],
    [name("licensing.tryretool.com"), []],
  ])("count of names: %j is %j", (line, ids) => {
    expect(counted(NAME_FILTERS, line)).toEqual(ids);
  });

  test.each<[object, string[]]>([
    [alert(132, "elsewhere.example.com"), ["firewallRejected"]],
    [alert(132, "licensing.tryretool.com"), ["firewallLicence"]],
    [alert(131), ["firewallRejected"]],
    [alert(121), ["firewallDropped"]],
    [alert(103), ["foreignRange"]],
    [alert(113), []],
    [alert(1_234_567, "elsewhere.example.com"), []],
  ])("count of connections: %j is %j", (line, ids) => {
    expect(counted(FIREWALL_FILTERS, line)).toEqual(ids);
  });

  test("count every rule that refuses, and the one about HOME_NET", () => {
    const lines = planFirewall(plan, { cidrs: ["10.0.0.0/16"] }).rules.map(parseRule);
    const refusing = lines.filter(({ action }) => action === "drop" || action === "reject").map(({ sid }) => sid);

    expect(refusing.length).toBeGreaterThanOrEqual(8);
    expect(refusing.filter((sid) => counted(FIREWALL_FILTERS, alert(sid)).length !== 1)).toEqual([]);
  });

  test("tell no licence apart where none is checked", () => {
    expect(Object.keys({ ...nameFilters([]), ...firewallFilters([]) })).toEqual([
      "refusedNames",
      "firewallRejected",
      "firewallDropped",
      "foreignRange",
    ]);
    expect(counted(nameFilters([]), name("licensing.tryretool.com", "BLOCK"))).toEqual(["refusedNames"]);
  });

  test("are those of the level", () => {
    const ids = (level: "open" | "dns" | "firewall"): string[] =>
      Object.keys(egressMetrics({ ...plan, level }, "retool-prod"));

    expect(ids("open")).toEqual([]);
    expect(ids("dns")).toEqual(["refusedNames", "refusedLicence"]);
    expect(ids("firewall")).toHaveLength(6);
    expect(egressMetrics({ ...plan, level: "dns" }, "retool-prod").refusedNames).toMatchObject({
      namespace: "cdktf-retool/retool-prod",
      metricName: "RefusedNames",
    });
  });
});

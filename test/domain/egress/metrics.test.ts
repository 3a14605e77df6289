import { planEgress } from "../../../domain/egress/egress";
import { planFirewall } from "../../../domain/egress/firewall";
import { egressMetrics, firewallFilters, type MetricFilter, nameFilters } from "../../../domain/egress/metrics";
import { context } from "../../support/fakes";
import { counts } from "../../support/log-filter";
import { everything } from "../../support/retool-cluster";
import { parseRule } from "../../support/suricata-evaluator";

const input = { temporal: { kind: "retool-managed" }, features: everything } as const;
const { plan } = planEgress({ level: "firewall" }, context, input);
const NAME_FILTERS = nameFilters(plan.rules);
const FIREWALL_FILTERS = firewallFilters(plan.rules);

/**
 * A line of the log of names, with every field that Route 53 documents; those of the firewall are there only where a rule matched.
 *
 * Source: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html
 */
const name = (query: string, action?: string): object => ({
  version: "1.100000",
  account_id: "111122223333",
  region: "us-east-1",
  vpc_id: "vpc-0a1b2c3d4e5f60718",
  query_timestamp: "2026-11-29T12:00:00Z",
  query_name: `${query}.`,
  query_type: "A",
  query_class: "IN",
  rcode: action === "BLOCK" ? "NXDOMAIN" : "NOERROR",
  answers: [],
  srcaddr: "10.0.64.21",
  srcport: "47101",
  transport: "UDP",
  srcids: { instance: "i-0a1b2c3d4e5f60718" },
  ...(action === undefined
    ? {}
    : {
        firewall_rule_group_id: "rslvr-frg-0a1b2c3d4e5f6071",
        firewall_rule_action: action,
        firewall_domain_list_id: "rslvr-fdl-0a1b2c3d4e5f6071",
      }),
});

/**
 * A line of the firewall's alerts: an event of Suricata's EVE log in an envelope.
 *
 * Source: https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging-contents.html
 */
const alert = (signature: number, sni?: string): object => ({
  firewall_name: "retool-prod",
  availability_zone: "us-east-1a",
  event_timestamp: "1795953600",
  event: {
    timestamp: "2026-11-29T12:00:00.000000+0000",
    flow_id: 1_582_438_383_425_873,
    event_type: "alert",
    src_ip: "10.0.64.21",
    src_port: 49_152,
    dest_ip: "198.51.100.7",
    dest_port: 443,
    proto: "TCP",
    alert: { action: "blocked", signature_id: signature, rev: 1, signature: "not listed", category: "", severity: 3 },
    ...(sni === undefined ? {} : { app_proto: "tls", tls: { sni, version: "UNDETERMINED" } }),
  },
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

  test("tell no license apart where none is checked", () => {
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

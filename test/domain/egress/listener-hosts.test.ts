import { type EnvironmentPlan, planEnvironment } from "../../../domain/environment/environment";
import { egressReport } from "../../../domain/egress/report";
import type { EnvironmentSpec } from "../../../domain/environment/spec";
import { isListed } from "../../support/dns-evaluator";
import { prod } from "../../support/environments/prod";
import { secondInstance } from "../../support/second-instance";

const FRONT_DOOR = { spaceHosts: ["sales.example.net"], appsDomain: "apps.example.org" };
const FRONT_NAMES = ["sales.example.net", "*.apps.example.org", "*.sandboxes.apps.example.org"];
const ZONE = "Z0123456789ABCDEFGHIJ";

const planOf = (change: Partial<EnvironmentSpec>): EnvironmentPlan =>
  planEnvironment({
    ...prod,
    frontDoor: FRONT_DOOR,
    dns: { kind: "existing-zone", otherZones: { "example.net": ZONE, "example.org": ZONE } },
    ...change,
  });

/** A host for each name that answers, an asterisk as any label. */
function opened({ hostnames }: EnvironmentPlan): string[] {
  return [...hostnames.hosts, `*.${hostnames.appHost}`].map((host) => host.replace("*", "any"));
}

describe("the names under which Retool is opened", () => {
  const { network, cluster } = secondInstance(prod);

  test.each<[string, Partial<EnvironmentSpec>]>([
    ["a new network at level dns", { egress: { level: "dns" } }],
    ["a new network at level firewall", { egress: { level: "firewall" } }],
    [
      "an internal environment with a private zone",
      {
        access: "internal",
        dns: { kind: "private-zone", validationZoneId: ZONE },
        frontDoor: { appsDomain: `apps.${prod.domain}` },
      },
    ],
    ["a network that exists", { network, cluster, egress: { level: "dns" } }],
  ])("are resolved in %s", (_, change) => {
    const plan = planOf(change);
    const { allowed = [] } = plan.dnsFirewall ?? {};

    expect(opened(plan).filter((host) => !isListed(allowed, host))).toEqual([]);
    expect(isListed(allowed, prod.domain.slice(prod.domain.indexOf(".") + 1))).toBe(false);
  });

  test("stand in the report, for the owner of a network that exists, and open nothing to pods or on the wire", () => {
    const { egress, context } = planOf({ network, cluster, egress: { level: "open" } });
    const names = [prod.domain, `*.${prod.domain}`, ...FRONT_NAMES];
    const rows = egressReport(egress, context).connections.filter(({ where }) => names.includes(where));

    expect(rows.map(({ where, who }) => [where, who])).toEqual(names.map((name) => [name, ["nodes"]]));
    const { networkFirewall, egress: strict } = planOf({ egress: { level: "firewall" } });
    expect(networkFirewall?.rules.filter((rule) => rule.includes("sales.example.net"))).toEqual([]);
    expect(strict.notes.filter((note) => note.includes("sales.example.net"))).toEqual([]);
  });

  test("do not stand for a row that opens them to a container", () => {
    const listed = planOf({ egress: { level: "firewall", resources: [{ to: "sales.example.net" }] } });
    const unlisted = planOf({ retool: { environment: { SMTP_HOST: prod.domain, SMTP_PORT: "443" } } });

    expect(listed.networkFirewall?.rules.filter((rule) => rule.includes("sales.example.net"))).toHaveLength(1);
    expect(unlisted.egress.notes).toContainEqual(
      expect.stringContaining(`SMTP_HOST names ${prod.domain}:443, which nothing opens`),
    );
  });
});

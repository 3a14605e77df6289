import { prod } from "../../support/environments/prod";
import type { EgressRule } from "../../../domain/egress/rules";
import { planEnvironment } from "../../../domain/environment/environment";
import type { RetoolSpec } from "../../../domain/retool/retool";

function rulesOf(retool: RetoolSpec): { ids: string[]; rule: (id: string) => EgressRule | undefined } {
  const { rules } = planEnvironment({ ...prod, retool }).egress;
  const configured = rules.filter(({ id }) => id.startsWith("sign-in/") || id === "proxy");
  return { ids: configured.map(({ id }) => id), rule: (id) => rules.find((candidate) => candidate.id === id) };
}

const client = { clientId: "retool", clientSecret: "sso/secret" };
const oidc = {
  kind: "oidc",
  ...client,
  authUrl: "https://login.corp.example.com/authorize",
  tokenUrl: "https://tokens.corp.example.com/oauth/token",
} as const;

describe("what the settings of Retool name outside", () => {
  test("is nothing by default", () => {
    expect(rulesOf({}).ids).toEqual([]);
  });

  test("is where an identity provider gives out tokens; only browsers call its other pages", () => {
    const { ids, rule } = rulesOf({ sso: oidc });

    expect(ids).toEqual(["sign-in/tokens.corp.example.com"]);
    expect(rule("sign-in/tokens.corp.example.com")).toMatchObject({
      sources: ["api"],
      destination: { kind: "host", host: "tokens.corp.example.com" },
      port: 443,
      route: "internet",
    });
  });

  test("is Google's where Google signs users in", () => {
    expect(rulesOf({ sso: { kind: "google", ...client } }).ids).toEqual([
      "sign-in/oauth2.googleapis.com",
      "sign-in/www.googleapis.com",
    ]);
  });

  test.each([
    ["http://10.9.0.8:3128", { kind: "range", cidr: "10.9.0.8/32" }, 3128],
    ["http://proxy.corp.example.com", { kind: "host", host: "proxy.corp.example.com" }, 80],
    ["https://proxy.corp.example.com", { kind: "host", host: "proxy.corp.example.com" }, 443],
  ] as const)("is the proxy %s", (url, destination, port) => {
    expect(rulesOf({ outboundProxy: { url } }).rule("proxy")).toMatchObject({ destination, port, route: "private" });
  });

  test("stands among the names that are resolved and passed", () => {
    const { dnsFirewall, networkFirewall } = planEnvironment({
      ...prod,
      retool: { sso: oidc },
      egress: { level: "firewall" },
    });

    expect(dnsFirewall?.allowed).toContain("tokens.corp.example.com");
    expect(networkFirewall?.rules.filter((rule) => rule.includes("tokens.corp.example.com"))).toHaveLength(1);
    expect(networkFirewall?.defaultActions).toContain("aws:drop_established_app_layer_to_server");
  });
});

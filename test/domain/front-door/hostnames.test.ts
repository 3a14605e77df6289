import fc from "fast-check";

import {
  baseName,
  covers,
  holdingZone,
  hostViolations,
  type HostnamesPlan,
  type HostnamesSpec,
  isWithin,
  parentOf,
  planHostnames,
} from "../../../domain/front-door/hostnames";
import { formatViolation } from "../../../domain/common/violation";
import { context } from "../../support/fakes";

const plan = (spec?: HostnamesSpec, domain = context.domain): HostnamesPlan =>
  planHostnames(spec, { ...context, domain }).plan;
const problems = (spec?: HostnamesSpec, domain = context.domain): string[] =>
  planHostnames(spec, { ...context, domain }).violations.map(formatViolation);

const label = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const name = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => `${labels.join(".")}.example.com`);

describe("planHostnames", () => {
  test("by default, the proxy has its own host below the domain", () => {
    expect(planHostnames(undefined, context)).toEqual({
      plan: {
        appHost: "retool.example.com",
        sandboxProxyHost: "agent-proxy.retool.example.com",
        hosts: ["retool.example.com", "agent-proxy.retool.example.com"],
        certificateNames: ["retool.example.com", "*.retool.example.com"],
        records: ["retool.example.com", "*.retool.example.com"],
      },
      violations: [],
    });
  });

  test("in same-origin mode there is no second host, but the wildcard stays for Spaces", () => {
    expect(plan({ sandboxProxy: "same-origin" })).toMatchObject({
      sandboxProxyHost: undefined,
      hosts: ["retool.example.com"],
      certificateNames: ["retool.example.com", "*.retool.example.com"],
    });
  });

  test.each<[HostnamesSpec, string[]]>([
    [{ sandboxProxyHost: "proxy.retool.example.com" }, []],
    [{ sandboxProxyHost: "agent-proxy.example.com" }, ["agent-proxy.example.com"]],
    [{ sandboxProxyHost: "a.b.retool.example.com" }, ["a.b.retool.example.com"]],
    [{ spaceHosts: ["finance.retool.example.com"] }, []],
    [{ spaceHosts: ["finance.example.com", "hr.example.org"] }, ["finance.example.com", "hr.example.org"]],
    [{ appsDomain: "apps.retool.example.com" }, ["*.apps.retool.example.com", "*.sandboxes.apps.retool.example.com"]],
    [{ appsDomain: "example-apps.com" }, ["*.example-apps.com", "*.sandboxes.example-apps.com"]],
  ])("%j adds names only for what the wildcard does not cover", (spec, added) => {
    const { certificateNames, records } = plan(spec);

    expect(problems(spec)).toEqual([]);
    expect(certificateNames).toEqual(["retool.example.com", "*.retool.example.com", ...added]);
    expect(records).toEqual(certificateNames);
  });

  test("covers every host by a name of the certificate, and lists no name twice", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { maxLength: 6 }),
        fc.option(name, { nil: undefined }),
        (spaceHosts, appsDomain) => {
          const { hosts, certificateNames } = plan({ spaceHosts, appsDomain });
          for (const host of hosts) expect(certificateNames.filter((each) => covers(each, host))).not.toEqual([]);
          expect(new Set(certificateNames).size).toBe(certificateNames.length);
        },
      ),
    );
  });

  test("needs no name more than it has: without any of them some host is not covered, but for the wildcard", () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 6 }), (spaceHosts) => {
        const { hosts, certificateNames } = plan({ spaceHosts, sandboxProxy: "same-origin" });
        for (const dropped of certificateNames.slice(2)) {
          const rest = certificateNames.filter((each) => each !== dropped);
          expect(hosts.every((host) => rest.some((each) => covers(each, host)))).toBe(false);
        }
      }),
    );
  });

  test("never throws on settings of another shape", () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), (spec, domain) => {
        expect(() => planHostnames(spec as HostnamesSpec, { ...context, domain })).not.toThrow();
      }),
    );
  });
});

describe("the domain", () => {
  test.each([
    ["Retool.Example.com", 'domain: "Retool.Example.com" is not in canonical form; use "retool.example.com"'],
    ["retool.example.com.", 'domain: "retool.example.com." is not in canonical form; use "retool.example.com"'],
    ["bücher.example.com", 'domain: "bücher.example.com" is not in canonical form; use "xn--bcher-kva.example.com"'],
    ["https://retool.example.com", 'domain: "https://retool.example.com" is not a host name; use "retool.example.com"'],
    ["retool.example.com/login", 'domain: "retool.example.com/login" is not a host name; use "retool.example.com"'],
    ["retool.example.com:8443", 'domain: "retool.example.com:8443" is not a host name; use "retool.example.com"'],
    [
      "me@retool.example.com",
      'domain: "me@retool.example.com" is not a host name; use a name such as "retool.example.com"',
    ],
    ["https://localhost/", 'domain: "https://localhost/" is not a host name; use a name such as "retool.example.com"'],
    ["", 'domain: "" is not a host name; use a name such as "retool.example.com"'],
    [
      "re tool.example.com",
      'domain: "re tool.example.com" is not a host name; use a name such as "retool.example.com"',
    ],
    [
      "retool_1.example.com",
      'domain: "retool_1" in "retool_1.example.com" is not a label of a host name; use lower-case letters, digits and inner hyphens',
    ],
    [
      "-retool.example.com",
      'domain: "-retool" in "-retool.example.com" is not a label of a host name; use lower-case letters, digits and inner hyphens',
    ],
    [
      "retool..example.com",
      'domain: "" in "retool..example.com" is not a label of a host name; use lower-case letters, digits and inner hyphens',
    ],
    [
      "*.example.com",
      'domain: "*" in "*.example.com" is not a label of a host name; use lower-case letters, digits and inner hyphens',
    ],
    ["localhost", 'domain: "localhost" is not below a registrable domain; use a name such as "retool.example.com"'],
    ["co.uk", 'domain: "co.uk" is not below a registrable domain; use a name such as "retool.example.com"'],
    ["10.0.0.1", 'domain: "10.0.0.1" is not below a registrable domain; use a name such as "retool.example.com"'],
  ])("%j is refused", (domain, expected) => {
    expect(problems({ sandboxProxy: "same-origin" }, domain)).toEqual([expected]);
  });

  test.each([
    "example.com",
    "retool.example.co.uk",
    "xn--bcher-kva.example.com",
    "1.example.com",
    "retool.corp.internal",
  ])("%s is accepted", (domain) => {
    expect(problems({}, domain)).toEqual([]);
  });

  // ACM takes a common name of 64 characters: 50 + ".example.com" (12) = 62.
  test.each([
    [52, []],
    [53, ["domain: has 65 characters, more than ACM takes as the first name of a certificate; use at most 64"]],
  ])("a first label of %i characters", (length, expected) => {
    expect(problems({}, `${"a".repeat(length)}.example.com`)).toEqual(expected);
  });
});

describe("hostViolations", () => {
  const check = (host: string): string[] => hostViolations("here", host).map(formatViolation);

  test("knows the limits of labels and names", () => {
    const longest = `${"a".repeat(63)}.example.com`;
    const whole = `${`${"b".repeat(49)}.`.repeat(4)}${"c".repeat(41)}.example.com`;

    expect(check(longest)).toEqual([]);
    expect(check(`a${longest}`)).toEqual([
      `here: its label "${"a".repeat(64)}" has 64 characters; use at most 63 between two dots`,
    ]);
    expect(whole).toHaveLength(253);
    expect(check(whole)).toEqual([]);
    expect(check(`c${whole}`)).toEqual(["here: has 254 characters; use at most 253"]);
  });

  test("the form it proposes is accepted", () => {
    fc.assert(
      fc.property(fc.domain(), (domain) => {
        const proposed = /use "(.*)"$/.exec(check(`${domain.toUpperCase()}.`)[0] ?? "")?.[1] ?? "";
        expect(check(proposed).filter((line) => line.includes("plain form"))).toEqual([]);
      }),
    );
  });
});

describe("the host of the sandbox proxy", () => {
  test.each<[HostnamesSpec, string]>([
    [
      { sandboxProxyHost: "agent-proxy.example.org" },
      'frontDoor.sandboxProxyHost: "agent-proxy.example.org" is neither below retool.example.com nor next to it; ' +
        'use a name such as "agent-proxy.retool.example.com"',
    ],
    [
      { sandboxProxyHost: "a.b.example.com" },
      'frontDoor.sandboxProxyHost: "a.b.example.com" is neither below retool.example.com nor next to it; ' +
        'use a name such as "agent-proxy.retool.example.com"',
    ],
    [
      { sandboxProxyHost: "Proxy.example.com" },
      'frontDoor.sandboxProxyHost: "Proxy.example.com" is not in canonical form; use "proxy.example.com"',
    ],
    [
      { sandboxProxyHost: "retool.example.com" },
      'frontDoor: "retool.example.com" is used twice; use different hosts for the sandbox proxy and each Space',
    ],
    [
      { sandboxProxy: "same-origin", sandboxProxyHost: "proxy.retool.example.com" },
      'frontDoor.sandboxProxyHost: "proxy.retool.example.com" has no effect when sandboxProxy is "same-origin"; ' +
        'remove it, or set sandboxProxy to "dedicated-host"',
    ],
  ])("%j is refused", (spec, expected) => {
    expect(problems(spec)).toEqual([expected]);
  });

  test("is not next to a domain that someone else may have registered", () => {
    expect(problems({ sandboxProxyHost: "agent-proxy.com" }, "example.com")).toEqual([
      'frontDoor.sandboxProxyHost: "agent-proxy.com" is neither below example.com nor next to it; ' +
        'use a name such as "agent-proxy.example.com"',
    ]);
  });
});

describe("further hosts", () => {
  test("are checked one by one, and against each other", () => {
    expect(problems({ spaceHosts: ["Finance.example.com", "hr.example.com", "hr.example.com"] })).toEqual([
      'frontDoor.spaceHosts[0]: "Finance.example.com" is not in canonical form; use "finance.example.com"',
      'frontDoor: "hr.example.com" is used twice; use different hosts for the sandbox proxy and each Space',
    ]);
  });

  test.each([
    [8, []],
    [
      9,
      [
        "frontDoor.spaceHosts: the certificate would need 11 names, and ACM allows 10; " +
          "use hosts one label below the domain, which its wildcard covers",
      ],
    ],
  ])("%i of them in addition to the domain", (count, expected) => {
    expect(problems({ spaceHosts: Array.from({ length: count }, (_, index) => `s${index}.example.com`) })).toEqual(
      expected,
    );
  });

  test.each([
    [
      "retool.example.com",
      'frontDoor.appsDomain: "retool.example.com" is Retool\'s own host, so apps would share its origin; ' +
        'use "apps.retool.example.com", or a separate domain',
    ],
    ["apps", 'frontDoor.appsDomain: "apps" is not below a registrable domain; use a name such as "retool.example.com"'],
  ])("apps below %s are refused", (appsDomain, expected) => {
    expect(problems({ appsDomain })).toEqual([expected]);
  });
});

describe("names", () => {
  test.each([
    ["retool.example.com", "retool.example.com", true],
    ["*.example.com", "retool.example.com", true],
    ["*.example.com", "a.retool.example.com", false],
    ["*.example.com", "example.com", false],
    ["*.retool.example.com", "retool.example.com", false],
    ["*.apps.example.com", "*.apps.example.com", true],
    ["*.example.com", "*.apps.example.com", false],
    ["example.com", "retool.example.com", false],
  ])("%s covers %s: %s", (covering, host, expected) => {
    expect(covers(covering, host)).toBe(expected);
  });

  test.each([
    ["example.com", "example.com", true],
    ["example.com", "a.b.example.com", true],
    ["example.com", "badexample.com", false],
    ["retool.example.com", "example.com", false],
  ])("%s holds %s: %s", (zone, host, expected) => {
    expect(isWithin(zone, host)).toBe(expected);
  });

  test("the longest zone holds a host, in any order", () => {
    const zones = ["example.com", "retool.example.com", "other.org"];

    expect(holdingZone(zones, "a.retool.example.com")).toBe("retool.example.com");
    expect(holdingZone([...zones].reverse(), "a.retool.example.com")).toBe("retool.example.com");
    expect(holdingZone(zones, "b.example.com")).toBe("example.com");
    expect(holdingZone(zones, "example.net")).toBeUndefined();
  });

  test("parents and wildcards", () => {
    expect(parentOf("a.b.c")).toBe("b.c");
    expect(baseName("*.b.c")).toBe("b.c");
    expect(baseName("b.c")).toBe("b.c");
  });
});

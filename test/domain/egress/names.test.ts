import fc from "fast-check";

import { quote } from "../../../domain/common/quote";
import { hostProblem, isPublicSuffix, nameDestination } from "../../../domain/egress/names";

describe("hostProblem", () => {
  test.each([
    "api.example.com",
    "*.example.com",
    "a.b",
    "xn--mnchen-3ya.example.com",
    "1password.com",
    `${"a".repeat(63)}.example.com`,
    `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(61)}`,
    "*.com",
  ])("%s is fine", (name) => {
    expect(hostProblem(name)).toBeUndefined();
  });

  test.each([
    ["https://api.example.com/v1", "is more than a host name", 'use "api.example.com"'],
    ["api.example.com:8443", "is more than a host name", 'use "api.example.com"'],
    ["user@api.example.com", "is more than a host name", 'use a name such as "api.example.com" or "*.example.com"'],
    ["api.example.com.", "ends with a dot", 'use "api.example.com"'],
    ["API.Example.com", "has capital letters", 'use "api.example.com"'],
    ["münchen.example.com", "has letters outside ASCII", 'use "xn--mnchen-3ya.example.com"'],
    ["*.münchen.example.com", "has letters outside ASCII", 'use "*.xn--mnchen-3ya.example.com"'],
    [
      "a.*.example.com",
      "has an asterisk that does not stand for whole leading labels",
      'use a name such as "api.example.com" or "*.example.com"',
    ],
    [
      "*example.com",
      "has an asterisk that does not stand for whole leading labels",
      'use a name such as "api.example.com" or "*.example.com"',
    ],
    ["-a.example.com", "is not a host name", 'use a name such as "api.example.com" or "*.example.com"'],
    ["a.b_c.com", "is not a host name", 'use a name such as "api.example.com" or "*.example.com"'],
    ["a..example.com", "is not a host name", 'use a name such as "api.example.com" or "*.example.com"'],
    ["", "is not a host name", 'use a name such as "api.example.com" or "*.example.com"'],
    ["10.0.0.7", "is an address, not a name", 'use a name such as "api.example.com" or "*.example.com"'],
    [
      "postgres",
      "is not fully qualified, so what it means depends on where it is resolved",
      'use a name such as "api.example.com" or "*.example.com"',
    ],
    [
      `${"a".repeat(64)}.example.com`,
      "has a part of more than 63 characters",
      'use a name such as "api.example.com" or "*.example.com"',
    ],
    [
      `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(62)}`,
      "is longer than 253 characters",
      'use a name such as "api.example.com" or "*.example.com"',
    ],
  ])("%s is refused", (name, fault, remedy) => {
    expect(hostProblem(name)).toEqual({ problem: `${quote(name)} ${fault}`, remedy });
  });

  test("what a remedy suggests is accepted", () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.domain(), fc.string(), fc.ipV4()), (text) => {
        const suggested = /^use "([^"]+)"$/.exec(hostProblem(text)?.remedy ?? "")?.[1];

        expect(suggested === undefined ? undefined : hostProblem(suggested)).toBeUndefined();
      }),
    );
  });

  test("nothing that is accepted can leave its place in a rule", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.domain(),
          fc.string({ unit: fc.constantFrom("a", ".", "*", "-", ";", '"', "$", "\n") }),
        ),
        (text) => {
          expect(hostProblem(text) === undefined ? text : "").toMatch(/^(\*\.)?[a-z0-9.-]*$/);
        },
      ),
    );
  });
});

describe("isPublicSuffix", () => {
  test.each(["com", "co.uk", "github.io", "cloudfront.net", "s3.amazonaws.com"])("%s is one", (domain) => {
    expect(isPublicSuffix(domain)).toBe(true);
  });

  test.each(["example.com", "example.co.uk", "acme.github.io", "temporal.io", "tmprl.cloud"])(
    "%s is none",
    (domain) => {
      expect(isPublicSuffix(domain)).toBe(false);
    },
  );
});

describe("nameDestination", () => {
  test("tells hosts from wildcards", () => {
    expect(nameDestination("a.example.com")).toEqual({ kind: "host", host: "a.example.com" });
    expect(nameDestination("*.example.com")).toEqual({ kind: "subdomains", domain: "example.com" });
  });
});

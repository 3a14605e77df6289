import { prod } from "../../support/environments/prod";
import { checkEnvironment } from "../../../domain/environment/environment";
import { formatViolation } from "../../../domain/common/violation";

const CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0aaa0000-0000-0000-0000-000000000000";
const LONG_LABEL = "a".repeat(64);
const LONG_DOMAIN = `${"abcdefghi.".repeat(25)}example.com`;

/** What a team might write, and everything that is said about it. */
const refusals: readonly (readonly [what: string, changes: object, lines: readonly string[]])[] = [
  [
    "the zone of another domain",
    { dns: { kind: "existing-zone", zoneName: "example.org" }, frontDoor: { sandboxProxy: "same-origin" } },
    ['dns.zoneName: the zone example.org cannot hold "retool.example.com"; use the zone of the domain or one above it'],
  ],
  [
    "a certificate of one host, with the sandbox proxy on",
    { dns: { kind: "none", certificateArn: CERTIFICATE, certificateNames: ["retool.example.com"] } },
    [
      'dns.certificateNames: no name of the certificate covers "agent-proxy.retool.example.com"; ' +
        'use a certificate with "agent-proxy.retool.example.com" or "*.retool.example.com" among its names, and list it',
    ],
  ],
  [
    "a private zone with a public certificate to be minted",
    { access: "internal", dns: { kind: "private-zone" } },
    [
      "dns.kind: ACM cannot validate a certificate in a private zone; " +
        "add validationZoneId, a public zone that holds the domain, or the certificateArn of an issued certificate",
    ],
  ],
  [
    "names of a private zone for users on the internet",
    { dns: { kind: "private-zone", validationZoneId: "Z1" } },
    [
      "dns.kind: names of a private zone resolve only in the VPC, but access lists internet ranges; " +
        'set access to "internal", or use a public zone',
    ],
  ],
  ["access that is not given", { access: undefined }, ['access: is missing; use "internal", or a list: [ ... ]']],
  [
    "access that is open, but not written out",
    { access: "public" },
    ['access: "public" fits none of the allowed forms; use "internal", or a list: [ ... ]'],
  ],
  ["access for nobody", { access: [] }, ['access: is an empty list; use address ranges such as "203.0.113.0/24"']],
  [
    "a domain of more than 253 characters",
    { domain: LONG_DOMAIN, frontDoor: { sandboxProxy: "same-origin" } },
    [`domain: has ${LONG_DOMAIN.length} characters; use at most 253`],
  ],
  [
    "a label of more than 63 characters",
    { domain: `${LONG_LABEL}.example.com`, frontDoor: { sandboxProxy: "same-origin" } },
    [`domain: its label "${LONG_LABEL}" has 64 characters; use at most 63 between two dots`],
  ],
  [
    "a wildcard for a domain",
    { domain: "*.example.com", frontDoor: { sandboxProxy: "same-origin" } },
    ['domain: "*" in "*.example.com" is not a label of a host name; use lower-case letters, digits and inner hyphens'],
  ],
  [
    "an international name in letters",
    { domain: "bücher.example.com" },
    ['domain: "b\\u{00fc}cher.example.com" is not in canonical form; use "xn--bcher-kva.example.com"'],
  ],
  [
    "a trailing dot",
    { domain: "retool.example.com." },
    ['domain: "retool.example.com." is not in canonical form; use "retool.example.com"'],
  ],
  [
    "a certificate of another region",
    { dns: { kind: "none", certificateArn: CERTIFICATE.replace("us-east-1", "eu-west-1") } },
    [
      "dns.certificateArn: the certificate is in account 111122223333, region eu-west-1, so a load balancer in " +
        "111122223333, us-east-1 cannot use it; request or import it in 111122223333, us-east-1",
    ],
  ],
  [
    "a proxy's host on a domain of someone else",
    { frontDoor: { sandboxProxyHost: "proxy.example.org" } },
    [
      'frontDoor.sandboxProxyHost: "proxy.example.org" is neither below retool.example.com nor next to it; ' +
        'use a name such as "agent-proxy.retool.example.com"',
    ],
  ],
  [
    "a Space on Retool's own host",
    { frontDoor: { spaceHosts: ["retool.example.com"] } },
    ['frontDoor: "retool.example.com" is used twice; use different hosts for the sandbox proxy and each Space'],
  ],
  [
    "a Space that no zone holds",
    { frontDoor: { spaceHosts: ["hr.example.org"] } },
    [
      'dns: no zone that holds retool.example.com can hold "hr.example.org"; ' +
        'use another host, or name its zone in dns.otherZones: { "example.org": "Z..." }',
    ],
  ],
  [
    "private addresses of users who come over the internet",
    { access: ["10.0.0.0/8"] },
    [
      "access[0]: 10.0.0.0/8 is private, so it cannot reach an internet-facing load balancer; " +
        'list the public addresses of these users, or set access to "internal"',
    ],
  ],
  [
    "IPv6 users of a load balancer without IPv6",
    { access: ["203.0.113.0/24", "2001:db8::/32"] },
    [
      "access: 2001:db8::/32 is an IPv6 range, and the load balancer has no IPv6 address; " +
        "set frontDoor.dualStack to true, or remove it",
    ],
  ],
  [
    "an idle timeout that cuts off the sandbox proxy",
    { frontDoor: { idleTimeoutSeconds: 60 } },
    ["frontDoor.idleTimeoutSeconds: 60 is out of range; " + "use 180 to 4000 seconds"],
  ],
  [
    "a role for a zone that nobody names",
    { dns: { kind: "create", roleArn: "arn:aws:iam::444455556666:role/dns" } },
    ["dns.roleArn: has no effect without parentZoneId; set parentZoneId, or remove it"],
  ],
];

describe("an entrance that cannot work is refused with path, problem and remedy, and nothing else is", () => {
  test.each(refusals)("%s", (_, changes, lines) => {
    const found = checkEnvironment({ ...prod, ...changes }).violations.map(formatViolation);

    expect(found.sort()).toEqual([...lines].sort());
  });
});

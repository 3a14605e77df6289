import fc from "fast-check";

import {
  addressCount,
  contains,
  formatIpv4,
  overlaps,
  parseIpv4,
  parseRange,
  rangeProblem,
} from "../../../domain/common/address-range";

const range = (text: string): NonNullable<ReturnType<typeof parseIpv4>> => {
  const parsed = parseIpv4(text);
  if (parsed === undefined) throw new Error(`${text} is not IPv4`);
  return parsed;
};

const ipv4Text = fc
  .tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }))
  .map(([address, length]) => parseRange(`${address}/${length}`)?.canonical ?? "");

describe("parseRange", () => {
  test.each([
    ["10.0.0.0/16", "ipv4", "10.0.0.0/16"],
    ["10.0.3.7/16", "ipv4", "10.0.0.0/16"],
    ["0.0.0.0/0", "ipv4", "0.0.0.0/0"],
    ["203.0.113.7/32", "ipv4", "203.0.113.7/32"],
    ["2001:db8::/32", "ipv6", "2001:db8::/32"],
    ["2001:DB8:0:0::1/64", "ipv6", "2001:db8::/64"],
    ["::/0", "ipv6", "::/0"],
  ])("reads %s as %s", (text, family, canonical) => {
    expect(parseRange(text)).toMatchObject({ family, canonical });
  });

  test.each([
    "",
    "10.0.0.0",
    "10.0.0.0/",
    "10.0.0.0/33",
    "10.0.0/16",
    "010.0.0.0/8",
    "0x0a.0.0.0/8",
    "256.0.0.0/8",
    "::/129",
    "2001:db8::/-1",
    "example.com/24",
    " 10.0.0.0/8",
    "10.0.0.0/8\n",
  ])("refuses %j", (text) => {
    expect(parseRange(text)).toBeUndefined();
  });
});

describe("rangeProblem", () => {
  test.each([
    ["10.0.0.0/16", undefined],
    ["2001:DB8::/32", undefined],
    ["2001:db8:0:0::/32", undefined],
    ["office", { problem: '"office" is not an address range', remedy: 'use a value such as "203.0.113.0/24"' }],
    ["198.18.0.5", { problem: '"198.18.0.5" is not an address range', remedy: 'use "198.18.0.5/32"' }],
    ["2001:db8::5", { problem: '"2001:db8::5" is not an address range', remedy: 'use "2001:db8::5/128"' }],
    ["10.0.0.1/16", { problem: '"10.0.0.1/16" has host bits set', remedy: 'use "10.0.0.0/16"' }],
    ["2001:db8::1/32", { problem: '"2001:db8::1/32" has host bits set', remedy: 'use "2001:db8::/32"' }],
  ])("of %s is %j", (text, expected) => {
    expect(rangeProblem(text)).toEqual(expected);
  });
});

describe("IPv4 arithmetic", () => {
  test("writes what it reads", () => {
    fc.assert(fc.property(ipv4Text, (text) => formatIpv4(range(text)) === text));
  });

  test.each([
    [0, 4_294_967_296],
    [16, 65_536],
    [28, 16],
    [32, 1],
  ])("a /%i has %i addresses", (length, count) => {
    expect(addressCount(length)).toBe(count);
  });

  test.each([
    ["10.0.0.0/16", "10.0.128.0/17", true],
    ["10.0.0.0/16", "10.1.0.0/16", false],
    ["10.0.0.0/16", "9.255.255.255/32", false],
    ["0.0.0.0/0", "255.255.255.255/32", true],
    ["172.16.0.0/12", "172.31.255.0/24", true],
    ["172.16.0.0/12", "172.32.0.0/24", false],
  ])("%s overlaps %s: %s", (left, right, expected) => {
    expect(overlaps(range(left), range(right))).toBe(expected);
    expect(overlaps(range(right), range(left))).toBe(expected);
  });

  test.each([
    ["10.0.0.0/8", "10.255.0.0/16", true],
    ["10.0.0.0/8", "10.0.0.0/8", true],
    ["10.0.0.0/16", "10.0.0.0/8", false],
    ["10.0.0.0/8", "11.0.0.0/16", false],
    ["10.0.0.0/8", "9.0.0.0/16", false],
  ])("%s contains %s: %s", (outer, inner, expected) => {
    expect(contains(range(outer), range(inner))).toBe(expected);
  });

  test("two ranges overlap exactly when one contains the other", () => {
    fc.assert(
      fc.property(ipv4Text, ipv4Text, (left, right) => {
        const [a, b] = [range(left), range(right)];
        expect(overlaps(a, b)).toBe(contains(a, b) || contains(b, a));
      }),
    );
  });
});

test("a text is read once: a plan compares the same few ranges thousands of times", () => {
  expect(parseRange("10.1.0.0/16")).toBe(parseRange("10.1.0.0/16"));
  expect(parseIpv4("10.1.0.0/16")).toBe(parseIpv4("10.1.0.0/16"));
});

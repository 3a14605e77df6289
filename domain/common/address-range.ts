import ipaddr from "ipaddr.js";

/** A range of addresses as it is written: `10.0.0.0/16` or `2001:db8::/32`. */
export interface AddressRange {
  /** Which of the two protocols it belongs to. */
  readonly family: "ipv4" | "ipv6";
  /** The range with every bit after its prefix cleared. */
  readonly canonical: string;
  /** Number of leading bits that all of its addresses share. */
  readonly prefixLength: number;
}

/** An IPv4 range as integers. */
export interface Ipv4Range {
  /** First address. */
  readonly first: number;
  /** Number of leading bits that all of its addresses share. */
  readonly prefixLength: number;
}

const IPV4_BITS = 32;
const MOST_REMEMBERED = 10_000;
const CIDR = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/;

/** Private ranges. Source: RFC 1918. */
export const PRIVATE_RANGES: readonly string[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** The shared range, which is private too, but may be a provider's. Source: RFC 6598. */
export const SHARED_RANGE = "100.64.0.0/10";

/** Where instances keep their credentials. */
export const INSTANCE_METADATA = "169.254.169.254/32";

/** Reads a range of addresses; `undefined` where the text is none. */
export const parseRange = remembered(readRange);

/** Reads an IPv4 range as integers; `undefined` where the text is none. */
export const parseIpv4 = remembered(readIpv4);

/** Keeps what was read: a plan compares the same few ranges thousands of times. */
function remembered<Range>(read: (text: string) => Range): (text: string) => Range {
  const known = new Map<string, Range>();
  return (text) => {
    if (known.has(text)) return known.get(text) as Range;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const range = read(text);
    known.set(text, range);
    return range;
  };
}

function readRange(text: string): AddressRange | undefined {
  const [, address = "", length = ""] = CIDR.exec(text) ?? [];
  const prefixLength = Number(length);
  if (ipaddr.IPv4.isValidFourPartDecimal(address) && prefixLength <= IPV4_BITS) {
    const canonical = ipaddr.IPv4.networkAddressFromCIDR(text);
    return { family: "ipv4", canonical: `${canonical.toString()}/${prefixLength}`, prefixLength };
  }
  if (ipaddr.IPv6.isValid(address) && prefixLength <= 4 * IPV4_BITS) {
    const canonical = ipaddr.IPv6.networkAddressFromCIDR(text);
    return { family: "ipv6", canonical: `${canonical.toString()}/${prefixLength}`, prefixLength };
  }
  return undefined;
}

/** Shortest prefix of a range that is not most of the internet: that of the largest private one. */
const WIDEST_PREFIX = 8;

/** Says that a range is wider than the largest private one; `undefined` where it is not. */
export function widthProblem(text: string): string | undefined {
  const range = parseRange(text);
  return range === undefined || range.prefixLength >= WIDEST_PREFIX ? undefined : `${text} covers most of the internet`;
}

/** Says what is wrong with a text that should be a range, as `problem` and `remedy`; `undefined` where nothing is. */
export function rangeProblem(text: string): { readonly problem: string; readonly remedy: string } | undefined {
  const range = parseRange(text);
  if (range === undefined) {
    const remedy = `use ${intendedRange(text) === undefined ? 'a value such as "203.0.113.0/24"' : `"${intendedRange(text)}"`}`;
    return { problem: `"${text}" is not an address range`, remedy };
  }
  if (range.family === "ipv4" && range.canonical !== text)
    return { problem: `"${text}" has host bits set`, remedy: `use "${range.canonical}"` };
  if (range.family === "ipv6" && !sameIpv6(range.canonical, text))
    return { problem: `"${text}" has host bits set`, remedy: `use "${range.canonical}"` };
  return undefined;
}

/** The range that a text means: of a range its canonical form, of an address the range with only this address. */
export function intendedRange(text: string): string | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return `${text}/${IPV4_BITS}`;
  if (ipaddr.IPv6.isValid(text) && !text.includes("%")) return `${text}/${4 * IPV4_BITS}`;
  return parseRange(text)?.canonical;
}

function sameIpv6(canonical: string, text: string): boolean {
  const address = text.slice(0, text.indexOf("/"));
  return ipaddr.IPv6.parse(address).toString() === canonical.slice(0, canonical.indexOf("/"));
}

function readIpv4(text: string): Ipv4Range | undefined {
  const range = parseRange(text);
  if (range?.family !== "ipv4") return undefined;
  const bytes = range.canonical.slice(0, range.canonical.indexOf("/")).split(".");
  return { first: bytes.reduce((sum, byte) => sum * 256 + Number(byte), 0), prefixLength: range.prefixLength };
}

/** Number of addresses in a range. */
export function addressCount(prefixLength: number): number {
  return 2 ** (IPV4_BITS - prefixLength);
}

/** Writes an IPv4 range the way AWS does. */
export function formatIpv4({ first, prefixLength }: Ipv4Range): string {
  const bytes = [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(first / unit) % 256);
  return `${bytes.join(".")}/${prefixLength}`;
}

/** Says whether two IPv4 ranges share an address. */
export function overlaps(left: Ipv4Range, right: Ipv4Range): boolean {
  return left.first < end(right) && right.first < end(left);
}

/** Says whether a range lies wholly in another. */
export function contains(outer: Ipv4Range, inner: Ipv4Range): boolean {
  return outer.first <= inner.first && end(inner) <= end(outer);
}

/** Whether a range lies in one of others; a text that is not an IPv4 range lies in none. */
export function isWithin(cidr: string, outer: readonly string[]): boolean {
  const range = parseIpv4(cidr);
  return range !== undefined && outer.flatMap((text) => parseIpv4(text) ?? []).some((each) => contains(each, range));
}

function end({ first, prefixLength }: Ipv4Range): number {
  return first + addressCount(prefixLength);
}

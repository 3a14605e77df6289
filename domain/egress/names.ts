import { parse } from "tldts";

import { quote } from "../common/quote";
import { LONGEST_LABEL, LONGEST_NAME } from "../common/server-host";
import type { EgressDestination } from "./rules";

/** What is wrong with a text, and what to write instead. */
export interface TextProblem {
  /** What is wrong, naming the text. */
  readonly problem: string;
  /** What to write instead. */
  readonly remedy: string;
}

/** Names of data sources may hold underscores, the last two labels may not. */
const LABEL = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?$/;
const WILDCARD = "*.";
const EXAMPLES = '"api.example.com" or "*.example.com"';

/** Says what is wrong with a host name or a wildcard; `undefined` where nothing is. */
export function hostProblem(text: string): TextProblem | undefined {
  const fault = faultOf(text);
  if (fault === undefined) return undefined;
  const better = plainForm(text);
  const isUsable = better !== undefined && better !== text && faultOf(better) === undefined;
  return {
    problem: `${quote(text)} ${fault}`,
    remedy: isUsable ? `use "${better}"` : `use a name such as ${EXAMPLES}`,
  };
}

/** What a valid host name or wildcard stands for. */
export function nameDestination(text: string): EgressDestination {
  return text.startsWith(WILDCARD)
    ? { kind: "subdomains", domain: text.slice(WILDCARD.length) }
    : { kind: "host", host: text };
}

/**
 * Says whether anyone can get a name right below a domain, as below `com` or `github.io`.
 *
 * Source: https://publicsuffix.org, with the suffixes that companies run.
 */
export function isPublicSuffix(domain: string): boolean {
  return parse(domain, { allowPrivateDomains: true, validateHostname: false }).publicSuffix === domain;
}

/**
 * What stands for a name with an underscore in a list of domains, which takes only letters, digits and hyphens: everything
 * below its parent; `undefined` for all other names. Policies and the network firewall still know the name itself.
 *
 * Source: https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_UpdateFirewallDomains.html
 */
export function widerName(name: string): string | undefined {
  const labels = name.split(".");
  const last = labels.map((label) => label.includes("_")).lastIndexOf(true);
  return last < 0 ? undefined : `*.${labels.slice(last + 1).join(".")}`;
}

/** The first thing that is wrong, as the end of a sentence. */
function faultOf(text: string): string | undefined {
  return FAULTS.find(({ applies }) => applies(text))?.fault;
}

const bare = (text: string): string => (text.startsWith(WILDCARD) ? text.slice(WILDCARD.length) : text);
const labels = (text: string): string[] => bare(text).split(".");

const FAULTS: readonly { readonly applies: (text: string) => boolean; readonly fault: string }[] = [
  { applies: (text) => /[/:@?#\s]/.test(text), fault: "is more than a host name" },
  { applies: (text) => text.endsWith("."), fault: "ends with a dot" },
  { applies: (text) => /[^\x00-\x7F]/.test(text), fault: "has letters outside ASCII" },
  { applies: (text) => /[A-Z]/.test(text), fault: "has capital letters" },
  {
    applies: (text) => bare(text).includes("*"),
    fault: "has an asterisk that does not stand for whole leading labels",
  },
  { applies: (text) => bare(text).length > LONGEST_NAME, fault: `is longer than ${LONGEST_NAME} characters` },
  {
    applies: (text) => labels(text).some((label) => label.length > LONGEST_LABEL),
    fault: `has a part of more than ${LONGEST_LABEL} characters`,
  },
  {
    applies: (text) =>
      labels(text).some((label) => !LABEL.test(label)) || labels(text).slice(-2).join(".").includes("_"),
    fault: "is not a host name",
  },
  { applies: (text) => /^[0-9]+$/.test(labels(text).at(-1) ?? ""), fault: "is an address, not a name" },
  {
    applies: (text) => /(^|\.)(localhost|localdomain)$/.test(text),
    fault: "is the pod itself",
  },
  {
    applies: (text) => labels(text).length === 1 && !text.startsWith(WILDCARD),
    fault: "is not fully qualified, so what it means depends on where it is resolved",
  },
];

/** The name in the form that travels: without scheme, port and path, in lower case, in ASCII. */
function plainForm(text: string): string | undefined {
  // Letters of other scripts look like Latin ones: the name that they make must not be suggested.
  if (/[^\x00-\x7F]/.test(text) && !/^[\p{Script=Latin}\x00-\x7F]*$/u.test(text)) return undefined;
  if (text.includes("@")) return undefined;
  const name = text
    .trim()
    .replace(/^[a-z]+:\/\//i, "")
    .replace(/[/:?#].*$/, "")
    .replace(/\.+$/, "");
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name)) return undefined;
  const wildcard = name.startsWith(WILDCARD) ? WILDCARD : "";
  const ascii = URL.canParse(`http://${bare(name)}`) ? new URL(`http://${bare(name)}`).hostname : bare(name);
  return `${wildcard}${ascii}`;
}

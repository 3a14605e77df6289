/**
 * Answers what a firewall in strict order does with a connection, by reading the text of its rules.
 *
 * It knows the part of the rule language that is in use, refuses everything else, and shares no code with what renders the
 * rules. What it does not model: several packets of one connection (every rule sees the name at once), and answers.
 */
export interface Flow {
  /** Protocol above IP. */
  readonly protocol: "tcp" | "udp" | "icmp";
  /** Where it comes from. */
  readonly source: string;
  /** Where it goes. */
  readonly destination: string;
  /** Port it goes to. */
  readonly port: number;
  /** What the first bytes turn out to be. */
  readonly application?: "tls" | "http" | "quic";
  /** Host that the first bytes name. */
  readonly host?: string;
}

/** What surrounds the rules. */
export interface Policy {
  readonly rules: readonly string[];
  readonly homeNet: readonly string[];
  readonly prefixLists: Readonly<Record<string, readonly string[]>>;
  readonly defaultActions: readonly string[];
}

export interface Verdict {
  readonly allowed: boolean;
  /** Number of the rule that decided; none where the default did. */
  readonly sid?: number;
  /** Numbers of the rules that reported. */
  readonly reported: readonly number[];
}

/** A rule taken apart. */
export interface Rule {
  readonly action: string;
  readonly protocol: string;
  readonly source: string;
  readonly destination: string;
  readonly port: string;
  readonly options: readonly Option[];
  readonly sid: number;
}

export interface Option {
  readonly name: string;
  readonly value?: string;
}

const HEADER = /^(pass|alert|drop|reject) (\w+) (\S+) (\S+) -> (\S+) (\S+) \((.*)\)$/;
const KNOWN = new Set(
  [
    "msg,sid,rev,flow,noalert,flowbits,ip_proto",
    "bsize,ssl_state,stream_size",
    "tls.sni,http.host,ja4.hash,content,startswith,endswith,nocase,offset,depth",
  ].flatMap((line) => line.split(",")),
);

export function parseRule(text: string): Rule {
  const [whole, ...parts] = HEADER.exec(text) ?? [];
  if (whole === undefined) throw new Error(`not a rule: ${text}`);
  const [action, protocol, source, sourcePort, destination, port, body] = parts as Header;
  if (sourcePort !== "any") throw new Error(`a source port: ${text}`);
  const options = parseOptions(body);
  const unknown = options.find(({ name }) => !KNOWN.has(name));
  if (unknown !== undefined) throw new Error(`unknown option ${unknown.name}: ${text}`);
  const sid = Number(options.find(({ name }) => name === "sid")?.value);
  if (!Number.isInteger(sid)) throw new Error(`no number: ${text}`);
  return { action, protocol, source, destination, port, options, sid };
}

type Header = [string, string, string, string, string, string, string];

/** Splits at semicolons that stand neither in quotes nor behind a backslash. */
function parseOptions(body: string): Option[] {
  const options: Option[] = [];
  let current = "";
  let quoted = false;
  for (let index = 0; index < body.length; index += 1) {
    const letter = body.charAt(index);
    if (letter === "\\") {
      current += letter + body.charAt(index + 1);
      index += 1;
    } else if (letter === ";" && !quoted) {
      options.push(parseOption(current.trim()));
      current = "";
    } else {
      if (letter === '"') quoted = !quoted;
      current += letter;
    }
  }
  if (current.trim() !== "" || quoted) throw new Error(`unfinished options: ${body}`);
  return options;
}

function parseOption(text: string): Option {
  const colon = text.indexOf(":");
  return colon < 0 ? { name: text } : { name: text.slice(0, colon), value: text.slice(colon + 1) };
}

export class SuricataEvaluator {
  private readonly rules: readonly Rule[];

  public constructor(private readonly policy: Policy) {
    this.rules = policy.rules.map(parseRule);
  }

  public decide(flow: Flow): Verdict {
    const reported: number[] = [];
    const bits = new Set<string>();
    for (const rule of this.rules) {
      if (!this.applies(rule, flow, bits)) continue;
      if (rule.action === "pass") return { allowed: true, sid: rule.sid, reported };
      if (!rule.options.some(({ name }) => name === "noalert")) reported.push(rule.sid);
      if (rule.action !== "alert") return { allowed: false, sid: rule.sid, reported };
    }
    return { allowed: !this.policy.defaultActions.some((action) => action.includes("drop")), reported };
  }

  private applies(rule: Rule, flow: Flow, bits: Set<string>): boolean {
    return (
      protocolMatches(rule.protocol, flow) &&
      this.endsMatch(rule, flow) &&
      portMatches(rule.port, flow.port) &&
      sizeMatches(rule.options, flow) &&
      rule.options
        .filter(({ name }) => name === "ip_proto")
        .every(({ value }) => value !== `!${flow.protocol.toUpperCase()}`) &&
      bufferMatches(rule.options, flow) &&
      bitsMatch(rule.options, bits)
    );
  }

  /** What a server answers comes from the other end. */
  private endsMatch({ source, destination, options }: Rule, flow: Flow): boolean {
    const isAnswer = options.some(({ name, value }) => name === "flow" && value === "to_client");
    const [from, to] = isAnswer ? [flow.destination, flow.source] : [flow.source, flow.destination];
    return this.addressMatches(source, from) && this.addressMatches(destination, to);
  }

  private addressMatches(pattern: string, address: string): boolean {
    if (pattern === "any") return true;
    const isHome = this.policy.homeNet.some((range) => inRange(address, range));
    if (pattern === "$HOME_NET") return isHome;
    if (pattern === "$EXTERNAL_NET") return !isHome;
    const [, group] = /^\[(.*)\]$/.exec(pattern) ?? [];
    return group === undefined ? this.rangeMatches(pattern, address) : this.groupMatches(group, address);
  }

  /** One range with holes. */
  private groupMatches(group: string, address: string): boolean {
    const [first = "", ...holes] = group.split(",");
    if (holes.some((hole) => !hole.startsWith("!")))
      throw new Error(`a group other than one range with holes: ${group}`);
    return this.addressMatches(first, address) && !holes.some((hole) => inRange(address, hole.slice(1)));
  }

  private rangeMatches(pattern: string, address: string): boolean {
    if (!pattern.startsWith("@")) return inRange(address, pattern);
    const list = this.policy.prefixLists[pattern.slice(1)];
    if (list === undefined) throw new Error(`no prefix list ${pattern}`);
    return list.some((range) => inRange(address, range));
  }
}

function protocolMatches(protocol: string, flow: Flow): boolean {
  return protocol === "ip" || protocol === flow.protocol || protocol === flow.application;
}

function portMatches(pattern: string, port: number): boolean {
  if (pattern === "any") return true;
  const [, excluded] = /^!\[([\d,]+)\]$/.exec(pattern) ?? [];
  return excluded === undefined ? Number(pattern) === port : !excluded.split(",").map(Number).includes(port);
}

/** No flow here is large; one that names a host has bytes in the buffer of its name. */
function sizeMatches(options: readonly Option[], { host }: Flow): boolean {
  if (options.some(({ name }) => name === "stream_size")) return false;
  return !options.some(({ name }) => name === "bsize") || (host ?? "") !== "";
}

/** Flow bits are set once everything else of the rule matches. */
function bitsMatch(options: readonly Option[], bits: Set<string>): boolean {
  const actions = options.filter(({ name }) => name === "flowbits").map(({ value = "" }) => value.split(","));
  if (actions.some(([action, bit = ""]) => action === "isnotset" && bits.has(bit))) return false;
  for (const [action, bit = ""] of actions) if (action === "set") bits.add(bit);
  return true;
}

/** The contents that follow a buffer must all be found in it. */
function bufferMatches(options: readonly Option[], flow: Flow): boolean {
  let buffer: string | undefined = "";
  return contents(options).every(({ inBuffer, text, flags }) => {
    buffer = bufferOf(inBuffer, flow);
    return buffer !== undefined && contentMatches(buffer, text, flags) === !("negated" in flags);
  });
}

interface Content {
  readonly inBuffer: string;
  readonly text: string;
  readonly flags: Readonly<Record<string, string>>;
}

function contents(options: readonly Option[]): Content[] {
  const found: { inBuffer: string; text: string; flags: Record<string, string> }[] = [];
  let inBuffer = "";
  for (const { name, value = "" } of options) {
    if (["tls.sni", "http.host", "ja4.hash"].includes(name)) inBuffer = name;
    else if (name === "content")
      found.push({
        inBuffer,
        text: unquoted(value.replace(/^!/, "")),
        flags: value.startsWith("!") ? { negated: "" } : {},
      });
    else if (["startswith", "endswith", "nocase", "offset", "depth"].includes(name)) {
      const last = found.at(-1);
      if (last !== undefined) last.flags[name] = value;
    }
  }
  return found;
}

function bufferOf(name: string, { application, host }: Flow): string | undefined {
  const [wanted, text] = BUFFERS[name] ?? [];
  if (text === undefined) throw new Error(`content outside a buffer that is known: ${name}`);
  return application === wanted ? text(host) : undefined;
}

/** What a buffer belongs to, and what is in it. */
const BUFFERS: Readonly<Record<string, readonly [string, (host: string | undefined) => string | undefined]>> = {
  "tls.sni": ["tls", (host) => host],
  "http.host": ["http", (host) => host?.toLowerCase()],
  // Protocol, version, then whether there is a name.
  "ja4.hash": ["tls", (host) => `t13${host === undefined ? "i" : "d"}1516h2_8daaf6152771_02713d6af862`],
};

function contentMatches(buffer: string, text: string, flags: Readonly<Record<string, string>>): boolean {
  const lower = (value: string): string => ("nocase" in flags ? value.toLowerCase() : value);
  const offset = Number(flags["offset"] ?? 0);
  const window = lower(buffer).slice(offset, "depth" in flags ? offset + Number(flags["depth"]) : undefined);
  const wanted = lower(text);
  // Both together mean that nothing else is there: the text stands at the start, and ends at the end.
  if ("startswith" in flags && "endswith" in flags) return window === wanted;
  if ("startswith" in flags) return window.startsWith(wanted);
  return "endswith" in flags ? window.endsWith(wanted) : window.includes(wanted);
}

/** Text between quotes, with bytes between bars turned back into letters. */
function unquoted(value: string): string {
  const [, inner = ""] = /^"(.*)"$/.exec(value) ?? [];
  return inner.replaceAll(/\|([0-9a-fA-F ]+)\|/g, (_, bytes: string) =>
    Buffer.from(bytes.replaceAll(" ", ""), "hex").toString("utf8"),
  );
}

function inRange(address: string, cidr: string): boolean {
  const [base = "", length = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(length));
  return Math.floor(toInteger(address) / size) === Math.floor(toInteger(base) / size);
}

function toInteger(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

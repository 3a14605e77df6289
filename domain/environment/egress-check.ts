import type { RetoolComponent } from "../catalog/row";
import type { Manifest } from "../common/kubernetes";
import { checkJob } from "./check-job";
import type { EgressPlan } from "../egress/egress";
import { HTTPS_PORT } from "../egress/hosts";
import { REQUIRED_HOST } from "../egress/retool-hosts";
import type { EgressRule } from "../egress/rules";
import type { EnvironmentPlan } from "./environment";

/** A host that is tried, and what should come of it. */
interface Attempt {
  readonly host: string;
  readonly expected: "open" | "refused";
}

/** Hosts that anybody may call, and that hardly anybody lists. Source: RFC 2606. */
const STRANGERS = ["example.com", "example.net", "example.org"];

/**
 * Builds Jobs that try, as `api` and as `code-executor`, a host that is listed for them and one that is not listed, and say what
 * came of each. A Job fails where the outcome is not the planned one.
 */
export function egressCheck(plan: EnvironmentPlan): Manifest[] {
  return (["api", "code-executor"] as const).map((component) =>
    checkJob(plan, component, {
      name: "egress",
      script: SCRIPT,
      arguments: [component, JSON.stringify(attemptsOf(component, plan.egress))],
    }),
  );
}

/** A host that is listed for a container, if there is one, and one that nothing lists. */
export function attemptsOf(component: RetoolComponent, egress: EgressPlan): Attempt[] {
  const own = egress.rules.filter(({ sources, route }) => sources.includes(component) && route === "internet");
  const listed = own.flatMap(namedHost);
  const allowed = listed.includes(REQUIRED_HOST) ? REQUIRED_HOST : listed[0];
  const stranger = STRANGERS.find((host) => !egress.rules.some((rule) => covers(rule, host)));
  const isOpen = areNamesOpen(egress) && own.some(leavesAnywhere);
  return [
    ...(allowed === undefined ? [] : [{ host: allowed, expected: "open" as const }]),
    ...(stranger === undefined
      ? []
      : [{ host: stranger, expected: isOpen ? ("open" as const) : ("refused" as const) }]),
  ];
}

function namedHost({ destination, port, application, addresses = [] }: EgressRule): string[] {
  const isPlain = destination.kind === "host" && port === HTTPS_PORT && application === "tls" && addresses.length === 0;
  return isPlain ? [destination.host] : [];
}

function covers({ destination }: EgressRule, host: string): boolean {
  if (destination.kind === "host") return destination.host === host;
  return destination.kind === "subdomains" && host.endsWith(`.${destination.domain}`);
}

function areNamesOpen({ level, mode, owner }: EgressPlan): boolean {
  const deciding = owner ?? { level, mode };
  return deciding.level === "open" || deciding.mode === "alert";
}

/** Whether a policy lets a rule lead to any public address on the port of HTTPS. */
function leavesAnywhere({ destination: { kind }, port, addresses = [] }: EgressRule): boolean {
  const isWide = kind === "anywhere" || kind === "host" || kind === "subdomains";
  return isWide && addresses.length === 0 && (port === "any" || port === HTTPS_PORT);
}

/**
 * What the pods run. A handshake is tried and nothing is sent. A certificate that is not trusted shows an open way as well. A
 * host that should be open is tried for half a minute: policies take hold a moment after a pod has started.
 */
const SCRIPT = `
const [who, list] = process.argv.slice(1);
const { connect } = require("node:tls");
const attempt = (host) => new Promise((resolve) => {
  const socket = connect({ host, port: 443, servername: host, timeout: 5000 });
  const end = (text) => { socket.destroy(); resolve(text); };
  socket.on("secureConnect", () => end("open"));
  socket.on("timeout", () => end("refused (no answer)"));
  socket.on("error", ({ code = "" }) => end(/^(CERT|UNABLE|SELF_SIGNED|DEPTH|ERR_TLS)/.test(code) ? "open" : "refused (" + code + ")"));
});
const settled = async ({ host, expected }) => {
  let found = await attempt(host);
  for (const end = Date.now() + 30000; expected === "open" && found !== "open" && Date.now() < end; found = await attempt(host))
    await new Promise((resolve) => setTimeout(resolve, 2000));
  return found;
};
(async () => {
  for (const one of JSON.parse(list)) {
    const found = await settled(one);
    const isRight = found.startsWith(one.expected);
    console.log(who + " -> " + one.host + ":443: " + found + (isRight ? ", as planned" : ", but should be " + one.expected));
    if (!isRight) process.exitCode = 1;
  }
})();
`.trim();

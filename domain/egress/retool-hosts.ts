import { servicesThatNeed } from "../catalog/lookup";
import { DOCUMENTS, HTTPS_PORT, RETOOL_HOSTS, RETOOL_RANGES, TELEMETRY_HOST } from "./hosts";
import { type EgressRule, TLS } from "./rules";

/** Components that check the license and report usage: everything that runs Retool's backend image on its own. */
const BACKENDS = servicesThatNeed("retool");

/** The host that checks the license, without which Retool stops. */
export const REQUIRED_HOST = "licensing.tryretool.com";

/** Rules for Retool's own hosts. */
export function retoolRules(): EgressRule[] {
  return RETOOL_HOSTS.map(({ host, reason, data }) => ({
    ...TLS,
    id: `retool/${host}`,
    sources: BACKENDS,
    destination: { kind: "host", host },
    port: HTTPS_PORT,
    reason,
    document: data === undefined ? DOCUMENTS.quickstart : DOCUMENTS.egress,
    required: host === REQUIRED_HOST,
    data,
  }));
}

/**
 * Rules for the addresses of Retool's hosts, which its list offers instead of their names.
 *
 * A firewall that passes an address on 443 no longer sees which name is called there.
 */
export function retoolAddressRules(): EgressRule[] {
  return RETOOL_RANGES.map((cidr) => ({
    ...TLS,
    application: "tcp",
    id: `retool/${cidr}`,
    sources: BACKENDS,
    destination: { kind: "range", cidr },
    port: HTTPS_PORT,
    reason: "Reaches Retool's services by address",
    document: DOCUMENTS.quickstart,
    required: false,
  }));
}

/** The rule for metrics that go to Retool. */
export function telemetryRule(): EgressRule {
  return {
    ...TLS,
    id: `retool/${TELEMETRY_HOST}`,
    sources: servicesThatNeed("telemetry-host"),
    destination: { kind: "host", host: TELEMETRY_HOST },
    port: HTTPS_PORT,
    reason: "Sends metrics to Retool",
    document: DOCUMENTS.telemetry,
    inferred: true,
    required: false,
    data: "Metrics; logs only where asked for. TLS with short-lived client certificates; kept on S3 in us-west-2",
  };
}

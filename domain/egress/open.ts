import { DOCUMENTS, HTTPS_PORT } from "./hosts";
import { QUERY_RUNNERS } from "./resources";
import type { EgressRule } from "./rules";

/** Rules that leave names unrestricted: everything that the customer's apps call. */
export function openRules(): EgressRule[] {
  const open = {
    destination: { kind: "anywhere" },
    application: "tcp",
    route: "internet",
    inferred: true,
    required: false,
  } as const;
  return [
    {
      ...open,
      id: "open/data-sources",
      sources: QUERY_RUNNERS,
      port: "any",
      reason: "Reaches the data sources of your apps, identity providers, Git hosts and model providers",
      document: DOCUMENTS.quickstart,
      data: "Queries of your apps and their parameters",
    },
    {
      ...open,
      id: "open/user-code",
      sources: ["code-executor", "js-executor"],
      port: "any",
      reason: "Lets code in workflows and backend functions call public services and install packages",
      document: DOCUMENTS.quickstart,
      data: "Everything the code sends",
    },
    {
      ...open,
      id: "open/sandbox-packages",
      sources: ["sandbox-proxy"],
      port: HTTPS_PORT,
      reason: "Fetches packages for apps that are being built",
      document: DOCUMENTS.chart,
    },
    {
      ...open,
      id: "open/providers",
      sources: ["jobs-runner", "agent-worker", "agent-eval-worker", "r2-agent-worker"],
      port: HTTPS_PORT,
      reason: "Reaches Git hosts of Source Control and model providers",
      document: DOCUMENTS.egress,
      data: "Prompts and what agents read to answer them; files of apps under Source Control",
    },
  ];
}

import { DOCUMENTS, HTTPS_PORT } from "./hosts";
import { servicesThatNeed } from "../catalog/lookup";
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
      sources: servicesThatNeed("packages"),
      port: "any",
      reason: "Lets code in workflows and backend functions call public services and install packages",
      document: DOCUMENTS.quickstart,
      data: "Everything the code sends",
    },
    {
      ...open,
      id: "open/sandbox-packages",
      sources: servicesThatNeed("app-packages"),
      port: HTTPS_PORT,
      reason: "Fetches packages for apps that are being built",
      document: DOCUMENTS.chart,
    },
    {
      ...open,
      id: "open/providers",
      sources: servicesThatNeed("git", "models").filter((name) => !QUERY_RUNNERS.includes(name)),
      port: HTTPS_PORT,
      reason: "Reaches Git hosts of Source Control and model providers",
      document: DOCUMENTS.egress,
      data: "Prompts and what agents read to answer them; files of apps under Source Control",
    },
  ];
}

/** A host of Retool's published allowlist, and what it is for. */
export interface RetoolHost {
  /** Host name, as the list writes it. */
  readonly host: string;
  /** What connects to it. */
  readonly reason: string;
  /**
   * What leaves the deployment, as far as Retool says.
   *
   * @default - Retool does not say
   */
  readonly data?: string;
}

/** Pages that the rules come from. */
export const DOCUMENTS = {
  /** Addresses, domains and Temporal's ports. */
  quickstart: "https://docs.retool.com/self-hosted/self-managed/quickstart",
  /** What each of Retool's hosts gets. */
  egress: "https://docs.retool.com/self-hosted/self-managed/reference/egress",
  /** What Temporal stores. */
  temporal: "https://docs.retool.com/self-hosted/self-managed/concepts/temporal",
  /** What the telemetry collector sends. */
  telemetry: "https://docs.retool.com/self-hosted/self-managed/guides/telemetry",
  /** Where the chart puts addresses of services into containers. */
  chart: "https://github.com/tryretool/retool-helm",
  /** How pods get AWS credentials. */
  irsa: "https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html",
  podIdentity: "https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html",
} as const;

/** Ranges of Retool's own services. Source: {@link DOCUMENTS.quickstart}. */
export const RETOOL_RANGES = ["35.92.202.168/29", "44.211.178.248/29"] as const;

/** Every single address of {@link RETOOL_RANGES}, as Retool lists them. Source: {@link DOCUMENTS.quickstart}. */
export const RETOOL_ADDRESSES = [
  "35.92.202.168",
  "35.92.202.169",
  "35.92.202.170",
  "35.92.202.171",
  "35.92.202.172",
  "35.92.202.173",
  "35.92.202.174",
  "35.92.202.175",
  "44.211.178.248",
  "44.211.178.249",
  "44.211.178.250",
  "44.211.178.251",
  "44.211.178.252",
  "44.211.178.253",
  "44.211.178.254",
  "44.211.178.255",
] as const;

/** Retool's own hosts, all on port 443. Source: {@link DOCUMENTS.quickstart}; data: {@link DOCUMENTS.egress}. */
export const RETOOL_HOSTS: readonly RetoolHost[] = [
  {
    host: "licensing.tryretool.com",
    reason: "Verifies the license, at least once a day",
  },
  {
    host: "invites.tryretool.com",
    reason: "Checks that an invited user fits the billing plan",
    data: "Email address of the invited user",
  },
  {
    host: "email-service.retool.com",
    reason: "Sends the email of an invitation",
    data: "Email address of the invited user",
  },
  {
    host: "p.tryretool.com",
    reason: "Reports usage",
    data:
      "Page views with their URL; names and types of queries, components and resources that are used; host name, public " +
      "address, user agent and email address of the user",
  },
  {
    host: "specs.tryretool.com",
    reason: "Reads specifications of APIs that resources are built from",
  },
];

/** Where the telemetry collector sends metrics, if that is switched on. */
export const TELEMETRY_HOST = "telemetry.retool.com";

/** Port of everything that speaks HTTPS. */
export const HTTPS_PORT = 443;

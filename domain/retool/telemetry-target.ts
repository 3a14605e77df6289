import { z } from "zod";

import { quote } from "../common/quote";
import { secretNameViolations } from "../common/secret-name";
import { hostViolations, ownDestination } from "../common/server-host";
import { checked, revision } from "../common/setting";
import type { Problem, Violation } from "../common/violation";
import type { SecretVariable } from "./variables";

/** Where logs and metrics of Retool's pods go besides. */
export type TelemetryTargetSpec = OtlpTargetSpec | DatadogTargetSpec;

/** Anything that takes OpenTelemetry over HTTPS. */
export interface OtlpTargetSpec {
  /** The OpenTelemetry Protocol over HTTPS. */
  readonly kind: "otlp";
  /**
   * Address by the server's name, such as `https://otlp.example.com:4318` or `https://otlp.example.com/otlp`; `/v1/logs` and
   * `/v1/metrics` are added.
   */
  readonly endpoint: string;
  /**
   * Headers that let in, such as `api-key`, each with the name of the Secrets Manager secret that holds its value.
   *
   * @default {}
   */
  readonly headers?: Readonly<Record<string, SecretVariable>>;
  /**
   * Number to raise after one of those secrets was changed.
   *
   * @default 1
   */
  readonly revision?: number;
}

/** Datadog. */
export interface DatadogTargetSpec {
  /** Datadog. */
  readonly kind: "datadog";
  /**
   * Its site, such as `us3.datadoghq.com`.
   *
   * @default "datadoghq.com"
   */
  readonly site?: string;
  /** Name of the Secrets Manager secret that holds the API key. */
  readonly apiKeySecret: string;
  /**
   * Number to raise after that secret was changed.
   *
   * @default 1
   */
  readonly revision?: number;
}

/** Where logs and metrics of Retool's pods go besides. */
export type TelemetryTargetPlan = TelemetryTarget & {
  /** Hosts that are called, all by TLS. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  /** Secrets Manager secrets by the variable that holds the value in the pod. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Number that grows when one of them changes. */
  readonly revision: number;
};

/** How it is spoken to. */
export type TelemetryTarget =
  | { readonly kind: "datadog"; readonly site: string; readonly keyVariable: string }
  | {
      readonly kind: "otlp";
      readonly endpoint: string;
      /** Variable of each header's value. */
      readonly headers: Readonly<Record<string, string>>;
    };

/** No user and no query: what lets in are headers. */
const ENDPOINT = /^https:\/\/[A-Za-z0-9._-]+(:\d+)?(\/[\w.~-]+)*\/?$/;
const SIGNAL = /\/v1\/(logs|metrics|traces)\/?$/;

function endpointProblem(text: string): Problem | undefined {
  const [signal] = SIGNAL.exec(text) ?? [];
  if (signal !== undefined)
    return {
      problem: `${quote(text)} is the address of one signal only`,
      remedy: `remove ${quote(signal)}, which is added`,
    };
  if (ENDPOINT.test(text) && URL.canParse(text) && isNamedServer(new URL(text).hostname)) return undefined;
  return {
    problem: `${quote(text)} is not the address of an OTLP endpoint`,
    remedy: 'use https and the name of a server outside the cluster, such as "https://otlp.example.com:4318"',
  };
}

/** Policies and firewalls know a server outside the cluster by its name. */
function isNamedServer(host: string): boolean {
  return ownDestination(host).kind === "host" && hostViolations(host, "").length === 0;
}

/** Shape of a {@link TelemetryTargetSpec}. */
export const telemetryTargetSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("otlp"),
    endpoint: checked(z.string(), endpointProblem, { form: "an address that begins with https" }),
    headers: z.record(z.string(), z.strictObject({ secret: z.string() })).default({}),
    revision: revision().default(1),
  }),
  z.strictObject({
    kind: z.literal("datadog"),
    site: z.string().default("datadoghq.com"),
    apiKeySecret: z.string(),
    revision: revision().default(1),
  }),
]);

type Settings = z.output<typeof telemetryTargetSchema>;

/** Resolves hosts, secrets and variables. */
export function planTelemetryTarget(settings: Settings | undefined): TelemetryTargetPlan | undefined {
  if (settings === undefined) return undefined;
  return settings.kind === "datadog" ? datadogPlan(settings) : otlpPlan(settings);
}

/** Source: https://docs.datadoghq.com/getting_started/site/ and https://vector.dev/docs/reference/configuration/sinks/datadog_logs/ */
function datadogPlan({ site, apiKeySecret, revision: number }: Extract<Settings, { kind: "datadog" }>) {
  const keyVariable = "TELEMETRY_API_KEY";
  const hosts = [`http-intake.logs.${site}`, `api.${site}`].map((host) => ({ host, port: 443 }));
  return {
    kind: "datadog",
    site,
    keyVariable,
    hosts,
    secrets: { [keyVariable]: apiKeySecret },
    revision: number,
  } as const;
}

function otlpPlan({ endpoint, headers, revision: number }: Extract<Settings, { kind: "otlp" }>) {
  const { hostname, port, origin, pathname } = new URL(endpoint);
  const named = Object.entries(headers).map(([header, { secret }], index) => ({
    header,
    secret,
    variable: `TELEMETRY_HEADER_${index + 1}`,
  }));
  return {
    kind: "otlp",
    endpoint: `${origin}${pathname.replace(/\/$/, "")}`,
    headers: Object.fromEntries(named.map(({ header, variable }) => [header, variable])),
    hosts: [{ host: hostname, port: Number(port || 443) }],
    secrets: Object.fromEntries(named.map(({ variable, secret }) => [variable, secret])),
    revision: number,
  } as const;
}

/** Finds headers, sites and names of secrets that cannot be. */
export function telemetryTargetViolations(settings: Settings | undefined, root: string): Violation[] {
  if (settings === undefined) return [];
  if (settings.kind === "datadog")
    return [
      ...hostViolations(settings.site, `${root}.site`),
      ...secretNameViolations(settings.apiKeySecret, `${root}.apiKeySecret`),
    ];
  return Object.entries(settings.headers).flatMap(([header, { secret }]) => [
    ...headerViolations(header, `${root}.headers`),
    ...secretNameViolations(secret, `${root}.headers.${header}.secret`),
  ]);
}

function headerViolations(header: string, path: string): Violation[] {
  if (/^[A-Za-z0-9-]{1,64}$/.test(header)) return [];
  return [
    {
      path,
      problem: `${quote(header)} is not the name of a header`,
      remedy: 'use letters, digits and hyphens, such as "api-key"',
    },
  ];
}

import { z } from "zod";

import { quote } from "../common/quote";
import { secretNameViolations } from "../common/secret-name";
import { hostViolations, plainHost } from "../common/server-host";
import type { Violation } from "../common/violation";

/** Sign-in through Google. */
export interface GoogleSsoSpec {
  /** Google. */
  readonly kind: "google";
  /** Client id, which is not a secret. */
  readonly clientId: string;
  /** Name of the Secrets Manager secret that holds the client secret. */
  readonly clientSecret: string;
  /**
   * Domains whose accounts may sign in.
   *
   * @default - any Google account that an administrator invited
   */
  readonly restrictedDomains?: readonly string[];
}

/** Sign-in through OpenID Connect. */
export interface OidcSsoSpec {
  /** OpenID Connect. */
  readonly kind: "oidc";
  /** Client id, which is not a secret. */
  readonly clientId: string;
  /** Name of the Secrets Manager secret that holds the client secret. */
  readonly clientSecret: string;
  /** Authorization endpoint. */
  readonly authUrl: string;
  /** Token endpoint. */
  readonly tokenUrl: string;
  /**
   * Scopes that Retool asks for.
   *
   * @default ["openid", "email", "profile", "offline_access"]
   */
  readonly scopes?: readonly string[];
  /**
   * Where the tokens hold the user's address.
   *
   * @default "idToken.email"
   */
  readonly emailKey?: string;
  /**
   * Where the tokens hold the user's groups.
   *
   * @default - groups are not read
   */
  readonly rolesKey?: string;
  /**
   * Groups of the identity provider and the groups of Retool that they become.
   *
   * @default {}
   */
  readonly roleMapping?: Readonly<Record<string, string>>;
}

/**
 * Sign-in that is set up with the deployment. SAML is set up in Retool's own settings.
 *
 * Source: https://docs.retool.com/4.86/sso/reference/environment-variables
 */
export type SsoSpec = GoogleSsoSpec | OidcSsoSpec;

const clientShape = { clientId: z.string(), clientSecret: z.string() };

/** Shape of an {@link SsoSpec}. */
export const ssoSchema = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("google"),
      ...clientShape,
      restrictedDomains: z.array(z.string()).optional(),
    }),
    z.strictObject({
      kind: z.literal("oidc"),
      ...clientShape,
      authUrl: z.string(),
      tokenUrl: z.string(),
      scopes: z.array(z.string()).optional(),
      emailKey: z.string().optional(),
      rolesKey: z.string().optional(),
      roleMapping: z.record(z.string(), z.string()).optional(),
    }),
  ],
  { error: samlMessage },
);

/** Retool takes SAML from its own settings only, so that there is nothing to deploy. */
function samlMessage({ input }: { readonly input?: unknown }): string | undefined {
  const isSaml = typeof input === "object" && input !== null && Reflect.get(input, "kind") === "saml";
  return isSaml
    ? '"saml" is set up in Retool after the deployment; leave retool.sso out (docs/recipes/sign-in-saml.ts)'
    : undefined;
}

/** Variables of the sign-in. */
export interface SsoVariables {
  /** Plain variables. */
  readonly plain: Readonly<Record<string, string>>;
  /** Secrets Manager secrets by variable. */
  readonly secret: Readonly<Record<string, string>>;
}

const DEFAULT_SCOPES = ["openid", "email", "profile", "offline_access"];

/** Turns the sign-in into variables. */
export function ssoVariables(sso: SsoSpec): SsoVariables {
  if (sso.kind === "google") {
    const domains = sso.restrictedDomains ?? [];
    return {
      plain: { CLIENT_ID: sso.clientId, ...(domains.length > 0 ? { RESTRICTED_DOMAIN: domains.join(",") } : {}) },
      secret: { CLIENT_SECRET: sso.clientSecret },
    };
  }
  return {
    plain: { CUSTOM_OAUTH2_SSO_CLIENT_ID: sso.clientId, ...oidcEndpoints(sso), ...oidcRoles(sso) },
    secret: { CUSTOM_OAUTH2_SSO_CLIENT_SECRET: sso.clientSecret },
  };
}

function oidcEndpoints(sso: OidcSsoSpec): Record<string, string> {
  return {
    CUSTOM_OAUTH2_SSO_AUTH_URL: sso.authUrl,
    CUSTOM_OAUTH2_SSO_TOKEN_URL: sso.tokenUrl,
    CUSTOM_OAUTH2_SSO_SCOPES: (sso.scopes ?? DEFAULT_SCOPES).join(" "),
    CUSTOM_OAUTH2_SSO_JWT_EMAIL_KEY: sso.emailKey ?? "idToken.email",
  };
}

function oidcRoles({ rolesKey, roleMapping = {} }: OidcSsoSpec): Record<string, string> {
  const mapping = Object.entries(roleMapping).map(([from, to]) => `${from} -> ${to}`);
  return {
    ...(rolesKey === undefined ? {} : { CUSTOM_OAUTH2_SSO_JWT_ROLES_KEY: rolesKey }),
    ...(mapping.length === 0 ? {} : { CUSTOM_OAUTH2_SSO_ROLE_MAPPING: mapping.join(", ") }),
  };
}

/** Finds settings of the sign-in that cannot work. */
export function ssoViolations(sso: SsoSpec, path: string): Violation[] {
  const client = clientViolations(sso, path);
  const violations = client.length > 0 ? client : secretNameViolations(sso.clientSecret, `${path}.clientSecret`);
  if (sso.kind === "google") return [...violations, ...domainsViolations(sso.restrictedDomains ?? [], path)];
  const mapping = mappingViolations(sso.roleMapping ?? {}, `${path}.roleMapping`);
  return [
    ...violations,
    ...mapping,
    ...(sso.scopes === undefined ? [] : scopesViolations(sso.scopes, `${path}.scopes`)),
    ...unreadViolations(sso, mapping, path),
    ...urlViolations(sso.authUrl, `${path}.authUrl`),
    ...urlViolations(sso.tokenUrl, `${path}.tokenUrl`),
  ];
}

/** A mapping of groups without the place where tokens hold them; one that is wrong itself is refused for that. */
function unreadViolations(sso: OidcSsoSpec, mapping: readonly Violation[], path: string): Violation[] {
  if (mapping.length > 0 || sso.roleMapping === undefined || sso.rolesKey !== undefined) return [];
  return [
    {
      path: `${path}.roleMapping`,
      problem: "has no effect, because rolesKey is not set",
      remedy: 'set rolesKey, such as "idToken.groups", or remove it',
    },
  ];
}

/** A list in one variable: an entry that is not a domain would admit nobody, or the wrong people. */
function domainsViolations(domains: readonly string[], path: string): Violation[] {
  return domains.flatMap((domain, index) => {
    if (/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/i.test(domain)) return [];
    const problem = `"${domain}" is not a domain`;
    return [
      { path: `${path}.restrictedDomains[${index}]`, problem, remedy: "use one such as example.com in each entry" },
    ];
  });
}

/** A list in one variable, of pairs with an arrow between them: other groups would be read out of these names. */
function mappingViolations(mapping: Readonly<Record<string, string>>, path: string): Violation[] {
  const broken = Object.entries(mapping)
    .flat()
    .filter((group) => group.trim() === "" || /,|->/.test(group));
  return broken.map((group) => ({
    path,
    problem: `"${group}" is not a group name that Retool can read`,
    remedy: "use names without commas and arrows, or map groups in Retool's own settings",
  }));
}

function urlViolations(url: string, path: string): Violation[] {
  const remedy = "use the endpoint that the provider names";
  if (!URL.canParse(url) || !/^https:\/\//i.test(url))
    return [{ path, problem: `${quote(url)} is not an HTTPS address`, remedy }];
  const { hostname, username, password } = new URL(url);
  if (username !== "" || password !== "") return [{ path, problem: "holds credentials", remedy }];
  return hostViolations(plainHost(hostname), path).map((violation) => ({ ...violation, remedy }));
}

/** The ids of clients are known by their forms at Google; elsewhere only what cannot be one is refused. */
function clientViolations({ kind, clientId, clientSecret }: SsoSpec, path: string): Violation[] {
  if (clientId.trim() === "")
    return [{ path: `${path}.clientId`, problem: "is empty", remedy: "use the id that the provider shows" }];
  const isGoogleId = (text: string): boolean => /^[0-9]+-[a-z0-9]+\.apps\.googleusercontent\.com$/.test(text);
  if (isGoogleId(clientSecret))
    return [
      {
        path: `${path}.clientSecret`,
        problem: "is the id of the client",
        remedy: "write it into clientId, and the name of the secret that holds the client secret here",
      },
    ];
  if (kind === "google" && !isGoogleId(clientId) && /[/:]/.test(clientId))
    return [
      {
        path: `${path}.clientId`,
        problem: `${quote(clientId)} is not the id of a client at Google`,
        remedy: 'use the id that ends with ".apps.googleusercontent.com"',
      },
    ];
  return [];
}

/** OpenID Connect begins with the scope `openid`, and several scopes are several entries. */
function scopesViolations(scopes: readonly string[], path: string): Violation[] {
  const bad = scopes.find((scope) => !/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope));
  if (bad !== undefined)
    return [
      {
        path,
        problem: `${quote(bad)} is not one scope`,
        remedy: `use one entry for each: ${JSON.stringify(DEFAULT_SCOPES)}`,
      },
    ];
  if (scopes.includes("openid")) return [];
  return [{ path, problem: 'does not list "openid", without which no identity is returned', remedy: 'add "openid"' }];
}

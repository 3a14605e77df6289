import { randomBytes } from "node:crypto";

import { Failure } from "../cli/failure";
import { newSandboxKeys } from "./sandbox-keys";

/** What the account of a team holds before the first deployment. */
export interface AccountFixtures {
  /** Region of the secrets. */
  readonly region: string;
  /** Name of the hosted zone that the domain is below. */
  readonly zoneName: string;
  /** Name of the secret that holds the license key. */
  readonly licenseSecret: string;
  /** Name of the secret that holds the sandbox keys. */
  readonly sandboxKeysSecret: string;
}

/** Makes in the emulator what a real account holds before the first deployment; what exists already is not changed. */
export async function prepareAccount(endpoint: string, fixtures: AccountFixtures): Promise<void> {
  await storeSecret(endpoint, fixtures.region, fixtures.sandboxKeysSecret, newSandboxKeys());
  await storeSecret(endpoint, fixtures.region, fixtures.licenseSecret, `local-${randomBytes(8).toString("hex")}`);
  await makeHostedZone(endpoint, fixtures.zoneName);
}

/** Stores one secret in the emulator. */
async function storeSecret(endpoint: string, region: string, name: string, value: string): Promise<void> {
  const body = { Name: name, SecretString: value, ClientRequestToken: randomBytes(16).toString("hex") };
  const text = await post(endpoint, "secretsmanager", region, {
    headers: { "Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "secretsmanager.CreateSecret" },
    body: JSON.stringify(body),
  });
  assertMade(text, name, "ResourceExistsException");
}

async function makeHostedZone(endpoint: string, name: string): Promise<void> {
  const found = await post(endpoint, "route53", "us-east-1", {
    path: `/2013-04-01/hostedzonesbyname?dnsname=${name}`,
    method: "GET",
  });
  if (found.text.includes(`<Name>${name}.</Name>`)) return;
  const body = `<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Name>${name}</Name><CallerReference>${name}</CallerReference></CreateHostedZoneRequest>`;
  assertMade(
    await post(endpoint, "route53", "us-east-1", { path: "/2013-04-01/hostedzone", body }),
    name,
    "HostedZoneAlreadyExists",
  );
}

interface Call {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface Answer {
  readonly ok: boolean;
  readonly text: string;
}

/** Sends one request to the emulator, which routes by the credential scope and checks no signature. */
async function post(endpoint: string, service: string, region: string, call: Call): Promise<Answer> {
  const request = {
    method: call.method ?? "POST",
    headers: {
      ...call.headers,
      Authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: call.body,
  };
  try {
    const response = await fetch(`${endpoint}${call.path ?? "/"}`, request);
    return { ok: response.ok, text: await response.text() };
  } catch {
    throw new Failure(`emulator: ${endpoint} does not answer; run the same command again`);
  }
}

function assertMade({ ok, text }: Answer, name: string, exists: string): void {
  if (ok || text.includes(exists)) return;
  throw new Failure(`emulator: ${name} could not be made (${text.slice(0, 200)}); run the same command again`);
}

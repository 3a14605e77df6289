import { planEnvironment } from "../../../domain/environment/environment";
import type { EgressResource } from "../../../domain/egress/resources";
import { prod } from "../../support/environments/prod";

const notesOf = (environment: Readonly<Record<string, string>>, resources: readonly EgressResource[] = []): string[] =>
  planEnvironment({ ...prod, retool: { environment }, egress: { resources } }).egress.notes.filter((note) =>
    note.startsWith("retool.environment."),
  );

describe("servers that variables name", () => {
  test.each<[Readonly<Record<string, string>>, string, EgressResource]>([
    [
      { SMTP_HOST: "mail.example.org", SMTP_PORT: "2525" },
      "mail.example.org:2525",
      { to: "mail.example.org", port: 2525, purpose: "email" },
    ],
    [
      { SMTP_HOST: "mail.example.org" },
      "mail.example.org:587",
      { to: "mail.example.org", port: 587, purpose: "email" },
    ],
    [
      { CUSTOM_OAUTH2_SSO_USERINFO_URL: "https://login.example.org/userinfo" },
      "login.example.org:443",
      { to: "login.example.org", purpose: "identity" },
    ],
    [
      { TEAM_PROXY: "http://proxy.example.org:3128" },
      "proxy.example.org:3128",
      { to: "proxy.example.org", port: 3128, purpose: "data-source" },
    ],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: "https://otel.example.org:4318/v1" },
      "otel.example.org:4318",
      { to: "otel.example.org", port: 4318, purpose: "metrics" },
    ],
  ])("%j is warned of as %s, until a row opens it", (environment, server, resource) => {
    const [note = "", ...others] = notesOf(environment);

    expect(others).toEqual([]);
    expect(note).toContain(` names ${server}, which nothing opens; add `);
    // The entry is what the warning says to add.
    const entry = /add (\{.*\}) to egress/.exec(note)?.[1] ?? "";
    expect(JSON.parse(entry.replaceAll(/(\w+): /g, '"$1": '))).toEqual(resource);
    expect(notesOf(environment, [resource])).toEqual([]);
    expect(notesOf(environment, [{ ...resource, to: "*.example.org" }])).toEqual([]);
  });

  test.each<Readonly<Record<string, string>>>([
    { CUSTOM_OAUTH2_SSO_AUTH_URL: "https://login.example.org/authorize" },
    { CUSTOM_OAUTH2_SSO_TOKEN_URL: "https://login.example.org/token" },
    { SOME_TEXT: "https and more" },
    { LOG_LEVEL: "info" },
    { SMTP_HOST: "localhost" },
  ])("%j needs no row", (environment) => {
    expect(notesOf(environment)).toEqual([]);
  });
});

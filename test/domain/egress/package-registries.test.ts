import { parse } from "tldts";

import { type EgressPlan, type EgressSpec, planEgress } from "../../../domain/egress/egress";
import { formatDestination } from "../../../domain/egress/rules";
import { formatViolation } from "../../../domain/common/violation";
import { renderedChart } from "../../support/contracts";
import { context } from "../../support/fakes";
import { everything } from "../../support/retool-cluster";

const input = { temporal: { kind: "retool-managed" }, features: everything } as const;
const plan = (spec: EgressSpec): EgressPlan => planEgress(spec, context, input).plan;
const opened = (spec: EgressSpec): string[] =>
  plan(spec)
    .rules.filter(({ id }) => /^(app|python)Packages\//.test(id))
    .map(({ sources, destination, port }) => `${sources.join()} ${formatDestination(destination)}:${port}`);

describe("registries of packages", () => {
  test("are closed until they are named, and what does not work is said with the way to open it", () => {
    const { closed, notes } = plan({});

    expect(closed.map(({ host, who }) => `${who} ${host}`)).toEqual([
      "sandbox-proxy npm's public registry",
      "code-executor pypi.org",
      "code-executor files.pythonhosted.org",
    ]);
    expect(notes.filter((note) => note.includes(" cannot install "))).toEqual([
      "Apps cannot install npm packages; set egress.appPackages.",
      "Code in workflows cannot install Python packages; set egress.pythonPackages.",
    ]);
    expect(plan({ appPackages: "npm.example.com", pythonPackages: "pypi.org" }).closed).toEqual([]);
    expect(plan({ level: "open" }).closed).toEqual([]);
    expect(plan({ resources: [{ to: "npm.example.com", purpose: "app-packages" }] }).closed).toHaveLength(2);
  });

  test.each<[EgressSpec, string[], string | undefined]>([
    [{ appPackages: "https://npm.example.com/" }, ["sandbox-proxy npm.example.com:443"], "https://npm.example.com/"],
    [{ appPackages: "npm.example.com" }, ["sandbox-proxy npm.example.com:443"], "https://npm.example.com"],
    [
      { appPackages: "https://npm.example.com:8443/repository/npm" },
      ["sandbox-proxy npm.example.com:8443"],
      "https://npm.example.com:8443/repository/npm",
    ],
    [
      { pythonPackages: "pypi.org" },
      ["code-executor pypi.org:443", "code-executor files.pythonhosted.org:443"],
      undefined,
    ],
    [{ pythonPackages: "py.example.com" }, ["code-executor py.example.com:443"], undefined],
  ])("%j opens exactly %j", (spec, hosts, npmRegistry) => {
    expect(opened(spec)).toEqual(hosts);
    expect(plan(spec).npmRegistry).toBe(npmRegistry);
  });

  test.each([
    "http://npm.example.com",
    "https://user:hunter2@npm.example.com",
    "npm.example.com/?token=hunter2",
    "",
    "10.0.0.1",
  ])("%j is refused, and not repeated", (appPackages) => {
    expect(planEgress({ appPackages }, context, input).violations.map(formatViolation)).toEqual([
      'egress.appPackages: is not a host or an https address without a credential; use a host such as "npm.example.com", or an address such as ' +
        '"https://packages.example.com/public"',
    ]);
  });
});

describe("what the rendered chart calls outside", () => {
  const all = plan({ resources: [] });
  const known = [
    ...all.rules.map(({ destination }) => formatDestination(destination)),
    ...all.closed.map(({ host }) => host),
    // Docker Hub by the name that images have.
    "docker.io",
  ];
  const isKnown = (host: string): boolean =>
    known.some((name) => name === host || (name.startsWith("*.") && host.endsWith(name.slice(1)))) ||
    (host.startsWith("registry.npm") && known.includes("npm's public registry"));

  // Without the facts of the chart there is nothing to compare, and the list below is empty.
  test.each(hostsIn(renderedChart()).concat("docker.io"))("%s has a row or a warning", (host) => {
    expect(isKnown(host)).toBe(true);
  });
});

/** Hosts in images and in plain values, with or without a scheme; those inside the cluster, examples and what the chart was given are left out. */
function hostsIn(value: unknown, key = ""): string[] {
  if (typeof value === "string") return [...(key === "image" ? [registryOf(value)] : []), ...addressesIn(value)];
  if (typeof value !== "object" || value === null) return [];
  const children = Object.entries(value).filter(([name]) => name !== "values" && name !== "baseValues");
  return [...new Set(children.flatMap(([name, child]) => hostsIn(child, name)))];
}

function addressesIn(text: string): string[] {
  return [...text.matchAll(/(?<![\w.@/-])(?:https?:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?![\w./-]*[\w]\/)/gi)]
    .map(([, host = ""]) => host.toLowerCase())
    .filter(isOutside);
}

function registryOf(image: string): string {
  const [first = ""] = image.split("/");
  return image.includes("/") && first.includes(".") ? first : "docker.io";
}

function isOutside(host: string): boolean {
  // `metadata.name` is a field, and `name` a domain.
  const isRegistered = parse(host).isIcann === true && !host.startsWith("metadata.");
  return (
    isRegistered &&
    !/(^|\.)(kubernetes|k8s)\.io$|(^|\.)example(\.com)?$|\.svc(\.cluster\.local)?$|^\d+(\.\d+){3}$/.test(host)
  );
}

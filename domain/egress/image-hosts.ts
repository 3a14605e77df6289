import { DOCUMENTS, HTTPS_PORT } from "./hosts";
import type { EgressRule, EgressSource } from "./rules";
import type { ImagesPlan } from "../retool/images";

/** A registry: the hosts that answer for it, and what they serve. */
interface Registry {
  readonly hosts: readonly string[];
  readonly port?: number;
  readonly reason: string;
  readonly document: string;
}

const DOCKER_HUB = "docker.io";
const GITHUB = "ghcr.io";

/** Registries whose name is not all that is called. */
const KNOWN_REGISTRIES: Readonly<Record<string, Registry>> = {
  [DOCKER_HUB]: {
    document: "https://docs.docker.com/desktop/setup/allow-list/",
    reason: "Pulls Retool's images; busybox always comes from here",
    hosts: [
      "registry-1.docker.io",
      "auth.docker.io",
      "production.cloudflare.docker.com",
      "production.cloudfront.docker.com",
      "docker-images-prod.6aa30f8b08e16409b46e0173d6de2f56.r2.cloudflarestorage.com",
    ],
  },
  [GITHUB]: {
    document: DOCUMENTS.chart,
    reason: "Pulls the image that hands network devices to sandboxes",
    hosts: ["ghcr.io", "pkg-containers.githubusercontent.com"],
  },
};

/** https://anywhere.eks.amazonaws.com/docs/getting-started/ names the hosts of the layers. */
const AMAZON_PUBLIC: Registry = {
  document: "https://anywhere.eks.amazonaws.com/docs/getting-started/",
  reason: "Pulls the images of Karpenter and of the load balancer controller",
  hosts: ["public.ecr.aws", "d2glxqk2uabbnd.cloudfront.net", "d5l0dvt14r5h8.cloudfront.net"],
};

/** Where the machine that deploys takes charts from. */
const CHARTS: Registry = {
  document: DOCUMENTS.chart,
  reason: "Fetches the charts that are installed",
  hosts: ["charts.retool.com", "aws.github.io", "public.ecr.aws"],
};

/**
 * Registries that hold the images of a release, each as `host` or `host:port`.
 *
 * Docker Hub is always among them: the chart names one image there that no setting moves.
 */
export function imageRegistries({ pullSecrets: _, ...images }: ImagesPlan): string[] {
  const { devicePlugin, ...others } = images;
  const named = Object.values(others).map(({ repository }) => registryOf(repository) ?? DOCKER_HUB);
  return [...new Set([DOCKER_HUB, ...named, registryOf(devicePlugin.repository) ?? GITHUB])];
}

/** The first part of a repository's name is a registry's where it has a dot or a port; otherwise Docker Hub is meant. */
function registryOf(repository: string | undefined): string | undefined {
  const [first = "", ...rest] = (repository ?? "").split("/");
  return rest.length > 0 && /[.:]/.test(first) ? first : undefined;
}

/** Rules for everything that fetches images and charts. */
export function imageRules(registries: readonly string[] = [DOCKER_HUB, GITHUB]): EgressRule[] {
  return [
    ...[...registries.map(registryNamed), AMAZON_PUBLIC].flatMap((registry) => rulesFor("nodes", "images", registry)),
    ...rulesFor("deployer", "charts", CHARTS),
  ];
}

function registryNamed(name: string): Registry {
  const [host = "", port] = name.split(":");
  const own = { hosts: [host], port: port === undefined ? undefined : Number(port) };
  return KNOWN_REGISTRIES[name] ?? { ...own, reason: "Pulls Retool's images", document: "" };
}

function rulesFor(source: EgressSource, kind: string, { hosts, port = HTTPS_PORT, ...why }: Registry): EgressRule[] {
  return hosts.map((host) => ({
    ...why,
    id: `${kind}/${host}`,
    sources: [source],
    destination: { kind: "host", host },
    port,
    application: "tls",
    route: "internet",
    inferred: false,
    required: true,
  }));
}

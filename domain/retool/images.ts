import { z } from "zod";

import type { ImageId } from "../catalog/row";
import { quote } from "../common/quote";
import { hostViolations } from "../common/server-host";
import { DOCUMENTS } from "../common/documents";
import { PINNED_IMAGES } from "../versions/pins";
import { lineOf, parseRetoolVersion, type RetoolVersion } from "../versions/retool";
import type { Violation } from "../common/violation";

export type { ImageId } from "../catalog/row";

/** An image with a different tag. */
export interface ImageTagSpec {
  /** Tag. */
  readonly tag: string;
  /** Why this image has another version than all others. */
  readonly reason: string;
}

/** The mirror of each registry, which has the images under the same paths. An ECR cache has one prefix per registry. */
export interface ImageRegistriesSpec {
  /**
   * Mirror of Docker Hub, such as `111122223333.dkr.ecr.us-east-1.amazonaws.com/docker-hub`.
   *
   * @default - Docker Hub
   */
  readonly dockerHub?: string;
  /**
   * Mirror of the GitHub registry (`ghcr.io`), on which only the sandboxes' device plugin is published, such as
   * `111122223333.dkr.ecr.us-east-1.amazonaws.com/github`.
   *
   * @default - the GitHub registry
   */
  readonly github?: string;
}

/** Where images come from. */
export interface ImagesSpec {
  /**
   * Mirrors, such as pull-through caches, of the registries on which the images are published.
   *
   * @default {}
   */
  readonly registries?: ImageRegistriesSpec;
  /**
   * Repositories that are not where the registry has them.
   *
   * @default {}
   */
  readonly repositories?: Readonly<Partial<Record<ImageId, string>>>;
  /**
   * Images of another version than the rest.
   *
   * @default {}
   */
  readonly tags?: Readonly<Partial<Record<TaggedImageId, ImageTagSpec>>>;
  /**
   * Digests that pin images to their exact content.
   *
   * @default {}
   */
  readonly digests?: Readonly<Partial<Record<DigestImageId, string>>>;
  /**
   * Names of Kubernetes Secrets with credentials of the registry.
   *
   * @default - nodes pull with their own role
   */
  readonly pullSecrets?: readonly string[];
}

/** Images with Retool's own versions. */
export type TaggedImageId = "backend" | "codeExecutor" | "jsExecutor" | "agentSandbox" | "telemetry";

/** Images that can be pinned by digest; the sandbox's controller writes its own tag where no digest may stand. */
export type DigestImageId = Exclude<ImageId, "agentSandbox" | "devicePlugin">;

/** One image with its defaults filled in. */
export interface ImagePlan {
  /** Repository; undefined where the chart's own is used. */
  readonly repository: string | undefined;
  /** Tag, with the digest where one is given; undefined where the chart's own is used. */
  readonly tag: string | undefined;
}

/** All images, and how they are pulled. */
export interface ImagesPlan extends Readonly<Record<ImageId, ImagePlan>> {
  /** Names of Kubernetes Secrets with credentials. */
  readonly pullSecrets: readonly string[];
}

/** Where each image is published, and its own tag where it has none of Retool's. */
export const PUBLISHED: Readonly<Record<ImageId, PublishedImage>> = {
  backend: { on: "dockerHub", repository: "tryretool/backend" },
  codeExecutor: { on: "dockerHub", repository: "tryretool/code-executor-service" },
  jsExecutor: { on: "dockerHub", repository: "tryretool/js-executor-service" },
  agentSandbox: { on: "dockerHub", repository: "tryretool/agent-sandbox-service" },
  telemetry: { on: "dockerHub", repository: "tryretool/telemetry" },
  devicePlugin: { on: "github", ...PINNED_IMAGES.smarterDeviceManager },
  init: { on: "dockerHub", ...PINNED_IMAGES.busybox },
};

interface PublishedImage {
  readonly on: keyof ImageRegistriesSpec;
  readonly repository: string;
  readonly tag?: string;
}

const IMAGE_IDS = Object.keys(PUBLISHED) as readonly ImageId[];
const DIGEST_IDS: readonly DigestImageId[] = ["backend", "codeExecutor", "jsExecutor", "telemetry", "init"];
const TAGGED_IDS: readonly TaggedImageId[] = ["backend", "codeExecutor", "jsExecutor", "agentSandbox", "telemetry"];

/** Shape of an {@link ImagesSpec}. */
export const imagesSchema = z.strictObject({
  registries: z.strictObject({ dockerHub: z.string().optional(), github: z.string().optional() }).optional(),
  repositories: z.partialRecord(z.enum(IMAGE_IDS), z.string()).optional(),
  tags: z.partialRecord(z.enum(TAGGED_IDS), z.strictObject({ tag: z.string(), reason: z.string() })).optional(),
  digests: z.partialRecord(z.enum(DIGEST_IDS), z.string()).optional(),
  pullSecrets: z.array(z.string()).optional(),
});

const REPOSITORY = /^[a-z0-9]+([.-][a-z0-9]+)*(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const SECRET_NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

/** Says that the chart always pulls one image from Docker Hub. */
export const HARD_CODED_IMAGE = `The chart pulls busybox ${PINNED_IMAGES.busybox.tag} by digest from Docker Hub for code-executor and js-executor, even with another registry, and no setting moves it: leave docker.io reachable for nodes.`;

/** Says that the chart forgets the credentials of the registry in three places. */
export const PULL_SECRETS_INCOMPLETE =
  "The chart gives pull secrets to every pod but telemetry, the device plugin and the node installer: let the nodes' own role pull those.";

/** Resolves every image. */
export function planImages(spec: ImagesSpec, version: RetoolVersion): ImagesPlan {
  const images = IMAGE_IDS.map((id) => [id, planImage(id, spec, version)]);
  const pullSecrets = spec.pullSecrets ?? [];
  return { ...(Object.fromEntries(images) as Record<ImageId, ImagePlan>), pullSecrets };
}

function planImage(id: ImageId, spec: ImagesSpec, version: RetoolVersion): ImagePlan {
  const fixed = PUBLISHED[id].tag;
  const digest = isDigestId(id) ? spec.digests?.[id] : undefined;
  const isOurs = fixed === undefined || digest !== undefined;
  const tag = withDigest(fixed ?? retoolTag(id, spec, version), digest);
  return { repository: repositoryOf(id, spec), tag: isOurs ? tag : undefined };
}

function repositoryOf(id: ImageId, { registries, repositories }: ImagesSpec): string | undefined {
  const { on, repository } = PUBLISHED[id];
  const registry = registries?.[on];
  return repositories?.[id] ?? (registry === undefined ? undefined : `${registry}/${repository}`);
}

function withDigest(tag: string, digest: string | undefined): string {
  return digest === undefined ? tag : `${tag}@${digest}`;
}

function retoolTag(id: ImageId, { tags }: ImagesSpec, version: RetoolVersion): string {
  return tags?.[id as TaggedImageId]?.tag ?? version.tag;
}

function isDigestId(id: ImageId): id is DigestImageId {
  return (DIGEST_IDS as readonly ImageId[]).includes(id);
}

/** Finds repositories, tags and digests that cannot be pulled, and versions that differ without a reason. */
export function imageViolations(spec: ImagesSpec, version: RetoolVersion, root: string): Violation[] {
  const { registries = {}, repositories = {}, digests = {}, pullSecrets = [] } = spec;
  return [
    ...Object.entries<string>({ ...registries }).flatMap(([id, name]) =>
      registryViolations(`${root}.registries.${id}`, name),
    ),
    ...Object.entries(repositories).flatMap(([id, name]) => repositoryViolations(`${root}.repositories.${id}`, name)),
    ...Object.entries(digests).flatMap(([id, digest]) => digestViolations(`${root}.digests.${id}`, digest)),
    ...Object.entries(spec.tags ?? {}).flatMap(([id, tag]) => tagViolations(`${root}.tags.${id}`, tag, version)),
    ...backendViolations(spec.tags?.backend?.tag, version, `${root}.tags.backend.tag`),
    ...pullSecrets.flatMap((name, index) => pullSecretViolations(`${root}.pullSecrets[${index}]`, name)),
  ];
}

function repositoryViolations(path: string, name: string): Violation[] {
  if (REPOSITORY.test(name) && hasPort(name)) return [];
  return [
    {
      path,
      problem: `${quote(name)} is not the name of a registry or a repository`,
      remedy: "use only host and path in lower case, without a scheme, a tag or a trailing slash",
    },
  ];
}

/** Whether the port behind the host, where there is one, is a port. */
function hasPort(name: string): boolean {
  const port = /^[^/]*:(\d+)(?=\/|$)/.exec(name)?.[1];
  return port === undefined || (Number(port) >= 1 && Number(port) <= 65_535);
}

/** A mirror is a registry that every node reaches by its host. */
function registryViolations(path: string, name: string): Violation[] {
  const wrong = repositoryViolations(path, name);
  return wrong.length > 0 ? wrong : hostViolations(name.replace(/[:/].*$/, ""), path);
}

function digestViolations(path: string, digest: string): Violation[] {
  if (DIGEST.test(digest)) return [];
  return [{ path, problem: `"${digest}" is not a digest`, remedy: "use sha256: and 64 hexadecimal digits" }];
}

function tagViolations(path: string, { tag, reason }: ImageTagSpec, version: RetoolVersion): Violation[] {
  if (!TAG.test(tag)) {
    return [{ path: `${path}.tag`, problem: `"${tag}" is not a tag`, remedy: `use a tag such as "${version.tag}"` }];
  }
  if (tag === version.tag || reason.trim() !== "") return [];
  return [
    {
      path: `${path}.reason`,
      problem: `is empty, but ${tag} differs from the version ${version.tag} of all other images`,
      remedy: "give the reason, or remove the tag: Retool supports only one version for all images",
      document: DOCUMENTS.containers,
    },
  ];
}

/** The backend migrates the database: a tag of another line would be an upgrade that nobody checked. */
function backendViolations(tag: string | undefined, version: RetoolVersion, path: string): Violation[] {
  const other = tag === undefined ? undefined : parseRetoolVersion(tag);
  if (other === undefined || (lineOf(other) === lineOf(version) && other.channel === version.channel)) return [];
  return [
    {
      path,
      problem: `${other.tag} is from another line or channel than retoolVersion ${version.tag}, and the backend migrates the database`,
      remedy: "remove it, and change retoolVersion as npx cdktf-retool upgrade <environment> says",
      document: DOCUMENTS.upgrades,
    },
  ];
}

function pullSecretViolations(path: string, name: string): Violation[] {
  if (SECRET_NAME.test(name)) return [];
  return [{ path, problem: `"${name}" is not the name of a Kubernetes Secret`, remedy: "use its name in lower case" }];
}

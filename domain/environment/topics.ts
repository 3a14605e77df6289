import type { EnvironmentSpec } from "./spec";

/** Settings that belong together for the people who look for them. */
export interface Topic {
  /** Heading. */
  readonly title: string;
  /** Parts of the configuration. */
  readonly keys: readonly (keyof EnvironmentSpec)[];
}

/** Every part of a configuration, in the order in which the reference of all settings shows them. */
export const TOPICS: readonly Topic[] = [
  {
    title: "The environment",
    keys: ["name", "account", "region", "domain", "retoolVersion", "license", "namespace"],
  },
  {
    title: "What an organization demands: names, IAM, tags, keys, logs",
    keys: ["namePrefix", "iam", "tags", "encryptionKeys", "logBucket"],
  },
  {
    title: "Who reaches it: names, certificates, load balancer",
    keys: ["access", "clusterAccess", "bastion", "dns", "frontDoor"],
  },
  { title: "Size: builders, users, sandboxes, nodes", keys: ["builders", "users", "sandbox", "nodePools"] },
  { title: "Retool itself: containers, sign-in, mail, images, chart values", keys: ["retool"] },
  { title: "Workflows", keys: ["temporal"] },
  { title: "Databases", keys: ["database", "retoolDatabase"] },
  { title: "Files, backups and what happens to data", keys: ["blobStorage", "backup", "dataProtection"] },
  { title: "Secrets", keys: ["secrets", "secretDelivery"] },
  { title: "Network and cluster", keys: ["network", "cluster"] },
  { title: "What may leave", keys: ["egress"] },
  { title: "Logs, alarms, dashboard", keys: ["observability"] },
  {
    title: "How it is deployed",
    keys: ["state", "layers", "deployRoleArn", "workloads", "chartsDirectory", "maxRetries"],
  },
];

const PAGE = "docs/settings.md";

/**
 * Says where the settings of some violations are described, as one line; empty where none of them is a setting.
 *
 * @param paths - Paths of violations, with or without the name of an environment before them.
 */
export function whereDescribed(paths: readonly string[]): string {
  const keys = new Set<string>(TOPICS.flatMap((topic) => topic.keys));
  const named = paths.flatMap(
    (path) =>
      path
        .split(/[.[]/)
        .slice(0, 2)
        .find((key) => keys.has(key)) ?? [],
  );
  const pages = [...new Set(named)].map((key) => `${PAGE}#${key.toLowerCase()}`);
  return pages.length === 0
    ? ""
    : `These settings are described in ${pages.join(", ")}; or run: npx cdktf-retool settings ${pages.length === 1 ? (named[0] ?? "") : "<setting>"}`;
}

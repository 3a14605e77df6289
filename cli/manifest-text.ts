import { stringify } from "yaml";

/** Manifests as kubectl takes them: YAML documents, one after another. */
export function manifestText(manifests: readonly object[]): string {
  return manifests.map((manifest) => `---\n${stringify(manifest, { lineWidth: 0 })}`).join("");
}

import type { Resource } from "./diagram-graph";

/** A Kubernetes object inside a Helm release, as far as a picture needs it. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The objects that a Helm release of the local chart installs. */
export function manifestsOf({ type, body }: Resource): Manifest[] {
  if (type !== "helm_release") return [];
  const [values = "{}"] = (body["values"] ?? []) as readonly string[];
  return (JSON.parse(values) as { readonly manifests?: Manifest[] }).manifests ?? [];
}

import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import type { IManagedSecret, ISecretWriter } from "../constructs/common/contracts";
import { ExistingSecret } from "../constructs/secrets/existing-secret";
import type { RetoolSecretValues } from "../constructs/secrets/kubernetes-secrets";
import type { PodSecret, PodSecretSource } from "../domain/chart/pod-secrets";

/** What {@link PodSecrets} are made from. */
export interface PodSecretsProps {
  /** The Kubernetes Secrets and where each key comes from. */
  readonly plan: readonly PodSecret[];
  /** The environment's own secrets. */
  readonly own: RetoolSecretValues;
  /** Namespace of the Kubernetes Secrets. */
  readonly namespace: string;
  /** What writes the Kubernetes Secrets. */
  readonly writer: ISecretWriter;
  /** What must exist before: the namespace. */
  readonly after: readonly ITerraformDependable[];
}

/** Kubernetes Secrets of what a team brings: secret variables of the pods, and the key of its own Temporal. */
export class PodSecrets extends Construct {
  /** What must exist before a pod that reads the Secrets starts. */
  public readonly ready: readonly ITerraformDependable[];
  private readonly stored = new Map<string, IManagedSecret>();

  public constructor(scope: Construct, id: string, props: PodSecretsProps) {
    super(scope, id);

    this.ready = props.plan.flatMap((secret) => this.defineSecret(secret, props));
  }

  private defineSecret(
    { name, keys, revision }: PodSecret,
    { own, namespace, writer, after }: PodSecretsProps,
  ): readonly ITerraformDependable[] {
    const values = Object.entries(keys).map(([key, source]) => [key, this.sourceValue(source, own)] as const);
    return writer.secret(this, name, {
      name,
      namespace,
      data: Object.fromEntries(values.map(([key, secret]) => [key, { secret }])),
      revision,
      after: [...after, ...values.flatMap(([, { ready }]) => ready)],
    });
  }

  private sourceValue(source: PodSecretSource, own: RetoolSecretValues): IManagedSecret {
    if (source.kind === "secrets-manager") return this.storedSecret(source.secretName);
    const found = own[source.id];
    if (found === undefined) throw new Error(`${source.id}: there is no such secret to copy`);
    return found;
  }

  /** The stored secret of a name, read once however many keys hold it. */
  private storedSecret(name: string): IManagedSecret {
    const known = this.stored.get(name);
    if (known !== undefined) return known;
    const secret = new ExistingSecret(this, `Stored-${name}`, { name, revision: 1 });
    this.stored.set(name, secret);
    return secret;
  }
}

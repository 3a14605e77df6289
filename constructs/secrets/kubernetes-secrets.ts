import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

import { kubernetesSecrets } from "../../domain/secrets/secrets";
import type { IManagedSecret, ISecretWriter, StoredValue } from "../common/contracts";

/** The secrets of a Retool environment in Secrets Manager. */
export interface RetoolSecretValues {
  /** The key that encrypts stored credentials. */
  readonly encryptionKey: IManagedSecret;
  /**
   * The key before it, while Retool still reads what it encrypted.
   *
   * @default - no rotation is under way
   */
  readonly oldEncryptionKey?: IManagedSecret;
  /** The secret that signs sessions. */
  readonly jwtSecret: IManagedSecret;
  /** The password of the database's administrator. */
  readonly databasePassword: IManagedSecret;
  /**
   * The password of the administrator of Retool Database.
   *
   * @default - Retool Database has no server of its own
   */
  readonly retoolDatabasePassword?: IManagedSecret;
  /**
   * The password of the administrator of the instance that is made for a local Temporal cluster.
   *
   * @default - none is made
   */
  readonly temporalDatabasePassword?: IManagedSecret;
  /** The sandbox's keys: a JSON object with `jwt-public-key`, `jwt-private-key` and `encryption-key`. */
  readonly sandboxKeys: IManagedSecret;
  /**
   * The license key.
   *
   * @default - Retool starts without a license
   */
  readonly license?: IManagedSecret;
}

/** What {@link KubernetesSecrets} are made from. */
export interface KubernetesSecretsProps {
  /** Where the values are. */
  readonly values: RetoolSecretValues;
  /** Namespace of the Secrets. */
  readonly namespace: string;
  /** What writes the Secrets. */
  readonly writer: ISecretWriter;
  /** What must exist before: the namespace. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * The Kubernetes Secrets that the Retool chart reads, filled from Secrets Manager without passing through state.
 *
 * A larger revision of a secret writes its Kubernetes Secret again.
 */
export class KubernetesSecrets extends Construct {
  /** What must exist before a pod that reads the Secrets starts. */
  public readonly ready: readonly ITerraformDependable[];

  public constructor(scope: Construct, id: string, props: KubernetesSecretsProps) {
    super(scope, id);
    const { encryptionKey, jwtSecret, databasePassword, sandboxKeys, license } = props.values;
    this.ready = [
      ...this.defineSecret("EncryptionKey", kubernetesSecrets.encryptionKey, encryptionKey, props),
      ...this.defineSecret("JwtSecret", kubernetesSecrets.jwtSecret, jwtSecret, props),
      ...this.defineSecret("DatabasePassword", kubernetesSecrets.databasePassword, databasePassword, props),
      ...this.defineSandboxKeys(sandboxKeys, props),
      ...(license === undefined ? [] : this.defineSecret("License", kubernetesSecrets.license, license, props)),
    ];
  }

  private defineSecret(
    id: string,
    { name, key }: { readonly name: string; readonly key: string },
    value: IManagedSecret,
    props: KubernetesSecretsProps,
  ): readonly ITerraformDependable[] {
    return this.defineData(id, name, { [key]: { secret: value } }, value, props);
  }

  private defineSandboxKeys(value: IManagedSecret, props: KubernetesSecretsProps): readonly ITerraformDependable[] {
    const { name, keys } = kubernetesSecrets.sandboxKeys;
    const data = Object.fromEntries(keys.map((key) => [key, { secret: value, member: key }]));
    return this.defineData("SandboxKeys", name, data, value, props);
  }

  private defineData(
    id: string,
    name: string,
    data: Readonly<Record<string, StoredValue>>,
    { revision, ready }: IManagedSecret,
    { namespace, writer, after }: KubernetesSecretsProps,
  ): readonly ITerraformDependable[] {
    return writer.secret(this, id, {
      name,
      namespace,
      data,
      revision,
      after: [...after, ...ready],
    });
  }
}

import { DataResource } from "cdktf";
import { Construct } from "constructs";

/** Construction properties for {@link EncryptionKeyLedger}. */
export interface EncryptionKeyLedgerProps {
  /** Names of the secrets that hold the encryption keys, oldest first. */
  readonly secretNames: readonly string[];
}

/**
 * A record, kept only in state, of which encryption keys an environment has had.
 *
 * Terraform refuses to change or shorten it: a configuration that names another secret for a key, or leaves one out, is
 * stopped while planning, though it looks right by itself. Adding a key is all that is allowed.
 */
export class EncryptionKeyLedger extends Construct {
  public constructor(scope: Construct, id: string, { secretNames }: EncryptionKeyLedgerProps) {
    super(scope, id);
    const ledger = new DataResource(this, "Resource", {
      // By count: an entry that is left out is then destroyed while the block that forbids it still stands.
      count: secretNames.length,
      lifecycle: { preventDestroy: true },
    });
    ledger.addOverride("triggers_replace", `\${${JSON.stringify(secretNames)}[count.index]}`);
  }
}

import type { Construct } from "constructs";

import type { ICertificate, IWritableZone } from "../constructs/common/contracts";
import { Certificate as CertificateResources } from "../constructs/front-door/certificate";
import { baseName } from "../domain/front-door/hostnames";

/** Settings of a {@link Certificate}. */
export interface CertificateProps {
  /** Names, the common name first; `*.` in front covers one label. */
  readonly names: readonly string[];
  /** Public zone that holds the names. */
  readonly zone: IWritableZone;
}

/**
 * An ACM certificate that is validated by DNS in the same apply and renewed by ACM. It is free.
 *
 * @example
 * ```ts
 * const certificate = new Certificate(this, "Certificate", { names: ["tools.example.com", "*.tools.example.com"], zone });
 * ```
 */
export class Certificate extends CertificateResources {
  public constructor(scope: Construct, id: string, { names, zone }: CertificateProps) {
    // A name and its wildcard have the same record.
    const validationNames = [...new Set(names.map(baseName))];
    super(scope, id, { plan: { kind: "mint", names, validationNames }, zone });
  }

  /** A certificate that exists. */
  public static fromArn(certificateArn: string): ICertificate {
    return { certificateArn };
  }
}

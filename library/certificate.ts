import { Token } from "cdktf";
import type { Construct } from "constructs";

import type { ICertificate, IWritableZone } from "../constructs/common/contracts";
import { Certificate as CertificateResources } from "../constructs/front-door/certificate";
import { certificateArnViolations } from "../domain/front-door/certificate-violations";
import { baseName } from "../domain/front-door/hostnames";
import { plainCertificateViolations } from "../domain/front-door/plain-dns";
import { type CommonProps, contextOf, refuse, whereKnown } from "./scope";
import { tag } from "./tags";

/** Settings of a {@link Certificate}. */
export interface CertificateProps extends Pick<CommonProps, "tags"> {
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
 * @throws `ConfigurationError` with every problem of the settings.
 */
export class Certificate extends CertificateResources {
  public constructor(scope: Construct, id: string, props: CertificateProps) {
    const { names, zone, tags } = props;
    contextOf(scope, id, props);
    const known = names.map((name) => (Token.isUnresolved(name) ? undefined : name));
    refuse([scope, id, props], plainCertificateViolations(known));
    // A name and its wildcard have the same record.
    const validationNames = [...new Set(names.map(baseName))];
    super(scope, id, { plan: { kind: "mint", names, validationNames }, zone });
    tag(this, tags);
  }

  /**
   * A certificate that exists, in the account and region of the stack. AWS finds none by its ARN, so only the ARN is checked.
   *
   * @param scope - Where the certificate is used.
   * @param id - Id that messages show.
   * @param certificateArn - ARN of the certificate.
   * @throws `ConfigurationError` where no load balancer of this account and region can use it.
   */
  public static fromArn(scope: Construct, id: string, certificateArn: string): ICertificate {
    const context = contextOf(scope, id, {});
    const check = (arn: string) => certificateArnViolations("certificateArn", arn, context);
    refuse([scope, id, {}], whereKnown(certificateArn, check));
    return { certificateArn };
  }
}

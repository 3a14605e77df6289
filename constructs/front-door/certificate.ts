import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";

import type { CertificatePlan } from "../../domain/front-door/dns";
import { holdingZone } from "../../domain/front-door/hostnames";
import type { ICertificate, IWritableZone } from "../common/contracts";
import { idPart, renderOperand } from "../common/render";

/** Construction properties for {@link Certificate}. */
export interface CertificateProps {
  /** Names of the certificate. */
  readonly plan: Extract<CertificatePlan, { readonly kind: "mint" }>;
  /** Zone that proves that the names are ours. */
  readonly zone: IWritableZone;

  /**
   * Further zones by their names, for the names below them.
   *
   * @default - none
   */
  readonly otherZones?: ReadonlyMap<string, IWritableZone>;
}

const VALIDATION_TTL_SECONDS = 60;

/**
 * An ACM certificate for every host name, validated by DNS within the same apply and renewed by ACM.
 *
 * It is free.
 */
export class Certificate extends Construct implements ICertificate {
  /** {@inheritDoc ICertificate.certificateArn} */
  public readonly certificateArn: string;

  public constructor(scope: Construct, id: string, props: CertificateProps) {
    super(scope, id);

    const [domainName, ...subjectAlternativeNames] = props.plan.names;
    const certificate = new AcmCertificate(this, "Resource", {
      domainName,
      subjectAlternativeNames,
      validationMethod: "DNS",
      lifecycle: { createBeforeDestroy: true },
    });
    const records = props.plan.validationNames.map((name, index) =>
      this.defineValidationRecord(`Proof-${idPart(name, index)}`, name, certificate, props),
    );
    const validation = new AcmCertificateValidation(this, "Validation", {
      certificateArn: certificate.arn,
      validationRecordFqdns: records.map((record) => record.fqdn),
    });
    this.certificateArn = validation.certificateArn;
  }

  /**
   * One record for a name and its wildcard, which ACM gives the same one.
   *
   * ACM asks for the same record for every certificate of an account that has the name, so another environment may have
   * written it.
   */
  private defineValidationRecord(
    id: string,
    name: string,
    certificate: AcmCertificate,
    { zone, otherZones = new Map() }: CertificateProps,
  ): Route53Record {
    const holder = otherZones.get(holdingZone([...otherZones.keys()], name) ?? "") ?? zone;
    const option = (attribute: string): string =>
      `\${[for option in ${certificate.fqn}.domain_validation_options : option.${attribute} if option.domain_name == ${renderOperand(name)}][0]}`;
    return new Route53Record(this, id, {
      zoneId: holder.zoneId,
      name: option("resource_record_name"),
      type: option("resource_record_type"),
      ttl: VALIDATION_TTL_SECONDS,
      records: [option("resource_record_value")],
      allowOverwrite: true,
      provider: holder.provider,
    });
  }
}

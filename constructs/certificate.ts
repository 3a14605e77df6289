import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Construct } from "constructs";

import type { CertificatePlan } from "../domain/dns";
import type { ICertificate, IDnsZone } from "./contracts";
import { renderText } from "./render";

/** Construction properties for {@link Certificate}. */
export interface CertificateProps {
  /** Names of the certificate. */
  readonly plan: Extract<CertificatePlan, { readonly kind: "mint" }>;
  /** Zone that proves that the names are ours. */
  readonly zone: IDnsZone;
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

  public constructor(scope: Construct, id: string, { plan, zone }: CertificateProps) {
    super(scope, id);

    const [domainName, ...subjectAlternativeNames] = plan.names;
    const certificate = new AcmCertificate(this, "Resource", {
      domainName,
      subjectAlternativeNames,
      validationMethod: "DNS",
      lifecycle: { createBeforeDestroy: true },
    });
    const records = plan.validationNames.map((name) => this.defineValidationRecord(name, certificate, zone));
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
  private defineValidationRecord(name: string, certificate: AcmCertificate, zone: IDnsZone): Route53Record {
    const option = (attribute: string): string =>
      `\${[for option in ${certificate.fqn}.domain_validation_options : option.${attribute} if option.domain_name == ${JSON.stringify(renderText(name))}][0]}`;
    return new Route53Record(this, `Proof-${name}`, {
      zoneId: zone.zoneId,
      name: option("resource_record_name"),
      type: option("resource_record_type"),
      ttl: VALIDATION_TTL_SECONDS,
      records: [option("resource_record_value")],
      allowOverwrite: true,
    });
  }
}

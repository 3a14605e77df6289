import { formatViolation } from "../../../domain/common/violation";
import { checkEnvironment } from "../../../domain/environment/environment";
import { partitionViolations } from "../../../domain/environment/partition";
import { prod } from "../../../docs/recipes/govcloud";

const problems = (more: object): string[] => checkEnvironment({ ...prod, ...more }).violations.map(formatViolation);
const COMMERCIAL = "arn:aws:iam::111122223333:role/someone";
const USE =
  "the ARN is in the partition aws, and us-gov-west-1 is in aws-us-gov; use one that begins with arn:aws-us-gov:";

describe("an environment in GovCloud", () => {
  test.each<[string, object]>([
    [
      "dns.certificateArn",
      { dns: { ...prod.dns, certificateArn: prod.dns.certificateArn.replace("aws-us-gov", "aws") } },
    ],
    [
      "frontDoor.accessLogs.readerRoleArns[0]",
      { frontDoor: { accessLogs: { kind: "bucket", readerRoleArns: [COMMERCIAL] } } },
    ],
    ["secretDelivery.operatorRoleArn", { secretDelivery: { kind: "external-secrets", operatorRoleArn: COMMERCIAL } }],
  ])("takes no ARN of the commercial partition at %s", (path, more) => {
    expect(problems(more)).toEqual([`${path}: ${USE}`]);
  });

  test.each<[string, object]>([
    ["deployRoleArn", { deployRoleArn: COMMERCIAL }],
    ["cluster.adminRoleArns[0]", { cluster: { adminRoleArns: [COMMERCIAL] } }],
    ["iam.permissionsBoundary", { iam: { permissionsBoundary: "arn:aws:iam::111122223333:policy/b" } }],
  ])("says one thing about an ARN at %s", (path, more) => {
    expect(problems(more)).toEqual([expect.stringMatching(`^${path.replaceAll(/[[\]]/g, "\\$&")}: .*aws-us-gov`)]);
  });

  test("resolves the region's own host of S3, where Fluent Bit keeps audit events", () => {
    const observability = { logs: { kind: "cloudwatch", auditBucketDays: 365 } } as const;
    const { dnsFirewall } = checkEnvironment({ ...prod, observability }).plan;

    expect(dnsFirewall?.allowed).toContain("s3.us-gov-west-1.amazonaws.com");
  });

  test("takes its own ARNs, and does not look into what belongs to Retool", () => {
    const own = { deployRoleArn: COMMERCIAL.replace("arn:aws:", "arn:aws-us-gov:"), cluster: { adminRoleArns: [] } };

    expect(problems(own)).toEqual([]);
    expect(partitionViolations({ retool: { environment: { ROLE: COMMERCIAL } } }, prod.region)).toEqual([]);
  });
});

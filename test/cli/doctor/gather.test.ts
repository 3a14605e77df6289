import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Resolver } from "node:dns/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { awsOf, outputOf } from "../../../cli/ask-aws";
import {
  addressHere,
  certificateOf,
  delegationOf,
  endpointOf,
  identityOf,
  licenseOf,
  offeringsOf,
  quotaOf,
  stateOf,
  toolsHere,
} from "../../../cli/doctor/gather";
import { DENIED } from "../../support/findings";
import { recordedAws, refusal } from "../../support/recorded-aws";

const folder = mkdtempSync(join(tmpdir(), "doctor-"));
const path = process.env["PATH"];
afterAll(() => {
  process.env["PATH"] = path;
  rmSync(folder, { recursive: true });
});

/** Puts a program in front of the others, as a script for sh. */
function program(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  process.env["PATH"] = `${folder}${delimiter}${path ?? ""}`;
}

describe("the AWS CLI", () => {
  const ask = () => awsOf("eu-central-1")<object>(["sts", "get-caller-identity"]);

  test("is asked in the region, with limits, without a pager, and answers in JSON", async () => {
    program("aws", 'printf \'{"args": "%s", "pager": "%s"}\' "$*" "$AWS_PAGER"');

    await expect(ask()).resolves.toEqual({
      known: {
        args: "sts get-caller-identity --cli-connect-timeout 5 --cli-read-timeout 10 --output json --region eu-central-1",
        pager: "",
      },
    });
  });

  test.each([
    [
      "refuses",
      'printf "\\nAn error occurred (AccessDenied)\\n  no\\n" >&2; exit 254',
      "An error occurred (AccessDenied) no",
    ],
    ["does not answer in JSON", "echo hello", "aws sts get-caller-identity did not answer in JSON"],
    ["says too much", "head -c 400 /dev/zero | tr '\\0' x >&2; exit 1", `${"x".repeat(299)}…`],
  ])("%s", async (_, script, unknown) => {
    program("aws", script);

    await expect(ask()).resolves.toEqual({ unknown });
  });

  test("is not installed, which leaves no timer behind to wait for", async () => {
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = timers();

    await expect(outputOf("no-such-program", [])).resolves.toEqual({
      unknown: "no-such-program was not found in PATH",
    });
    expect(timers()).toBe(before);
  });

  test("is there and cannot be run", async () => {
    await expect(outputOf(folder, [])).resolves.toEqual({ unknown: `${folder} cannot be run (EACCES)` });
  });

  test("runs at most eight times at once", async () => {
    program(
      "aws",
      `echo + >> ${folder}/log; sleep 0.05; echo - >> ${folder}/log; cat ${folder}/log | tr -d '\\n' > /dev/null`,
    );
    await Promise.all(Array.from({ length: 12 }, () => outputOf("aws", [])));
    const { known = "" } = (await outputOf("cat", [join(folder, "log")])) as { known?: string };
    let [now, most] = [0, 0];
    for (const line of known.split("\n")) {
      now += line === "+" ? 1 : line === "-" ? -1 : 0;
      most = Math.max(most, now);
    }

    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(8);
  });
});

describe("tools", () => {
  test("say their versions", async () => {
    program("terraform", 'echo \'{ "terraform_version": "1.13.4" }\'');
    program("aws", "echo aws-cli/2.31.0 Python/3.13.7");

    await expect(toolsHere()).resolves.toEqual({
      node: { known: process.versions.node },
      terraform: { known: "1.13.4" },
      aws: { known: "2.31.0" },
    });
  });

  test("fail, or say something else, which is not the same as being absent", async () => {
    program("terraform", "echo no >&2; exit 1");
    program("aws", "echo hello");

    await expect(toolsHere()).resolves.toMatchObject({
      terraform: { unknown: "no" },
      aws: { unknown: "aws --version names no version" },
    });
  });

  test("are absent", async () => {
    process.env["PATH"] = folder;
    rmSync(join(folder, "terraform"), { force: true });
    rmSync(join(folder, "aws"), { force: true });

    await expect(toolsHere()).resolves.toMatchObject({ terraform: { known: undefined }, aws: { known: undefined } });
  });
});

describe("who deploys", () => {
  const ask = (answer: object | string) => identityOf(recordedAws({ "sts get-caller-identity": answer }));

  test("is known, has no credentials, or expired ones", async () => {
    const arn = "arn:aws:sts::111122223333:assumed-role/deploy/me";

    await expect(ask({ Account: "111122223333", Arn: arn })).resolves.toEqual({
      known: { account: "111122223333", arn },
    });
    for (const said of ["Unable to locate credentials", refusal("ExpiredToken", "GetCallerIdentity")])
      await expect(ask(said)).resolves.toEqual({ unknown: said });
  });
});

describe("a quota", () => {
  const own = "service-quotas get-service-quota";
  const usual = "service-quotas get-aws-default-service-quota";
  const ask = (answers: Record<string, object | string>) => quotaOf(recordedAws(answers), "ec2", "L-1216C47A");
  const none = refusal("NoSuchResourceException", "GetServiceQuota");

  test("is the account's own, or AWS's", async () => {
    await expect(ask({ [own]: { Quota: { Value: 512 } } })).resolves.toEqual({ known: 512 });
    await expect(ask({ [own]: none, [usual]: { Quota: { Value: 5 } } })).resolves.toEqual({ known: 5 });
  });

  test("may not be read, neither the one nor the other", async () => {
    await expect(ask({ [own]: DENIED })).resolves.toEqual({ unknown: DENIED });
    await expect(ask({ [own]: none, [usual]: DENIED })).resolves.toEqual({ unknown: DENIED });
  });
});

describe("offerings", () => {
  const ask = (answer: object | string) =>
    offeringsOf(recordedAws({ "ec2 describe-instance-type-offerings": answer }), ["m7i.2xlarge"]);
  const offer = (Location: string) => ({ InstanceType: "m7i.2xlarge", Location });

  test("are zones by type, none, or unknown", async () => {
    await expect(ask({ InstanceTypeOfferings: [offer("us-east-1a"), offer("us-east-1b")] })).resolves.toEqual({
      known: { "m7i.2xlarge": ["us-east-1a", "us-east-1b"] },
    });
    await expect(ask({ InstanceTypeOfferings: [] })).resolves.toEqual({ known: {} });
    await expect(ask(DENIED)).resolves.toEqual({ unknown: DENIED });
  });
});

describe("a delegation", () => {
  const zone = (Name: string, PrivateZone = false) => ({ Id: `/hostedzone/${Name}`, Name, Config: { PrivateZone } });
  const NameServers = ["ns-1.awsdns-00.com"];
  const good = {
    "route53 list-hosted-zones": {
      HostedZones: [zone("com."), zone("example.com."), zone("retool.example.com.", true), zone("other.com.")],
    },
    "route53 get-hosted-zone": { DelegationSet: { NameServers } },
  };
  const ask = (change: Record<string, object | string> = {}) =>
    delegationOf(recordedAws({ ...good, ...change }), "retool.example.com", undefined);
  const resolves = (answer: () => Promise<string[]>, isOnline = true): void => {
    jest
      .spyOn(Resolver.prototype, "resolveNs")
      .mockImplementation((name) => (isOnline && name === "amazonaws.com" ? Promise.resolve(["ns"]) : answer()));
  };
  const fails = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));

  test("is that of the longest public zone", async () => {
    resolves(() => Promise.resolve(NameServers));

    await expect(ask()).resolves.toEqual({
      known: { zone: "example.com", assigned: NameServers, delegated: NameServers },
    });
  });

  test("is nobody's, has no zone, or cannot be found out", async () => {
    resolves(fails("ENOTFOUND"));
    await expect(ask()).resolves.toMatchObject({ known: { delegated: [] } });
    resolves(fails("ENOTFOUND"), false);
    await expect(ask()).resolves.toEqual({ unknown: "this machine's DNS finds not even amazonaws.com" });
    resolves(fails("ETIMEOUT"));
    await expect(ask()).resolves.toEqual({ unknown: "DNS did not answer (ETIMEOUT)" });
    await expect(ask({ "route53 list-hosted-zones": { HostedZones: [zone("other.com.")] } })).resolves.toEqual({
      known: { zone: "retool.example.com", assigned: undefined, delegated: [] },
    });
    for (const question of Object.keys(good))
      await expect(ask({ [question]: DENIED })).resolves.toEqual({ unknown: DENIED });
  });
});

describe("the endpoint of a cluster", () => {
  const ask = (answer: object | string) => endpointOf(recordedAws({ "eks describe-cluster": answer }), "shared");

  test("is public or private, or unknown", async () => {
    const found = (endpointPublicAccess: boolean, more: object = {}) => ({
      cluster: { resourcesVpcConfig: { endpointPublicAccess, vpcId: "vpc-1", ...more } },
    });

    await expect(ask(found(true, { publicAccessCidrs: ["0.0.0.0/0"] }))).resolves.toEqual({
      known: { isPublic: true, isPrivate: false, publicCidrs: ["0.0.0.0/0"], vpcId: "vpc-1" },
    });
    await expect(ask(found(false, { endpointPrivateAccess: true }))).resolves.toEqual({
      known: { isPublic: false, isPrivate: true, publicCidrs: [], vpcId: "vpc-1" },
    });
    await expect(ask(DENIED)).resolves.toEqual({ unknown: DENIED });
  });
});

describe("a certificate", () => {
  const ask = (answer: object | string) => certificateOf(recordedAws({ "acm describe-certificate": answer }), "arn");

  test("is issued, pending, not there, or unknown", async () => {
    const names = ["retool.example.com"];

    await expect(
      ask({ Certificate: { Status: "ISSUED", SubjectAlternativeNames: names, NotAfter: "2027-11-01T12:00:00+00:00" } }),
    ).resolves.toEqual({ known: { status: "ISSUED", names, notAfter: "2027-11-01" } });
    await expect(ask({ Certificate: { Status: "PENDING_VALIDATION" } })).resolves.toEqual({
      known: { status: "PENDING_VALIDATION", names: [], notAfter: undefined },
    });
    await expect(ask(refusal("ResourceNotFoundException", "DescribeCertificate"))).resolves.toMatchObject({
      known: { status: undefined },
    });
    await expect(ask(DENIED)).resolves.toEqual({ unknown: DENIED });
  });
});

describe("the license", () => {
  const described = "secretsmanager describe-secret";
  const read = "secretsmanager get-secret-value";
  const ask = (answers: Record<string, object | string>) => licenseOf(recordedAws(answers), "retool/license-key");
  const absent = refusal("ResourceNotFoundException", "GetSecretValue");

  test("is there, and the key itself goes no further", async () => {
    const found = await ask({ [described]: {}, [read]: { SecretString: "SSOP_key\n" } });

    expect(found).toEqual({ known: { exists: true, isEmpty: false, hasSpace: true, endsOn: undefined } });
    expect(JSON.stringify(found)).not.toContain("SSOP");
  });

  test("is not there, deleted, without a value, or unknown", async () => {
    await expect(ask({ [described]: absent })).resolves.toEqual({ known: { exists: false } });
    await expect(ask({ [described]: { DeletedDate: "2026-12-01T00:00:00+00:00" } })).resolves.toEqual({
      known: { exists: true, deletedOn: "2026-12-01" },
    });
    await expect(ask({ [described]: {}, [read]: absent })).resolves.toEqual({ known: { exists: true, isEmpty: true } });
    await expect(ask({ [described]: DENIED })).resolves.toEqual({ unknown: DENIED });
    await expect(ask({ [described]: {}, [read]: DENIED })).resolves.toEqual({ unknown: DENIED });
  });
});

describe("the state", () => {
  const state = { kind: "s3", bucket: "b", key: "prod/terraform.tfstate", region: "us-east-1" } as const;
  const ask = (head: object | string) => stateOf(recordedAws({ "s3api head-bucket": head }), state, "111122223333");
  const says = (text: string, code: number): void => {
    program("aws", `printf '%s' '${text}' ${code === 0 ? "" : ">&2"}; exit ${code}`);
  };

  test("is not locked", async () => {
    says("fatal error: An error occurred (404) when calling the HeadObject operation", 1);

    await expect(ask({})).resolves.toEqual({ known: { exists: true } });
  });

  test("is locked, has a strange lock, no bucket, or is not known", async () => {
    says('{"ID":"1","Who":"me@laptop","Operation":"OperationTypeApply","Created":"2026-11-29T11:00:00Z"}', 0);
    await expect(ask({})).resolves.toEqual({
      known: {
        exists: true,
        lock: { id: "1", who: "me@laptop", operation: "OperationTypeApply", since: "2026-11-29T11:00:00Z" },
      },
    });
    says("hello", 0);
    await expect(ask({})).resolves.toEqual({
      unknown: "the lock file s3://b/prod/terraform.tfstate.tflock is not one of Terraform's",
    });
    says("AccessDenied", 1);
    await expect(ask({})).resolves.toEqual({ unknown: "AccessDenied" });
    await expect(ask(refusal("404", "HeadBucket", "Not Found"))).resolves.toEqual({ known: { exists: false } });
    await expect(ask(DENIED)).resolves.toEqual({ unknown: DENIED });
  });
});

describe("the address of this machine", () => {
  const answers = (answer: () => Promise<Response>): void => {
    jest.spyOn(globalThis, "fetch").mockImplementation(answer);
  };

  test("is known, strange, or cannot be asked for", async () => {
    answers(() => Promise.resolve(new Response("203.0.113.10\n")));
    await expect(addressHere()).resolves.toEqual({ known: "203.0.113.10" });
    answers(() => Promise.resolve(new Response("<html>sign in</html>")));
    await expect(addressHere()).resolves.toEqual({
      unknown: "checkip.amazonaws.com did not answer, so this machine's public address is unknown",
    });
    answers(() => Promise.reject(new Error("no")));
    await expect(addressHere()).resolves.toEqual({
      unknown: "checkip.amazonaws.com did not answer, so this machine's public address is unknown",
    });
  });
});

import { credentialFindings, isOfAccount } from "../../../domain/doctor/credentials";
import { type Finding } from "../../../domain/doctor/finding";
import { texts } from "../../support/findings";

const ACCOUNT = "111122223333";

describe("credentials", () => {
  const known = (account: string, arn: string): Finding[] => credentialFindings(ACCOUNT, { known: { account, arn } });
  const unknown = (reason: string): Finding[] => credentialFindings(ACCOUNT, { unknown: reason });
  const NOTHING = "nothing in AWS can be made or looked at";

  test.each([
    [
      known(ACCOUNT, "arn:aws:sts::111122223333:assumed-role/deploy/me"),
      "good arn:aws:sts::111122223333:assumed-role/deploy/me",
    ],
    [
      known("999988887777", "arn:aws:iam::999988887777:user/me"),
      "problem the credentials are of account 999988887777, the configuration says 111122223333; the AWS provider refuses every other account; use the profile of account 111122223333: export AWS_PROFILE=..., or correct account in the configuration",
    ],
    [
      known(ACCOUNT, "arn:aws:iam::111122223333:root"),
      "warning the credentials are those of the root user of 111122223333; nothing limits them, and EKS makes its creator the administrator of the cluster; deploy as a role",
    ],
    [
      unknown('Unable to locate credentials. You can configure credentials by running "aws login".'),
      `unknown this shell has no AWS credentials; ${NOTHING}; log in: aws sso login --profile <profile>, then export AWS_PROFILE=<profile>`,
    ],
    [
      unknown("Error when retrieving token from sso: Token has expired and refresh failed"),
      `unknown the AWS credentials have expired; ${NOTHING}; log in again: aws sso login`,
    ],
    [
      unknown("The config profile (prodd) could not be found"),
      `unknown AWS_PROFILE names the profile prodd, and there is none; ${NOTHING}; correct AWS_PROFILE; aws configure list-profiles shows those that exist`,
    ],
    [
      unknown("aws sts get-caller-identity timed out after 20 s"),
      `unknown who deploys could not be found out: aws sts get-caller-identity timed out after 20 s; ${NOTHING}; run the command again; if it stays so, check that this machine reaches AWS: proxy, VPN, DNS`,
    ],
  ])("%#", (findings, expected) => {
    expect(texts(findings)).toEqual([expected]);
  });
});

test("what is in the account is not asked for by strangers, and that is said once", () => {
  const skipped = ["rights", "quotas"];
  const none = credentialFindings(ACCOUNT, { unknown: "Unable to locate credentials" }, skipped);
  const others = credentialFindings(ACCOUNT, { known: { account: "999988887777", arn: "" } }, skipped);

  expect(none.map(({ what }) => what)).toEqual(["this shell has no AWS credentials, so rights, quotas were skipped"]);
  expect(others.map(({ what }) => what)).toEqual([
    `the credentials are of account 999988887777, the configuration says ${ACCOUNT}, so rights, quotas were skipped`,
  ]);
  expect(isOfAccount(ACCOUNT, { known: { account: ACCOUNT, arn: "" } })).toBe(true);
  expect(isOfAccount(ACCOUNT, { known: { account: "999988887777", arn: "" } })).toBe(false);
  expect(isOfAccount(ACCOUNT, { unknown: "Unable to locate credentials" })).toBe(false);
});

import { type Finding } from "../../../domain/doctor/finding";
import { licenseFacts, licenseFindings } from "../../../domain/doctor/license";
import { DENIED, texts, WAITING } from "../../support/findings";

describe("license", () => {
  const NAME = "retool/license-key";
  const tokenUntil = (day: string): string =>
    ["e30", Buffer.from(JSON.stringify({ org: "x", exp: Date.parse(day) / 1000 })).toString("base64url"), "c2ln"].join(
      ".",
    );
  const judge = (key: string): Finding[] =>
    licenseFindings({ name: NAME, region: "eu-west-1" }, { known: licenseFacts(key) }, "2026-11-29", "2026-12-29");
  const FROM_FILE = "tr -d '[:space:]' < license.txt | aws secretsmanager";
  const STORE = `${FROM_FILE} put-secret-value --region eu-west-1 --secret-id ${NAME} --secret-string file:///dev/stdin`;

  test.each([
    [judge("SSOP_key"), `good the secret ${NAME} holds a key`],
    [judge(tokenUntil("2027-11-01")), `good the secret ${NAME} holds a key that ends on 2027-11-01`],
    [
      judge("SSOP_key\n"),
      `problem the secret ${NAME} begins or ends with white space, such as a newline; Retool takes it for part of the key and refuses the license; ${STORE}`,
    ],
    [judge(" "), `problem the secret ${NAME} is empty; Retool starts without a license; ${STORE}`],
    [
      judge(tokenUntil("2026-11-01")),
      `problem the license key ended on 2026-11-01; Retool refuses to work without a valid license; ask Retool for a new key, then ${STORE}`,
    ],
    [
      judge(tokenUntil("2026-12-11")),
      `warning the license key ends on 2026-12-11; Retool refuses to work without a valid license; ask Retool for a new key, then ${STORE}`,
    ],
    [
      licenseFindings({ name: NAME, region: "eu-west-1" }, { known: { exists: false } }, "2026-11-29", "2026-12-29"),
      `problem there is no secret ${NAME}; the apply stops where it reads the license key; ${FROM_FILE} create-secret --region eu-west-1 --name ${NAME} --secret-string file:///dev/stdin`,
    ],
    [
      licenseFindings(
        { name: NAME, region: "eu-west-1" },
        { known: { exists: true, deletedOn: "2026-12-05" } },
        "2026-11-29",
        "2026-12-29",
      ),
      `problem the secret ${NAME} was deleted and is gone on 2026-12-05; it cannot be read any more, and its name cannot be used again before that day; aws secretsmanager restore-secret --region eu-west-1 --secret-id ${NAME}`,
    ],
    [
      licenseFindings({ name: NAME, region: "eu-west-1" }, { unknown: DENIED }, "2026-11-29", "2026-12-29"),
      `unknown could not be found out: ${DENIED}; ${WAITING}; let this role do what the message names, or ask the people who may`,
    ],
  ])("%#", (findings, expected) => {
    expect(texts(findings)).toEqual([expected]);
  });

  test("never goes further than its facts", () => {
    expect(JSON.stringify(licenseFacts("SSOP_secret-key "))).not.toContain("SSOP");
  });
});

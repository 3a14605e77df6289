import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { AwsLists } from "../../cli/aws-lists";

/** An AWS CLI that notes how it was called. */
const CLI = `#!/bin/sh
echo "$AWS_SESSION_TOKEN $*" >>"$NOTES"
case "$*" in
  sts*) echo '{"AccessKeyId":"a","SecretAccessKey":"s","SessionToken":"as-role"}' ;;
  *empty*) ;;
  *absent*) echo "An error occurred (ResourceNotFoundException) when calling it" >&2; exit 254 ;;
  *denied*) echo "An error occurred (AccessDenied) when calling it" >&2; exit 254 ;;
  *) echo '{"list":[]}' ;;
esac
`;

test("lists of AWS are read once each, in the region and the role of the provider", async () => {
  const folder = mkdtempSync(join(tmpdir(), "aws-lists-"));
  const notes = join(folder, "notes");
  writeFileSync(join(folder, "aws"), CLI);
  chmodSync(join(folder, "aws"), 0o755);
  const lists = new AwsLists({ PATH: `${folder}:${process.env["PATH"] ?? ""}`, NOTES: notes });
  const provider = { region: "eu-west-1", assume_role: [{ role_arn: "arn:role" }] };
  try {
    const [first, again] = [lists.read(["backup", "list"], provider), lists.read(["backup", "list"], provider)];

    expect(await first).toEqual({ list: [] });
    expect(await again).toEqual({ list: [] });
    expect(await lists.read(["s3api", "empty"], {})).toEqual({});
    expect(await lists.read(["eks", "absent"], {})).toBeUndefined();
    await expect(lists.read(["eks", "denied"], {})).rejects.toMatchObject({
      message:
        "aws eks denied: An error occurred (AccessDenied) when calling it; fix it and run the same command again",
      exitCode: 2,
    });
    const called = readFileSync(notes, "utf8").split("\n");
    expect(called.filter((line) => line.includes("backup"))).toEqual([
      "as-role backup list --region eu-west-1 --output json --cli-connect-timeout 10 --cli-read-timeout 20",
    ]);
    expect(called.filter((line) => line.includes("sts"))).toHaveLength(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

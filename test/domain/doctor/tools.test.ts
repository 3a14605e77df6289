import { toolFindings } from "../../../domain/doctor/tools";
import { texts } from "../../support/findings";

describe("tools", () => {
  test.each([
    [
      { node: "22.11.0", terraform: "1.11.4", aws: "2.31.0" },
      ["good Node.js 22.11.0, Terraform 1.11.4, AWS CLI 2.31.0"],
    ],
    [
      { node: "24.1.0", terraform: "1.10.5", aws: "2.31.0" },
      [
        "problem Node.js 24.1.0 is too new; versions 20.9 to 22 are tested; cdktf's command line crashes on Node.js 24; use Node.js 22",
        "problem Terraform 1.10.5 is too old; secrets stay out of the state by write-only arguments, which it has since 1.11; install Terraform 1.11 or later",
      ],
    ],
    [
      { node: "18.20.4", terraform: undefined, aws: "1.45.11" },
      [
        "problem Node.js 18.20.4 is too old; versions 20.9 to 22 are tested; cdktf's command line crashes on Node.js 24; use Node.js 22",
        "problem Terraform was not found in PATH; secrets stay out of the state by write-only arguments, which it has since 1.11; install Terraform 1.11 or later",
        "problem AWS CLI 1.45.11 is too old; the commands here were written for and tested with version 2; install the AWS CLI version 2",
      ],
    ],
    [
      { node: "22.11.0", terraform: "1.11.4", aws: undefined },
      [
        "problem AWS CLI was not found in PATH; the commands here were written for and tested with version 2; install the AWS CLI version 2",
      ],
    ],
  ])("%j", (tools, expected) => {
    const [node, terraform, aws] = [tools.node, tools.terraform, tools.aws].map((known) => ({ known }));

    expect(texts(toolFindings({ node: node!, terraform: terraform!, aws: aws! }))).toEqual(expected);
  });

  test("are not called missing where they do not answer in time", () => {
    const slow = { unknown: "terraform version -json timed out after 20 s" };

    expect(texts(toolFindings({ node: { known: "22.11.0" }, terraform: slow, aws: { known: "2.31.0" } }))).toEqual([
      "unknown could not be found out: terraform version -json timed out after 20 s; not checked, so it may still stop the deployment halfway; run the command again when this machine is less busy",
    ]);
  });
});

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
        "problem Node.js 24.1.0 is not >=20.9.0 <23.0.0; cdktf's command line crashes on Node.js 24; use Node.js 22",
        "problem Terraform 1.10.5 is not >=1.11.0; older ones have no write-only arguments, by which secrets stay out of the state; install Terraform 1.11 or later",
      ],
    ],
    [
      { node: "22.11.0", terraform: "1.11.4", aws: undefined },
      [
        "problem AWS CLI was not found in PATH; Terraform logs in to the cluster by aws eks get-token; install the AWS CLI version 2",
      ],
    ],
  ])("%j", (tools, expected) => {
    expect(texts(toolFindings(tools))).toEqual(expected);
  });
});

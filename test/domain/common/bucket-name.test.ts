import { bucketNameProblem } from "../../../domain/common/bucket-name";

describe("bucketNameProblem", () => {
  test.each(["abc", "a.b", "1-2", "retool.example.com", "10.0.0", "10.0.0.1a", "a--b", "xn-a", "a-s3", "b".repeat(63)])(
    "accepts %s",
    (name) => {
      expect(bucketNameProblem(name)).toBeUndefined();
    },
  );

  test.each([
    ["too short", "ab"],
    ["too long", "b".repeat(64)],
    ["nothing", ""],
    ["a capital", "Abc"],
    ["an underscore", "a_b"],
    ["a hyphen at the beginning", "-abc"],
    ["a hyphen at the end", "abc-"],
    ["a dot at the beginning", ".abc"],
    ["a dot at the end", "abc."],
    ["two dots", "a..b"],
    ["a hyphen before a dot", "a-.b"],
    ["a hyphen after a dot", "a.-b"],
    ["an IP address", "10.0.0.1"],
    ["a line end", "abc\n"],
    ["an address", "s3://abc"],
    ["an ARN", "arn:aws:s3:::abc"],
    ...["xn--abc", "sthree-abc", "amzn-s3-demo-abc"].map((name) => ["a reserved prefix", name]),
    ...["abc-s3alias", "abc--ol-s3", "abc.mrap", "abc--x-s3", "abc--table-s3"].map((name) => [
      "a reserved suffix",
      name,
    ]),
  ])("refuses %s: %j", (_why, name) => {
    const problem = bucketNameProblem(name);

    expect(problem?.problem).toMatch(/^".*" is not the name of an S3 bucket$/);
    expect(problem?.remedy).toContain("use only its name");
  });
});

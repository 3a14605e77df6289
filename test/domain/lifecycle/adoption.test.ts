import { adoptionCandidates, bearerOfTags, isOfEnvironment } from "../../../domain/lifecycle/adoption";

describe("adoptionCandidates", () => {
  test.each([
    ["aws_secretsmanager_secret", { name: "retool/prod/jwt-secret" }, "retool/prod/jwt-secret"],
    ["aws_s3_bucket", { bucket: "retool-prod" }, "retool-prod"],
    ["aws_db_instance", { identifier: "retool-prod" }, "retool-prod"],
    ["aws_iam_role", { name: "retool-prod-blob-access" }, "retool-prod-blob-access"],
  ])("knows by what name an %s is found", (type, values, id) => {
    expect(adoptionCandidates([{ address: `${type}.it`, type, values }])).toEqual([
      { address: `${type}.it`, type, id },
    ]);
  });

  test.each([
    ["what has no name of its own", "aws_subnet", { name: "x", cidr_block: "10.0.0.0/24" }],
    ["a name that is known after the apply", "aws_iam_role", { name_prefix: "retool-" }],
  ])("leaves out %s", (_, type, values) => {
    expect(adoptionCandidates([{ address: `${type}.it`, type, values }])).toEqual([]);
  });
});

describe("bearerOfTags", () => {
  const candidate = (type: string) => ({ address: `${type}.it`, type, id: "x" });

  test("is the key of an alias, which has no tags", () => {
    expect(bearerOfTags(candidate("aws_kms_alias"), { target_key_id: "1234" })).toEqual({
      type: "aws_kms_key",
      id: "1234",
    });
  });

  test("is anything else itself", () => {
    expect(bearerOfTags(candidate("aws_s3_bucket"), {})).toBeUndefined();
  });
});

describe("isOfEnvironment", () => {
  const own = { Project: "cdktf-retool", Environment: "prod", Team: "data" };

  test.each([
    [own, true],
    [{ ...own, Team: "another" }, true],
    [{ ...own, Environment: "staging" }, false],
    [{ ...own, Project: "another" }, false],
    [{ Environment: "prod" }, false],
    [{}, false],
    [null, false],
  ])("takes the tags %j: %s", (given, expected) => {
    expect(isOfEnvironment({ tags_all: given }, own)).toBe(expected);
  });

  test("takes nothing that is not there, and nothing where no tags are its own", () => {
    expect(isOfEnvironment(undefined, own)).toBe(false);
    expect(isOfEnvironment({ tags_all: {} }, {})).toBe(false);
  });
});

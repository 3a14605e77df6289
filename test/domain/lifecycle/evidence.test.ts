import { evidenceIn, idFromEvidence } from "../../../domain/lifecycle/evidence";
import type { TerraformState } from "../../../domain/lifecycle/state-file";

const stateWith = (type: string, attributes: object): TerraformState => ({
  serial: 1,
  resources: [
    {
      mode: "managed",
      type,
      name: "it",
      provider: "",
      instances: [{ schema_version: 0, attributes: { ...attributes } }],
    },
  ],
});

const found = (type: string, block: object, attributes: object): Record<string, unknown> =>
  Object.fromEntries(evidenceIn({ [type]: { it: { ...block } } }, stateWith(type, attributes)));

describe("evidenceIn", () => {
  test("names a key by its alias", () => {
    expect(found("aws_kms_alias", { target_key_id: "${aws_kms_key.data.key_id}" }, { target_key_id: "1234" })).toEqual({
      "aws_kms_key.data": { attribute: "key_id", value: "1234" },
    });
  });

  test("looks into blocks and lists of one", () => {
    const block = { vpc_config: { security_group_ids: ["${aws_security_group.api.id}"] } };

    expect(found("aws_eks_cluster", block, { vpc_config: [{ security_group_ids: ["sg-1"] }] })).toEqual({
      "aws_security_group.api": { attribute: "id", value: "sg-1" },
    });
  });

  test.each([
    ["a set whose order is not known", { ids: ["${aws_subnet.a.id}", "${aws_subnet.b.id}"] }, { ids: ["1", "2"] }],
    ["part of a text", { text: "x-${aws_subnet.a.id}" }, { text: "x-1" }],
    ["what is found by a data source", { id: "${data.aws_subnet.a.id}" }, { id: "1" }],
    ["what state does not say", { id: "${aws_subnet.a.id}" }, {}],
    ["an empty answer", { id: "${aws_subnet.a.id}" }, { id: "" }],
    ["a block that state has as a text", { config: { id: "${aws_subnet.a.id}" } }, { config: "x" }],
  ])("says nothing of %s", (_, block, attributes) => {
    expect(found("aws_thing", block, attributes)).toEqual({});
  });

  test("keeps what says the id", () => {
    const block = { it: { id: "${aws_launch_template.a.id}", version: "${aws_launch_template.a.latest_version}" } };

    expect(found("aws_thing", block, { it: [{ id: "lt-1", version: "1" }] })).toEqual({
      "aws_launch_template.a": { attribute: "id", value: "lt-1" },
    });
  });

  test("goes on through what is not in state either: a certificate is named by its validation", () => {
    const blocks = {
      aws_lb_listener: { it: { certificate_arn: "${aws_acm_certificate_validation.it.certificate_arn}" } },
      aws_acm_certificate_validation: { it: { certificate_arn: "${aws_acm_certificate.it.arn}" } },
    };

    expect(
      evidenceIn(blocks, stateWith("aws_lb_listener", { certificate_arn: "arn:c" })).get("aws_acm_certificate.it"),
    ).toEqual({
      attribute: "arn",
      value: "arn:c",
    });
  });

  test("says nothing where state does not have what refers", () => {
    expect(
      evidenceIn({ aws_thing: { other: { id: "${aws_subnet.a.id}" } } }, stateWith("aws_thing", { id: "1" })).size,
    ).toBe(0);
  });
});

test.each([
  ["aws_kms_key", "arn", "arn:aws:kms:r:1:key/1234", "1234"],
  ["aws_kms_key", "key_id", "1234", "1234"],
  ["aws_iam_role", "arn", "arn:aws:iam::1:role/path/monitoring", "monitoring"],
  ["aws_iam_role", "id", "AROA", undefined],
  ["aws_db_subnet_group", "name", "retool-1", "retool-1"],
  ["aws_lb_target_group", "arn", "arn:tg", "arn:tg"],
  ["aws_subnet", "id", "subnet-1", "subnet-1"],
  ["aws_subnet", "cidr_block", "10.0.0.0/24", undefined],
])("an %s whose %s is %s is imported as %s", (type, attribute, value, id) => {
  expect(idFromEvidence(type, { attribute, value })).toBe(id);
});

import { adoptionText, adoptLeftovers } from "../../cli/adopt";
import type { Candidate, PlannedResource } from "../../domain/lifecycle/adoption";

const TAGS = { Project: "cdktf-retool", Environment: "prod", Team: "data" };
const bucket = (name: string): PlannedResource => ({
  address: `aws_s3_bucket.${name}`,
  type: "aws_s3_bucket",
  values: { bucket: name },
});
const alias = (name: string): PlannedResource => ({
  address: `aws_kms_alias.${name}`,
  type: "aws_kms_alias",
  values: { name: `alias/${name}` },
});
const PLANNED: readonly PlannedResource[] = [
  ...["ours", "theirs", "new"].map(bucket),
  ...["ours", "theirs"].map(alias),
  { address: "aws_subnet.a", type: "aws_subnet", values: { cidr_block: "10.0.0.0/24" } },
];

const tagsOf = (name: string) => ({ tags_all: name === "ours" ? TAGS : { Project: "other" } });

/** An account in which "new" does not exist and what is called "ours" is ours. */
function look({ id }: Candidate, what?: Pick<Candidate, "id">): Promise<Record<string, unknown> | undefined> {
  if (id === "new") return Promise.resolve(undefined);
  if (what !== undefined) return Promise.resolve(tagsOf(what.id));
  const name = id.replace("alias/", "");
  return Promise.resolve(name === id ? tagsOf(id) : { target_key_id: name });
}

test("adopt takes what is the environment's, leaves what is somebody else's, and passes over what does not exist", async () => {
  const state: string[] = [];
  const take = ({ address }: Candidate): Promise<boolean> => Promise.resolve(state.push(address) > 0);
  const found = await adoptLeftovers({ plannedCreates: () => Promise.resolve([...PLANNED]) }, { look, take }, TAGS);

  expect(found).toEqual([
    { address: "aws_s3_bucket.ours", id: "ours", adopted: true },
    { address: "aws_s3_bucket.theirs", id: "theirs", adopted: false },
    { address: "aws_kms_alias.ours", id: "alias/ours", adopted: true },
    { address: "aws_kms_alias.theirs", id: "alias/theirs", adopted: false },
  ]);
  expect(state).toEqual(["aws_s3_bucket.ours", "aws_kms_alias.ours"]);
});

test("says what was adopted, what was not and what to do", () => {
  const text = adoptionText(
    [
      { address: "aws_s3_bucket.a", id: "ours", adopted: true },
      { address: "aws_s3_bucket.b", id: "theirs", adopted: false },
    ],
    "prod",
  );

  expect(text.split("\n").slice(0, -1)).toEqual([
    "aws_s3_bucket.a: adopted ours; read the next plan before you approve it",
    "aws_s3_bucket.b: left alone theirs, which exists without the tags of prod; find out whose it is, or take another name",
  ]);
  expect(adoptionText([], "prod")).toBe("prod: nothing is left over\n");
});

import { stateFindings } from "../../../domain/doctor/state";
import { texts } from "../../support/findings";

describe("state", () => {
  const state = { kind: "s3", bucket: "states", key: "prod/terraform.tfstate", region: "us-east-1" } as const;
  const judge = (facts: Parameters<typeof stateFindings>[1]): string[] =>
    texts(stateFindings({ environment: "prod", stack: "prod", state }, facts, "2026-11-29T12:00:00Z"));
  const lock = { id: "9f2c", who: "ana@laptop", operation: "OperationTypeApply", since: "2026-11-29T09:00:00Z" };

  test.each([
    [judge({ known: { exists: true } }), "good s3://states/prod/terraform.tfstate, not locked"],
    [
      judge({ known: { exists: false } }),
      "problem there is no bucket states of this account; Terraform has nowhere to note what it makes; npx cdktf-retool bootstrap prod",
    ],
    [
      judge({ known: { exists: true, lock } }),
      "problem state locked by ana@laptop since 2026-11-29T09:00:00Z (3 hours, OperationTypeApply); no deployment can begin while it is held, and releasing the lock of one that runs destroys the state; ask ana@laptop if that run is still active; if not, run: terraform -chdir=cdktf.out/stacks/prod force-unlock 9f2c",
    ],
  ])("%#", (findings, expected) => {
    expect(findings).toEqual([expected]);
  });
});

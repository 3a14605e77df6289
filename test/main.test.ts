import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describeUnless } from "./support/available";
import { runProgram } from "./support/run";

/** A folder in which `npm install cdktn @cdktn/provider-aws` was run; they are too large to be installed for one test. */
const BINDINGS = process.env["SUCCESSOR_BINDINGS"];

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), "main-"));
  folders.push(folder);
  return folder;
}

/** Synthesizes with settings changed by the context, as `cdktf --context` does. */
function synthesize(settings: object = {}): { code: number | null; stderr: string; outdir: string } {
  const outdir = temporary();
  const context = JSON.stringify({ "cdktf-retool": settings });
  const { code, stderr } = runProgram("main.ts", [], { CDKTF_OUTDIR: outdir, CDKTF_CONTEXT_JSON: context });
  return { code, stderr, outdir };
}

const stackOf = (outdir: string, name: string): string =>
  readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8");

/** A stack as Terraform reads it, but for the stamp of the library's version. */
const meaningOf = (outdir: string, name: string): unknown =>
  JSON.parse(stackOf(outdir, name).replace(/("stackName": .*,\s*"version": )"0\.\d+\.0"/, '$1""'));

describeUnless(BINDINGS === undefined ? ["@cdktn/provider-aws: set SUCCESSOR_BINDINGS"] : [])(
  "the successor's AWS bindings",
  () => {
    test("synthesizes the same", () => {
      const outdir = temporary();
      const options = `--require ${join(__dirname, "support", "successor.cjs")}`;

      expect(runProgram("main.ts", [], { CDKTF_OUTDIR: outdir, NODE_OPTIONS: options })).toMatchObject({ stderr: "" });
      const { outdir: usual } = synthesize();
      const sameSource = (json: string): string => json.replaceAll('"source": "hashicorp/aws"', '"source": "aws"');
      for (const name of ["prod", "staging", "local"])
        expect(JSON.parse(sameSource(JSON.stringify(meaningOf(outdir, name), null, 2)))).toEqual(
          meaningOf(usual, name),
        );
    });
  },
);

describe("main", () => {
  test("makes the same with the maintained successor of cdktf", () => {
    const outdir = temporary();
    const options = `--require ${join(__dirname, "support", "successor.cjs")}`;

    const env = { CDKTF_OUTDIR: outdir, NODE_OPTIONS: options, SUCCESSOR_BINDINGS: undefined };
    expect(runProgram("main.ts", [], env)).toMatchObject({
      code: 0,
      stderr: "",
    });
    const { outdir: usual } = synthesize();
    expect(stackOf(outdir, "prod")).toContain('"version": "0.24.0"');
    for (const name of ["prod", "staging", "local"]) expect(meaningOf(outdir, name)).toEqual(meaningOf(usual, name));
  });

  test("makes every environment, offline and without credentials, to the same bytes each time", () => {
    const runs = [synthesize(), synthesize()] as const;

    for (const { code, stderr } of runs) expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const name of ["prod", "staging", "local"]) {
      expect(stackOf(runs[0].outdir, name)).toBe(stackOf(runs[1].outdir, name));
    }
  });

  test("leaves out an environment that is wrong, with every problem at once, and makes the others", () => {
    const { code, stderr, outdir } = synthesize({
      prod: { database: { storageGiB: 5 }, zonez: 3, network: { zones: 9 }, retoolVersion: "3.300.1-stable" },
      staging: { account: "12" },
    });
    const all = stderr.trimEnd().split("\n");
    const lines = all.slice(0, -1);

    expect(code).toBe(0);
    expect(all.at(-1)).toMatch(/^These settings are described in docs\/settings\.md#network, /);
    expect(lines.length).toBeGreaterThanOrEqual(5);
    for (const line of lines) expect(line).toMatch(/^(prod|staging)\.[\w.[\]]+: .+; .+$/);
    expect(lines.map((line) => line.split(":")[0])).toEqual(
      expect.arrayContaining([
        "prod.zonez",
        "prod.database.storageGiB",
        "prod.network.zones",
        "prod.retoolVersion",
        "staging.account",
      ]),
    );
    for (const name of ["prod", "staging"]) expect(() => stackOf(outdir, name)).toThrow("ENOENT");
    expect(stackOf(outdir, "local")).not.toBe("");
  });

  test("fails when no environment is right", () => {
    const wrong = { account: "12" };

    expect(synthesize({ prod: wrong, staging: wrong, local: wrong }).code).toBe(1);
  });
});

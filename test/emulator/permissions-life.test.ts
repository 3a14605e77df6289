import { planEnvironment } from "../../domain/environment/environment";
import { type Phase, policiesOf } from "../../domain/permissions/permissions";
import type { Policy } from "../../domain/permissions/policies";
import { stackUse, type SynthesizedStack } from "../../domain/permissions/stack";
import { logged } from "../../scripts/permissions/collect";
import { indispensable } from "../support/emulator-evaluation";
import { PermissionBench } from "../support/permission-bench";
import { ANSWERS, lifeTexts, live, type Run, tidyUp, withoutBackend } from "../support/permission-life";
import { LIFE } from "../support/permission-specs";
import { describeOnEmulator, MINUTES } from "../support/terraform-bench";
import { type Attempt, withhold } from "../support/withheld-statements";

const asked = process.env["ENFORCE_PERMISSIONS"];

if (asked === undefined)
  process.stdout.write(
    "the life of an environment under its policies is skipped: set ENFORCE_PERMISSIONS to 1 for the whole life, which takes some ten minutes, or to each to withhold every statement once, half an hour\n",
  );

/** What each run may do, and the environment that it has then. */
const RUNS: Readonly<Record<Run, readonly [phase: Phase, of: keyof typeof LIFE]>> = {
  create: ["deploy", "create"],
  change: ["change", "change"],
  upgrade: ["upgrade", "upgrade"],
  plan: ["plan", "upgrade"],
  destroy: ["destroy", "upgrade"],
};

const policies = (run: Run, texts: Readonly<Record<keyof typeof LIFE, string>>): Policy[] => {
  const [phase, of] = RUNS[run];
  return policiesOf(planEnvironment(LIFE[of]), stackUse(JSON.parse(texts[of]) as SynthesizedStack), phase);
};

/** Initializes and runs Terraform as a user who has policies and nothing else. */
async function runAs(
  open: PermissionBench,
  name: string,
  args: readonly string[],
  granted: readonly Policy[],
): Promise<Attempt> {
  const variables = { ...open.userWith(granted), ...ANSWERS };
  const first = `${name}-init`;
  const initialized = await open.run(first, ["init", "-reconfigure"], variables, false);
  const ran = initialized.code === 0 ? await open.run(name, args, variables, false) : initialized;
  return { ...ran, requests: logged(open.folder, [first, name]) };
}

const LAUNCH = "EC2 asks it where EKS launches nodes from a template; the emulator's EKS launches none";
const NODES = { Ec2Named: LAUNCH, Ec2Named2: LAUNCH, Ec2Made2: LAUNCH };

/** Statements without which nothing fails on the emulator, by run, each with the reason. */
const UNEXERCISED: Readonly<Record<Run, Readonly<Record<string, string>>>> = {
  create: {},
  change: NODES,
  upgrade: NODES,
  plan: {},
  destroy: {},
};

const LIST =
  "Terraform goes on where it may not list its state; S3 then refuses a state that is not there yet, and the emulator does not";
const VAULT = "the provider takes a vault that it may not describe for one that is gone";
const SILENT = { S3Named2: LIST, BackupNamed: VAULT };

/** Statements without which a request is refused on the emulator and Terraform reports no failure, by run, each with the reason. */
const UNREPORTED: typeof UNEXERCISED = {
  create: { S3Named2: LIST },
  change: SILENT,
  upgrade: SILENT,
  plan: SILENT,
  destroy: SILENT,
};

type Statements = Readonly<Record<Run, readonly string[]>>;

/** The statements of tables, by run. */
function listed(...tables: readonly (typeof UNEXERCISED)[]): Statements {
  const of = (run: Run): string[] => tables.flatMap((table) => Object.keys(table[run])).sort();
  return {
    create: of("create"),
    change: of("change"),
    upgrade: of("upgrade"),
    plan: of("plan"),
    destroy: of("destroy"),
  };
}

/** Lives a life, and gives the statements of each run without which nothing fails. */
async function unneededIn(
  found: (
    open: PermissionBench,
    run: Run,
    args: readonly string[],
    granted: readonly Policy[],
  ) => Promise<readonly string[]>,
): Promise<Partial<Statements>> {
  const texts = lifeTexts();
  const open = await PermissionBench.open(withoutBackend(texts.create));
  const unneeded: Partial<Record<Run, readonly string[]>> = {};
  try {
    await live(open, texts, async (run, args) => {
      unneeded[run] = [...(await found(open, run, args, policies(run, texts)))].sort();
    });
  } finally {
    await open.close();
  }
  return unneeded;
}

(asked === "1" ? describeOnEmulator : describe.skip)("the life of an environment", () => {
  test(
    "is deployed, changed, upgraded, planned and destroyed, each by a user with exactly the policies for it",
    async () => {
      const unneeded = await unneededIn(async (open, run, args, granted) => {
        const { code, output, requests } = await runAs(open, run, args, granted);

        if (code !== 0) throw new Error(`${run}: ${output.slice(output.indexOf("Error:"))}`);
        expect(requests.filter(({ refused, checked }) => refused.length > 0 || !checked)).toEqual([]);
        expect(requests.length).toBeGreaterThan(300);
        const all = granted.flatMap(({ document }) => document.Statement);
        const needed = indispensable(
          all,
          requests.flatMap(({ questions }) => questions),
        );
        return all.filter((one) => !needed.has(one)).map(({ Sid }) => Sid);
      });

      // Each of the others is the only one that allows some request of its run.
      expect(unneeded).toEqual(listed(UNEXERCISED));
    },
    90 * MINUTES,
  );
});

(asked === "each" ? describeOnEmulator : describe.skip)("each statement of the policies", () => {
  test(
    "is one for the lack of which Terraform fails, but for those of the tables",
    async () => {
      const unneeded = await unneededIn(async (open, run, args, granted) => {
        let attempts = 0;
        const { needed, unneeded: rest } = await withhold(granted, async (some) => {
          // What is made is not read again in every run.
          const refresh = run === "create" ? ["-refresh=false"] : [];
          const ran = await runAs(open, `${run}-${String(attempts++)}`, [...args, ...refresh], some);
          await tidyUp(open);
          return ran;
        });
        process.stdout.write(
          `${run}: ${needed.length} proven in ${attempts} runs, without a failure: ${rest.join(" ")}\n`,
        );
        return rest;
      });

      expect(unneeded).toEqual(listed(UNEXERCISED, UNREPORTED));
    },
    90 * MINUTES,
  );
});

import { planEnvironment } from "../../domain/environment/environment";
import { type Phase, policiesOf } from "../../domain/permissions/permissions";
import type { Policy } from "../../domain/permissions/policies";
import { stackUse, type SynthesizedStack } from "../../domain/permissions/stack";
import { logged } from "../../scripts/permissions/collect";
import { PermissionBench } from "../support/permission-bench";
import {
  ANSWERS,
  deleteTainted,
  lifeTexts,
  live,
  prepareLife,
  type Run,
  withoutBackend,
} from "../support/permission-life";
import { LIFE, synthesized } from "../support/permission-specs";
import { describeOnEmulator, MINUTES } from "../support/terraform-bench";
import { type Attempt, withhold } from "../support/withheld-statements";

const asked = process.env["ENFORCE_PERMISSIONS"];

if (asked === undefined)
  process.stdout.write(
    "the life of an environment under its policies is skipped: set ENFORCE_PERMISSIONS to 1 for the whole life (half an hour), or to each to take every statement away once\n",
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

/** Runs Terraform as a user who has policies and nothing else. */
async function runAs(
  open: PermissionBench,
  name: string,
  args: readonly string[],
  granted: readonly Policy[],
): Promise<Attempt> {
  const ran = await open.run(name, args, { ...open.userWith(granted), ...ANSWERS }, false);
  return { ...ran, requests: logged(open.folder, [name]) };
}

(asked === "1" ? describeOnEmulator : describe.skip)("the life of an environment", () => {
  test(
    "is deployed, changed, upgraded, planned and destroyed, each by a user with exactly the policies for it",
    async () => {
      const texts = lifeTexts();
      const open = await PermissionBench.open(withoutBackend(texts.create));
      try {
        await live(open, texts, async (run, args) => {
          const { code, output, requests } = await runAs(open, run, args, policies(run, texts));

          if (code !== 0) throw new Error(`${run}: ${output.slice(output.indexOf("Error:"))}`);
          expect(requests.filter(({ refused, checked }) => refused.length > 0 || !checked)).toEqual([]);
          expect(requests.length).toBeGreaterThan(300);
        });
      } finally {
        await open.close();
      }
    },
    90 * MINUTES,
  );
});

/** Statements without which nothing fails on the emulator, by run, each with the reason. */
const UNEXERCISED: Readonly<Record<"create" | "destroy", Readonly<Record<string, string>>>> = {
  create: {},
  destroy: {},
};

(asked === "each" ? describeOnEmulator : describe.skip)("a resource of every type", () => {
  const texts = lifeTexts();
  const { resource = {} } = JSON.parse(texts.create) as SynthesizedStack;
  const targets = Object.entries(resource)
    .filter(([type]) => type.startsWith("aws_"))
    .map(([type, byName]) => `-target=${type}.${Object.keys(byName)[0] ?? ""}`);
  let open: PermissionBench;
  let attempts = 0;

  const unneeded = async (run: Run, ...args: readonly string[]): Promise<readonly string[]> => {
    const found = await withhold(policies(run, texts), async (granted) => {
      const name = `${run}-${String(attempts++)}`;
      const ran = await runAs(open, name, [...args, "-auto-approve", "-refresh=false", "-parallelism=30"], granted);
      await deleteTainted(open);
      return ran;
    });
    return found.unneeded;
  };

  beforeAll(async () => {
    open = await PermissionBench.open(withoutBackend(texts.create));
    await prepareLife(open);
    synthesized(LIFE.create, open.bench.path("assets"));
  }, 10 * MINUTES);

  afterAll(async () => {
    await open.close();
  });

  test(
    "is made only where each statement is there",
    async () => {
      expect(await unneeded("create", "apply", ...targets)).toEqual(Object.keys(UNEXERCISED.create));
    },
    60 * MINUTES,
  );

  test(
    "is deleted only where each statement is there",
    async () => {
      expect(await unneeded("destroy", "destroy")).toEqual(Object.keys(UNEXERCISED.destroy));
    },
    60 * MINUTES,
  );
});

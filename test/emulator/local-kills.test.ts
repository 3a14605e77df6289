import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import type { Emulator } from "../../local/emulator";
import { paths as own, PROJECT } from "../../local/paths";
import type { AwsCall } from "../support/aws-proxy";
import { Bench, describeOnEmulator, MINUTES, type Moment, type Ran, type Victim } from "../support/terraform-bench";
import { workspace } from "../support/workspace";

const kept = (path: string): string => join(workspace(), relative(PROJECT, path));

/** How to go on, as a failed run says it. */
const AGAIN = expect.stringContaining("`npm run local` goes on from here") as string;

/** What is killed, at which answer to Terraform, and what is said then; each goes on from what the one before left. */
const KILLS: readonly (readonly [victim: Victim, request: RegExp, said: readonly string[]])[] = [
  [
    "terraform",
    /^CreateLoadBalancer /,
    [expect.stringMatching(/^terraform apply: was stopped by SIGKILL /) as string, AGAIN],
  ],
  [
    "provider",
    / POST \/clusters$/,
    [expect.stringMatching(/^terraform apply: a provider ended while it worked /) as string, AGAIN],
  ],
  ["command", /^CreateDBInstance /, []],
];

/** What takes long in AWS, or has a name that AWS gives once, by the request that makes it. */
const SLOW: readonly RegExp[] = [
  /^CreateKey /,
  /^CreateSecret /,
  /^PutSecretValue /,
  /^CreateVpc /,
  /^CreateRole /,
  /^CreateNatGateway /,
  /^CreateDBInstance /,
  / PUT \/retool-[^/]+\/?$/,
  / POST \/clusters$/,
  / POST \/clusters\/[^/]+\/addons$/,
  / POST \/clusters\/[^/]+\/node-groups$/,
  / POST \/clusters\/[^/]+\/pod-identity-associations$/,
  /^CreateLoadBalancer /,
  /^CreateListener /,
  /^RequestCertificate /,
  / PUT \/backup-vaults\//,
  / PUT \/backup\/plans\/?$/,
  /^AssociateFirewallRuleGroup /,
];

const isFull = process.env["RETOOL_KILL_MATRIX"] === "full";
const describeFull = isFull ? describeOnEmulator : describe.skip;

const at =
  (request: RegExp, moment: Moment) =>
  (call: AwsCall, now: Moment): boolean =>
    now === moment && request.test(`${call.operation} ${call.request}`);

/** An emulator that `npm run local` takes up, behind the proxy that sees what is asked of it. */
async function emulator(): Promise<Bench> {
  rmSync(join(workspace(), ".local"), { recursive: true, force: true });
  mkdirSync(join(workspace(), ".local"));
  symlinkSync(own.virtualEnvironment, kept(own.virtualEnvironment));
  const bench = await Bench.start(kept(own.stack));
  writeFileSync(kept(own.emulatorRecord), JSON.stringify(bench.emulatorRecord));
  return bench;
}

const local = (bench: Bench): Promise<Ran> =>
  bench.shell(`exec "${process.execPath}" --import tsx local/main.ts --keep`, workspace());

function expectComplete({ code, output }: Ran): void {
  expect(code === 0 ? "" : output).toBe("");
  expect(output).toContain("Second plan: no changes");
  expect(existsSync(kept(own.applying))).toBe(false);
}

describeOnEmulator("npm run local, killed", () => {
  let bench: Bench;
  beforeAll(async () => (bench = await emulator()), MINUTES);
  afterAll(async () => bench.close());

  test.each(KILLS)(
    "%s, at %s: says in a line why it ended, and in one how to go on",
    async (victim, request, said) => {
      const { wasKilled, output } = await bench.killedWhen(at(request, "answered"), victim, () => local(bench));

      expect(wasKilled ? "" : output).toBe("");
      expect(output.split("\n").filter((line) => /^(terraform|The emulator|unexpected)/.test(line))).toEqual(said);
      expect(existsSync(kept(own.applying))).toBe(true);
    },
    8 * MINUTES,
  );

  test(
    "ends when it is repeated once, finds what the killed run could not note, and has nothing to change",
    async () => {
      const ran = await local(bench);

      expectComplete(ran);
      expect(ran.output).toContain("✔ Find what the interrupted run made");
    },
    10 * MINUTES,
  );
});

describeFull("npm run local, killed before and after every slow request", () => {
  let bench: Bench;
  beforeAll(async () => (bench = await emulator()), MINUTES);
  afterAll(async () => bench.close());

  test(
    "goes on with the same command after each kill",
    async () => {
      const victims: readonly Victim[] = ["terraform", "provider", "command"];
      const wanted = new Map(
        SLOW.flatMap((request) =>
          (["asked", "answered"] as const).map((moment) => [`${moment} ${String(request)}`, at(request, moment)]),
        ),
      );
      const strike = (call: AwsCall, now: Moment): boolean => {
        const [name] = [...wanted].find(([, matches]) => matches(call, now)) ?? [];
        return name !== undefined && wanted.delete(name);
      };
      let kills = 0;
      for (;;) {
        const ran = await bench.killedWhen(strike, victims[kills % victims.length] ?? "all", () => local(bench));
        if (ran.wasKilled) kills += 1;
        else {
          expectComplete(ran);
          break;
        }
      }
      expect(kills).toBeGreaterThan(SLOW.length);
    },
    180 * MINUTES,
  );
});

describeFull("npm run local, whose emulator is killed", () => {
  let bench: Bench;
  beforeAll(async () => (bench = await emulator()), MINUTES);
  afterAll(async () => {
    const { pid } = JSON.parse(readFileSync(kept(own.emulatorRecord), "utf8")) as Emulator;
    if (pid !== bench.emulatorRecord.pid) process.kill(pid);
    await bench.close();
  });

  test(
    "says that everything is gone, and starts from nothing when it is repeated",
    async () => {
      const { output } = await bench.killedWhen(at(/^CreateLoadBalancer /, "answered"), "emulator", () => local(bench));

      expect(output).toContain("everything in it is gone: `npm run local` starts from nothing.");
      expectComplete(await local(bench));
    },
    20 * MINUTES,
  );
});

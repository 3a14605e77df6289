import { existsSync, readFileSync } from "node:fs";

import type { Emulator } from "../../local/emulator";
import { paths as own } from "../../local/paths";
import type { AwsCall } from "../support/aws-proxy";
import type { Moment, Part, Victim } from "../support/kills";
import { faultOf, kept, reasonsIn, runLocal } from "../support/local-bench";
import { slowBench } from "../support/slow-stack";
import { type Bench, describeOnEmulator, MINUTES, type Ran } from "../support/terraform-bench";

const describeFull = process.env["RETOOL_KILL_MATRIX"] === "full" ? describeOnEmulator : describe.skip;

/**
 * Before a request reaches AWS, in it (AWS has carried it out, and Terraform does not know), or after it (Terraform knows, and waits
 * until what it made is ready, or has just noted it).
 */
type Phase = "before" | "in" | "after";

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

/** What is slow to go. */
const SLOW_TO_GO: readonly RegExp[] = [
  /^DeleteDBInstance /,
  /^DeleteNatGateway /,
  /^DeleteVpcEndpoints /,
  / DELETE \/clusters\/[^/]+\/node-groups\//,
  / DELETE \/clusters\/[^/]+$/,
  /^DeleteLoadBalancer /,
  /^DeleteVpc /,
];

/** Milliseconds from a request of a kill to the kill: others that can be met at the same time join it. */
const HELD_FOR = 20_000;

const MOMENTS: Readonly<Record<Phase, Moment>> = { before: "asked", in: "answered", after: "answered" };

/** The cells of the matrix that are still to be met; each kill takes all that it meets. */
class Cells {
  private readonly open: Set<{ readonly request: RegExp; readonly phase: Phase }>;
  private readonly met: string[] = [];

  public constructor(requests: readonly RegExp[], phases: readonly Phase[]) {
    this.open = new Set(requests.flatMap((request) => phases.map((phase) => ({ request, phase }))));
  }

  public readonly partOf = ({ operation, request }: AwsCall, moment: Moment): Part => {
    const cell = [...this.open].find(
      (one) => MOMENTS[one.phase] === moment && one.request.test(`${operation} ${request}`),
    );
    if (cell === undefined) return undefined;
    this.open.delete(cell);
    this.met.push(nameOf(cell));
    return cell.phase === "after" ? "passes" : "lost";
  };

  /** What was met since it was asked the last time. */
  public takeMet(): string[] {
    return this.met.splice(0);
  }

  /** What was never met. */
  public get unmet(): string[] {
    return [...this.open].map(nameOf);
  }
}

const nameOf = ({ request, phase }: { readonly request: RegExp; readonly phase: Phase }): string =>
  `${phase} ${request.source.replaceAll(/[\^$]|\\|\[\^\/\]/g, "").trim()}`;

/** What a run must say when its victim is killed. */
const SAID: Readonly<
  Record<Exclude<Victim, "all">, { readonly code: number | null; readonly lines: readonly RegExp[] }>
> = {
  terraform: { code: 1, lines: [/^terraform apply: was stopped by SIGKILL before it finished$/, /goes on from here/] },
  provider: { code: 1, lines: [/^terraform apply: a provider ended while it worked on /, /goes on from here/] },
  command: { code: null, lines: [] },
  emulator: {
    code: 1,
    lines: [
      /^emulator: it has ended, and everything in it is gone .* (starts from nothing|confirms that nothing is left)$/,
    ],
  },
};

function wrongIn({ code, output }: Ran, victim: Exclude<Victim, "all">): string[] {
  const said = reasonsIn(output);
  const { code: wanted, lines } = SAID[victim];
  const isRight = said.length === lines.length && lines.every((line, index) => line.test(said[index] ?? ""));
  return [
    ...(code === wanted ? [] : [`ended with ${String(code)} instead of ${String(wanted)}`]),
    ...(isRight ? [] : [`said: ${said.join(" | ")}`]),
  ];
}

/** Writes a line at once: a matrix takes long. */
function note(line: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}

/** Repeats of the command after one kill that may fail before one goes on. */
const REPEATS = 2;

/** One run of a chain of kills, as a line of the table, and what was wrong with it. */
interface Row {
  readonly wasKilled: boolean;
  readonly faults: readonly string[];
}

async function oneRun(bench: Bench, victim: Exclude<Victim, "all">, cells: Cells, flags: string[]): Promise<Row> {
  const started = Date.now();
  const ran = await bench.killedWhen(cells.partOf, victim, () => runLocal(bench, { flags }), HELD_FOR);
  const met = cells.takeMet().join(", ");
  const took = `${String(Math.round((Date.now() - started) / 1000))} s`;
  const adopted = /✔ Find what the interrupted run made: (.*)/.exec(ran.output)?.[1];
  if (adopted !== undefined) note(`  adopted ${adopted}`);
  if (ran.wasKilled) {
    const faults = wrongIn(ran, victim);
    note(`${victim} | ${met} | ${took} | ${faults.join("; ") || "right"}`);
    return { wasKilled: true, faults: faults.map((fault) => `${met}: ${fault}`) };
  }
  const fault = wrongAtEnd(ran, flags);
  note(`no kill | ${met} | ${took} | ${fault === "" ? "complete" : fault}`);
  return { wasKilled: false, faults: fault === "" ? [] : [`a repeat failed: ${fault}`] };
}

/** What is wrong with a run that nobody killed, in a line. */
function wrongAtEnd(ran: Ran, flags: readonly string[]): string {
  const fault = flags.length === 0 ? faultOf(ran) : ran.code === 0 ? "" : ran.output;
  return fault === "" ? "" : reasonsIn(fault).join(" | ") || fault;
}

/**
 * Kills and repeats until a run ends by itself well; a table of the kills goes to standard output.
 *
 * @returns What was wrong.
 */
async function killed(
  bench: Bench,
  victim: Exclude<Victim, "all">,
  cells: Cells,
  ...flags: string[]
): Promise<string[]> {
  const wrong: string[] = [];
  let failures = 0;
  while (failures <= REPEATS) {
    const { wasKilled, faults } = await oneRun(bench, victim, cells, flags);
    wrong.push(...faults);
    if (!wasKilled && faults.length === 0) break;
    failures = wasKilled ? 0 : failures + 1;
  }
  note(`${victim} | never met: ${cells.unmet.join(", ") || "nothing"}`);
  return [...wrong, ...cells.unmet.map((cell) => `${cell}: was never met`)];
}

/** One run whose emulator is killed. */
async function emulatorKilled(
  bench: Bench,
  cells: Cells,
  ...flags: string[]
): Promise<{ readonly killed: boolean; readonly faults: string[] }> {
  const ran = await bench.killedWhen(cells.partOf, "emulator", () => runLocal(bench, { flags }), HELD_FOR);
  const met = cells.takeMet().join(", ");
  const faults = ran.wasKilled
    ? wrongIn(ran, "emulator").map((fault) => `${met}: ${fault}`)
    : [faultOf(ran)].filter((fault) => fault !== "");
  note(`emulator | ${met || "ended by itself"} | ${faults.join("; ") || "right"}`);
  return { killed: ran.wasKilled, faults };
}

const PARTS = ["terraform", "provider", "command"] as const;

/** What is killed in one deployment, and when. */
const ROUNDS = PARTS.flatMap((victim) =>
  [["before", "in"] as const, ["after"] as const].map(
    (phases) => [victim, `${phases.join(" and ")} each slow request`, phases] as const,
  ),
);

describeFull.each(ROUNDS)("npm run local, whose %s is killed: %s", (victim, _name, phases) => {
  let bench: Bench;
  beforeAll(async () => (bench = await slowBench()), MINUTES);
  afterAll(async () => bench.close());

  test(
    "goes on with the same command after each kill, and ends with an empty plan",
    async () => {
      expect(await killed(bench, victim, new Cells(SLOW, phases))).toEqual([]);
    },
    90 * MINUTES,
  );
});

/** Ends the emulator that a run has started, and says whether it had put the state of the dead one aside. */
function endOwnEmulator(): boolean {
  const { pid } = JSON.parse(readFileSync(kept(own.emulatorRecord), "utf8")) as Emulator;
  process.kill(pid);
  return !existsSync(kept(own.state)) && !existsSync(kept(own.applying));
}

describeFull("npm run local, whose emulator is killed", () => {
  test(
    "says every time that everything is gone, and begins from nothing when it is repeated",
    async () => {
      const cells = new Cells(SLOW, ["before", "in", "after"]);
      const wrong: string[] = [];
      for (let kills = 1; ; kills += 1) {
        const bench = await slowBench();
        const row = await emulatorKilled(bench, cells);
        if (row.killed) {
          await runLocal(bench, { until: /✔ Start the emulator/ });
          if (!endOwnEmulator()) row.faults.push("the repeat goes on from the state of the dead emulator");
        }
        await bench.close();
        wrong.push(...row.faults);
        if (!row.killed) break;
      }
      note(`emulator | never met: ${cells.unmet.join(", ") || "nothing"}`);

      expect(wrong).toEqual([]);
    },
    180 * MINUTES,
  );

  test(
    "is deployed from nothing by the same command",
    async () => {
      const bench = await slowBench();
      await emulatorKilled(bench, new Cells([/^CreateLoadBalancer /], ["in"]));
      const fault = faultOf(await runLocal(bench));
      endOwnEmulator();
      await bench.close();

      expect(fault).toBe("");
    },
    30 * MINUTES,
  );
});

/** What AWS has of the environment by its tags; keys wait for their deletion. */
function leftIn(bench: Bench): string[] {
  const [{ ResourceTagMappingList: left }] = bench.call([
    {
      service: "resourcegroupstaggingapi",
      operation: "get_resources",
      parameters: { TagFilters: [{ Key: "Environment", Values: ["local"] }] },
    },
  ]) as [{ ResourceTagMappingList: readonly { ResourceARN: string }[] }];
  return left.map(({ ResourceARN }) => ResourceARN).filter((arn) => !arn.startsWith("arn:aws:kms:"));
}

describeFull("npm run local -- --destroy, killed", () => {
  test.each(PARTS)(
    "ends with nothing left when it is repeated, whose %s is killed",
    async (victim) => {
      const bench = await slowBench();
      const fault = faultOf(await runLocal(bench));
      const wrong = await killed(bench, victim, new Cells(SLOW_TO_GO, ["before", "in"]), "--destroy");
      const left = leftIn(bench);
      note(`left: ${left.join(", ") || "nothing"}`);
      await bench.close();

      expect([fault, ...wrong].filter((one) => one !== "")).toEqual([]);
      expect(left).toEqual([]);
    },
    90 * MINUTES,
  );

  test(
    "confirms that nothing is left when it is repeated, whose emulator is killed",
    async () => {
      const bench = await slowBench();
      await bench.killedWhen(new Cells([/^CreateNatGateway /], ["in"]).partOf, "terraform", () => runLocal(bench));
      const { killed: isKilled, faults } = await emulatorKilled(bench, new Cells([/^Delete/], ["in"]), "--destroy");
      const { code, output } = await runLocal(bench, { flags: ["--destroy"] });
      await bench.close();

      expect([isKilled, faults]).toEqual([true, []]);
      expect(output).toContain("The emulator of the earlier run has ended by itself, and everything in it is gone.");
      expect(output).toContain("Destroyed: nothing is left in state");
      expect(code).toBe(0);
    },
    30 * MINUTES,
  );
});

import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describeUnless } from "../support/available";
import {
  deployPoints,
  destroyPoints,
  type Kill,
  KillMatrix,
  type Point,
  rowOf,
  type Target,
} from "../support/kill-matrix";
import { KillScene } from "../support/kill-scene";
import { missingPrograms } from "../support/kube-apiserver";
import { MINUTES, type Ran } from "../support/terraform-bench";

const charts = process.env["RETOOL_CHARTS"] ?? "";
const missing = [
  ...(process.env["RETOOL_KILL_MATRIX"] === "full" ? [] : ["RETOOL_KILL_MATRIX is not full: it takes hours"]),
  ...missingPrograms(),
  ...(existsSync(join(charts, "retool")) ? [] : ["RETOOL_CHARTS is not set to a folder of unpacked charts"]),
];

/** How often each moment has been met: each time by another victim, the last of which is the provider that has nothing to do with it. */
const TURNS = [1, 2, 3, 4, 5] as const;

/** Repeats of the command after a kill that may be needed. */
const REPEATS = 2;

/** Lines with which a run may end: one for what was killed, for the releases in it, and for how to go on. */
const LINES = 5;

/** File to which the rows of ended rounds are added, and from which a later call goes on. */
const table = process.env["RETOOL_KILL_TABLE"];

/** Rows of a direction in that file. */
function rowsBefore(direction: string): string[] {
  if (table === undefined || !existsSync(table)) return [];
  const rows = readFileSync(table, "utf8").split("\n");
  return rows.filter((row) => row.startsWith(`${direction} | `)).map((row) => row.slice(direction.length + 3));
}

/** Adds a row to that file. */
function keep(row: string): void {
  if (table !== undefined) appendFileSync(table, `${row}\n`);
}

/** Writes a line at once: a matrix takes long. */
function note(line: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
}

/** Lines of an output that are neither steps nor a report. */
const saidIn = (output: string): string[] =>
  output.split("\n").filter((line) => line !== "" && !/^([✔✘…│┌├└]|  )/.test(line));

/** The end of a run that ended well, in a few words; undefined of any other. */
function endOf({ code, output }: Ran): string | undefined {
  const [end] = /Second plan: no changes|Destroyed: nothing is left in state/.exec(output) ?? [];
  return code === 0 ? end : undefined;
}

/** What the run that failed prints: commands that go on from there. */
function printedIn({ output }: Ran): { readonly deploy: string; readonly destroy: string } | undefined {
  const [, deploy, destroy] =
    /`(npm run local[^`]*)` goes on from here, `(npm run local[^`]*)` takes it down/.exec(output) ?? [];
  return deploy === undefined || destroy === undefined ? undefined : { deploy, destroy };
}

/** What a run that failed says wrongly. */
function wrongIn(ran: Ran): string[] {
  // Nobody says anything where the command itself was killed.
  if (ran.code === 0 || ran.code === null) return [];
  const said = saidIn(ran.output);
  return [
    ...(printedIn(ran) === undefined ? ["it prints no command to go on with"] : []),
    ...(said.length > LINES ? [`it says ${String(said.length)} lines`] : []),
    ...said.filter((line) => /^(unexpected|\s+at )|already exists/.test(line)),
  ];
}

/** A chain of runs and kills, whose rows go to standard output. */
class Chain {
  public readonly wrong: string[] = [];
  private last: Ran = { code: 0, output: "" };

  public constructor(
    private readonly scene: KillScene,
    private readonly direction: "deploy" | "destroy",
    private readonly matrix: KillMatrix,
  ) {}

  /**
   * Kills and repeats until the round is over and a run ends well.
   *
   * @param isWell - Whether a target is as wanted.
   * @param turns - Whether it goes over to the other command once everything of the round was struck.
   * @returns Whether that came to an end.
   */
  public async round(isWell: (target: Target) => boolean, turns: boolean): Promise<boolean> {
    const { scene, matrix } = this;
    const first = matrix.kills.length;
    let command = this.direction === "deploy" ? scene.command() : scene.command("--destroy");
    let end: string | undefined;
    scene.strikeAt(matrix);
    for (let failed = 0; end === undefined && failed <= REPEATS;) {
      const kills = await this.run(command);
      failed = kills.length > 0 ? 0 : failed + 1;
      end = endOf(this.last);
      matrix.ran(end !== undefined, isWell);
      command = this.next(command, turns && matrix.isRoundOver);
    }
    scene.strikeAt(undefined);
    this.finish(matrix.kills.slice(first), end);
    return end !== undefined;
  }

  /** What is run next: what the last run prints, or the same command where it was killed itself and printed nothing. */
  private next(command: string, turns: boolean): string {
    const wanted = turns === (this.direction === "deploy") ? "destroy" : "deploy";
    const printed = printedIn(this.last)?.[wanted];
    if (printed !== undefined) return printed;
    if (!turns) return command;
    return wanted === "destroy" ? this.scene.command("--destroy") : this.scene.command();
  }

  private finish(kills: readonly Kill[], end: string | undefined): void {
    if (end === undefined) this.wrong.push(`not over after ${String(REPEATS + 1)} repeats`);
    if (kills.length === 0) this.wrong.push("nothing was met in this round");
    for (const kill of kills) {
      const row = `${this.direction} | ${rowOf(kill)} | ${end ?? "no end"}`;
      note(`row | ${row}`);
      if (end !== undefined) keep(row);
      if (!kill.isOver || kill.repeats > REPEATS) this.wrong.push(rowOf(kill));
    }
  }

  private async run(command: string): Promise<readonly Kill[]> {
    const started = Date.now();
    const before = this.matrix.kills.length;
    this.last = await this.scene.run(command);
    const kills = this.matrix.kills.slice(before);
    const wrong = wrongIn(this.last);
    this.wrong.push(...wrong);
    const seconds = Math.round((Date.now() - started) / 1000);
    const struck = kills.map(({ point, victim }) => `${victim} at ${point.target.name} ${point.moment}`);
    note(
      `${command.includes("--destroy") ? "destroy" : "deploy"}: ${struck.join(", ") || "no kill"}; ${String(seconds)} s, exit code ${String(this.last.code)}`,
    );
    note(
      this.last.output
        .split("\n")
        .filter((line) => /^([✔✘]|  [a-z])/.test(line))
        .map((line) => `    ${line}`)
        .join("\n"),
    );
    for (const line of saidIn(this.last.output)) if (this.last.code !== 0) note(`  > ${line}`);
    for (const fault of wrong) note(`  WRONG: ${fault}`);
    return kills;
  }
}

describeUnless(missing).each(["deploy", "destroy"] as const)(
  "npm run local with a cluster, killed: %s",
  (direction) => {
    let scene: KillScene;
    let matrix: KillMatrix;
    const points = (): Point[] => (direction === "deploy" ? deployPoints : destroyPoints)(scene.targets());
    beforeAll(async () => {
      scene = await KillScene.open(charts);
      const ran = await scene.run(scene.command());
      note(`deployed: ${endOf(ran) ?? ran.output}`);
      matrix = new KillMatrix(points(), rowsBefore(direction));
    }, 30 * MINUTES);
    afterAll(async () => scene.close(), MINUTES);

    test.each(TURNS)(
      "turn %i: one or two repeats end in an empty plan, or with nothing left, after a kill at each moment of each release and namespace",
      async (turn) => {
        const chain = new Chain(scene, direction, matrix);
        const isWell = (target: Target): boolean => scene.inState(target) === (direction === "deploy");
        let goesOn = true;
        while (goesOn && matrix.nextRound(turn)) {
          if (direction === "deploy") await scene.clear();
          // A deployment is taken down after the last kills; a destroy is followed by a deployment for the next.
          const turns = matrix.isLastRound(turn) === (direction === "deploy");
          goesOn = await chain.round(isWell, turns);
        }

        expect(chain.wrong).toEqual([]);
        expect(await scene.left()).toEqual([]);
        expect(matrix.points.length).toBeGreaterThan(0);
      },
      300 * MINUTES,
    );
  },
);

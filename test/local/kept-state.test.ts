import { spawn } from "node:child_process";
import { existsSync, linkSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { assertSameCluster, recordCluster, recordedCluster } from "../../local/cluster-record";
import { commandFor, lostEmulator } from "../../local/command-line";
import { inCluster, keepCopy, mendState, readState, retireState } from "../../local/kept-state";
import { paths } from "../../local/paths";
import { writeWhole } from "../../local/whole-file";

const folder = mkdtempSync(join(tmpdir(), "kept-state-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const stateOf = (serial: number, ...types: string[]): string =>
  JSON.stringify({ serial, resources: types.map((type) => ({ mode: "managed", type, name: "a" })) });

let files = 0;
function stateFile(text: string): string {
  files += 1;
  const file = join(folder, `${String(files)}.tfstate`);
  writeFileSync(file, text);
  return file;
}

describe("a kept state", () => {
  test("says what lives in the cluster", () => {
    const state = readState(stateFile(stateOf(3, "aws_vpc", "helm_release", "kubernetes_namespace_v1")));

    expect(inCluster(state?.resources ?? [])).toEqual(["helm_release.a", "kubernetes_namespace_v1.a"]);
  });

  test.each(["", '{"serial": 4, "resou'])("that a kill left as %j is replaced by its newest copy", (broken) => {
    const file = stateFile(stateOf(7, "aws_vpc"));
    writeFileSync(`${file}.backup`, stateOf(2));
    keepCopy(file);
    writeFileSync(file, broken);
    keepCopy(file);

    expect(mendState(file)).toMatch(/^Terraform's state could not be read \(\d+ bytes: .*\.running of /);
    expect(readState(file)).toEqual({ serial: 7, resources: ["aws_vpc.a"] });
    expect(readFileSync(`${file}.broken`, "utf8")).toBe(broken);
    expect(existsSync(`${file}.backup`)).toBe(true);
  });

  test("is kept whole while it becomes shorter, and for its owner only", () => {
    const file = stateFile(stateOf(1, ...Array.from({ length: 20_000 }, (_, index) => `aws_${String(index)}`)));
    const writer = spawn(process.execPath, [
      "-e",
      `const { readFileSync, writeFileSync } = require("node:fs");
       const long = readFileSync(${JSON.stringify(file)}, "utf8");
       for (;;) for (const text of [${JSON.stringify(stateOf(2))}, long]) writeFileSync(${JSON.stringify(file)}, text);`,
    ]);
    const end = Date.now() + 500;
    while (Date.now() < end) keepCopy(file);
    writer.kill("SIGKILL");

    expect(readState(`${file}.running`)?.serial).toBeDefined();
    expect(statSync(`${file}.running`).mode & 0o777).toBe(0o600);
  });

  test("without a copy is never taken for an empty one", () => {
    const file = stateFile("");

    expect(() => mendState(file)).toThrow(/cannot be read \(0 bytes\), and neither can a copy; restore it/);
    expect(existsSync(file)).toBe(true);
  });

  test("that can be read, or that does not exist, is not changed", () => {
    expect(mendState(stateFile(stateOf(1)))).toBeUndefined();
    expect(mendState(join(folder, "absent"))).toBeUndefined();
  });

  test("is put aside, not thrown away", () => {
    const file = stateFile(stateOf(5, "aws_vpc"));
    keepCopy(file);
    retireState(file);

    expect([file, `${file}.running`].filter(existsSync)).toEqual([]);
    expect(readState(`${file}.former`)?.serial).toBe(5);
  });
});

describe("a cluster that an earlier run deployed into", () => {
  const record = {
    server: "https://a",
    flags: { kubeconfig: "/k", charts: "/c" },
    objects: ["helm_release.a", "kubernetes_namespace_v1.b"],
  };
  const there = "2 objects and releases of an earlier run are in the cluster https://a";
  const destroy = "`npm run local -- --destroy --kubeconfig /k --charts /c`";

  test("must be given again, with the command that was given then", () => {
    expect(() => {
      assertSameCluster(record, undefined);
    }).toThrow(`--kubeconfig: is missing, and ${there}; ${destroy} takes them down`);
    expect(() => {
      assertSameCluster(record, "https://b");
    }).toThrow(`--kubeconfig: leads to https://b, but ${there}; ${destroy} takes them down first`);
  });

  test("is noted with the flags of the run", async () => {
    Object.assign(paths, { cluster: join(folder, "cluster.json"), state: join(folder, "absent.tfstate") });
    const now = (): Promise<Date> => Promise.resolve(new Date(0));
    await recordCluster({ server: "https://a", now }, { kubeconfig: "/k" });

    expect(recordedCluster()).toEqual({
      server: "https://a",
      since: new Date(0),
      flags: { kubeconfig: "/k" },
      objects: [],
    });
  });

  test("may be given again, and any may be given where there was none", () => {
    expect(() => {
      assertSameCluster(record, "https://a");
      assertSameCluster(undefined, "https://b");
      assertSameCluster(undefined, undefined);
    }).not.toThrow();
  });
});

test("a kept file is replaced, not written over, so that no kill cuts it off", () => {
  const [file, former] = [join(folder, "note.json"), join(folder, "former.json")];
  writeWhole(file, "former");
  linkSync(file, former);
  writeWhole(file, "new");

  expect([file, former].map((each) => readFileSync(each, "utf8"))).toEqual(["new", "former"]);
});

describe("the advice that is printed", () => {
  test("repeats the flags that were given, as a shell reads them", () => {
    expect(commandFor({})).toBe("`npm run local`");
    expect(commandFor({ kubeconfig: "/k", charts: "my charts" }, "--destroy")).toBe(
      "`npm run local -- --destroy --kubeconfig /k --charts 'my charts'`",
    );
    const kept = { keep: true, json: true, providers: "/p", port: 4566 } as const;

    expect([commandFor(kept), commandFor(kept, "--destroy"), commandFor({ port: 0 })]).toEqual([
      "`npm run local -- --keep --json --providers /p --port 4566`",
      "`npm run local -- --destroy --json --providers /p --port 4566`",
      "`npm run local`",
    ]);
  });

  test("says in one line what is gone with its emulator, and which command goes on", () => {
    const gone = "emulator: it has ended, and everything in it is gone (its log is .local/emulator.log); ";

    expect(lostEmulator({}, false)).toBe(`${gone}\`npm run local\` starts from nothing`);
    expect(lostEmulator({ kubeconfig: "/k" }, true)).toBe(
      `${gone}\`npm run local -- --kubeconfig /k\` takes down what is in the cluster and then starts from nothing`,
    );
    expect(lostEmulator({ destroy: true }, false)).toBe(
      `${gone}\`npm run local -- --destroy\` confirms that nothing is left`,
    );
    expect(lostEmulator({ destroy: true, kubeconfig: "/k" }, true)).toBe(
      `${gone}\`npm run local -- --destroy --kubeconfig /k\` takes down what is in the cluster`,
    );
  });
});

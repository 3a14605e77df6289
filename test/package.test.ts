import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { cpuRatio } from "./support/cpu";
import { assertRun, packInto, run, type Run } from "./support/packed-package";
import { alonePrograms, guideProgram } from "./support/library-guide";

const ROOT = join(__dirname, "..");
const TSC = join(ROOT, "node_modules", "typescript", "bin", "tsc");

interface Manifest {
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const folder = mkdtempSync(join(tmpdir(), "package-"));
const consumer = join(folder, "consumer");
const installed = join(consumer, "node_modules", "cdktf-retool");

/** Installs the tarball with its peers, in the versions this project is tested with. */
const install = (tarball: string): void => {
  const { peerDependencies, devDependencies } = JSON.parse(
    readFileSync(join(ROOT, "package.json"), "utf8"),
  ) as Manifest;
  const peers = Object.keys(peerDependencies).map((name) => `${name}@${devDependencies[name] ?? ""}`);
  write("package.json", JSON.stringify({ name: "consumer", private: true }));
  const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  assertRun("npm", ["install", ...flags, tarball, ...peers], consumer);
};

const write = (name: string, text: string): void => {
  mkdirSync(dirname(join(consumer, name)), { recursive: true });
  writeFileSync(join(consumer, name), text);
};

const SPEC = `{
  name: "prod",
  account: "111122223333",
  region: "us-east-1",
  domain: "retool.example.com",
  retoolVersion: "4.0.9-stable",
  access: "internal",
  clusterAccess: "private",
  license: "none",
}`;

const BODY = `
const plan = planEnvironment(${SPEC});
const app = new App({ outdir: process.argv[2] ?? "out" });
const stack = new TerraformStack(app, plan.context.name);
declareBackend(stack, plan.state);
declareAws(stack, plan);
declareTls(stack);
new RetoolPlatform(stack, "Retool", {
  plan,
  workloads: (api) => {
    declareKubernetes(stack, api, plan);
    return new ClusterWorkloads({ hasNodes: true });
  },
});
app.synth();
`;

const IMPORTED: Readonly<Record<string, string>> = {
  cdktf: "App, TerraformStack",
  "cdktf-retool": "ClusterWorkloads",
  "cdktf-retool/domain": "planEnvironment",
  "cdktf-retool/stacks": "declareAws, declareBackend, declareKubernetes, declareTls, RetoolPlatform",
};

const imports = Object.entries(IMPORTED)
  .map(([from, names]) => `import { ${names} } from "${from}";\n`)
  .join("");

const requires = Object.entries(IMPORTED)
  .map(([from, names]) => `const { ${names} } = require("${from}");\n`)
  .join("");

/** Synthesizes with a file of the consumer and returns the folder of the stack. */
const synthesizeWith = (file: string): string => {
  const out = join(consumer, `out-${file}`);
  mkdirSync(out);
  assertRun(process.execPath, [file, out], consumer);
  return join(out, "stacks", "prod");
};

const stacks: Record<string, string> = {};
const project = join(folder, "project");
let tarball: string;

beforeAll(() => {
  tarball = packInto(folder);
  install(tarball);
  write("app.cjs", `${requires}${BODY}`);
  write("app.mjs", `${imports}${BODY}`);
  for (const file of ["app.cjs", "app.mjs"]) stacks[file] = synthesizeWith(file);
}, 300_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe("the package in its own app", () => {
  test("synthesizes the platform, the same by require and by import", () => {
    const [required, imported] = ["app.cjs", "app.mjs"].map((file) =>
      readFileSync(join(stacks[file] ?? "", "cdk.tf.json"), "utf8"),
    );

    expect(required).toContain('"aws_eks_cluster"');
    expect(required).toContain('"helm_release"');
    expect(imported).toBe(required);
  });

  test("brings the local chart along", () => {
    const files = readdirSync(join(stacks["app.cjs"] ?? "", "assets"), { recursive: true, encoding: "utf8" });

    expect(files).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/Chart\.yaml$/),
        expect.stringMatching(/templates.manifests\.yaml$/),
      ]),
    );
  });

  test("installs what its code requires, and nothing that only the bundled command was made of", () => {
    const { dependencies, peerDependencies } = JSON.parse(
      readFileSync(join(installed, "package.json"), "utf8"),
    ) as Manifest;
    const code = ["bin", "dist"].flatMap((part) =>
      readdirSync(join(installed, part), { recursive: true, encoding: "utf8" })
        .filter((file) => /\.c?js$/.test(file))
        .map((file) => readFileSync(join(installed, part, file), "utf8")),
    );
    const required = code
      .flatMap((text) => [...text.matchAll(/\brequire(?:\.resolve)?\("((?:@[^/"]+\/)?[^./"][^/"]*)/g)])
      .flatMap(([, name = ""]) => (isBuiltin(name) || name in peerDependencies ? [] : [name]));

    expect([...new Set(required)].sort()).toEqual(Object.keys(dependencies).sort());
  });

  test("has a command that reads the project's own environments", () => {
    write("cdktf-retool.config.ts", `export const environments = { tools: ${SPEC.replace('"prod"', '"tools"')} };\n`);

    expect(assertRun("npx", ["cdktf-retool", "plan", "tools"], consumer)).toContain("tools: Retool 4.0.9-stable");
    expect(run("npx", ["cdktf-retool", "plan", "prod"], consumer).stderr).toContain(
      "prod: is not an environment of cdktf-retool.config.ts; use tools",
    );
    expect(assertRun("npx", ["cdktf-retool", "cost", "tools"], consumer)).toContain("tools: USD a month");
    expect(assertRun("npx", ["cdktf-retool", "egress", "tools"], consumer)).toContain(
      "# Outbound connections of tools",
    );
    expect(assertRun("npx", ["cdktf-retool", "settings", "database"], consumer)).toContain("database.storageGiB");
    const nowhere = { AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x", AWS_ENDPOINT_URL: "http://127.0.0.1:9" };
    const set = Object.entries(nowhere).map(([name, value]) => `${name}=${value}`);
    expect(run("env", [...set, "npx", "cdktf-retool", "doctor", "tools"], consumer).stdout).toMatch(
      /^doctor tools: \d+ problems?, \d+ not known, \d+ warnings?, \d+ good; /m,
    );
  });

  test("starts in less than 2.5 times the processor time of an empty program, plans in less than 5 times, without cdktf", () => {
    const command = join(installed, "bin", "cdktf-retool.js");
    const [version, plan] = [["--version"], ["plan", "tools"]].map((args) => cpuRatio([command, ...args], consumer));
    process.stdout.write(`times an empty program: --version ${version?.toFixed(1)}, plan ${plan?.toFixed(1)}\n`);

    expect(version).toBeLessThan(2.5);
    expect(plan).toBeLessThan(5);
    write(
      "loaded.cjs",
      'process.on("exit", () => console.error(Object.keys(require.cache).filter((file) => /node_modules.(@cdktf|cdktf|constructs).(?!retool)/.test(file)).length));',
    );
    expect(
      run(process.execPath, ["--require", join(consumer, "loaded.cjs"), command, "plan", "tools"], consumer).stderr,
    ).toBe("0\n");
  });

  describe("compiles with every flag, the declarations of all packages checked too", () => {
    const flags = {
      ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, skipLibCheck: false },
      ...{ noPropertyAccessFromIndexSignature: true, noImplicitOverride: true, noEmit: true, target: "ES2022" },
      ...{ types: ["node"], typeRoots: [join(ROOT, "node_modules", "@types")] },
    };
    const errorsWith = (name: string, options: object, files: readonly string[]): string[] => {
      write(`${name}.json`, JSON.stringify({ compilerOptions: { ...flags, ...options }, files }));
      return run(process.execPath, [TSC, "-p", `${name}.json`], consumer)
        .stdout.split("\n")
        .filter((line) => line.includes("error TS"));
    };

    test("by import and by require, and refuses what is wrong", () => {
      for (const file of ["typed.mts", "typed.cts"]) write(file, `${imports}${BODY}`);
      write("guide.cts", guideProgram());
      const misspelt = SPEC.replace("retoolVersion", "retoolVerison");
      const misuse = `import type { EnvironmentSpec } from "cdktf-retool/domain";\n`;
      write("wrong.ts", `${misuse}export const wrong: EnvironmentSpec = ${misspelt};\n`);
      const files = ["typed.mts", "typed.cts", "guide.cts", "wrong.ts"];

      expect(errorsWith("node16", { module: "node16" }, files)).toEqual([
        expect.stringMatching(/^wrong\.ts\(\d+,\d+\): error TS2561: .*'retoolVerison' does not exist/),
      ]);
    }, 120_000);

    test("for a bundler", () => {
      write("bundled.ts", guideProgram());

      expect(errorsWith("bundler", { module: "esnext", moduleResolution: "bundler" }, ["bundled.ts"])).toEqual([]);
    }, 120_000);
  });

  describe("in the project that `cdktf init --template=typescript` makes", () => {
    const programs = alonePrograms();
    let compiled: Run;
    beforeAll(() => {
      const template = join(ROOT, "node_modules", "cdktf-cli", "bundle", "templates", "typescript", "tsconfig.json");
      const { compilerOptions } = JSON.parse(readFileSync(template, "utf8")) as { readonly compilerOptions: object };
      write("init/guide.ts", guideProgram());
      write("init/platform.ts", `${imports}${BODY}`);
      for (const { name, text } of programs) write(`init/single/${name}.ts`, text);
      const more = { incremental: false, moduleResolution: "node10", ignoreDeprecations: "6.0", types: ["node"] };
      const typeRoots = [join(ROOT, "node_modules", "@types")];
      const tsconfig = { compilerOptions: { ...compilerOptions, ...more, typeRoots }, include: ["**/*.ts"] };
      write("init/tsconfig.json", JSON.stringify(tsconfig));
      compiled = run(process.execPath, [TSC, "-p", "init"], consumer);
    }, 120_000);

    test("compiles", () => {
      expect(compiled).toMatchObject({ stdout: "", status: 0 });
    });

    test("the program of the guide makes every public construct", () => {
      const out = join(consumer, "out-guide");
      assertRun("env", [`CDKTF_OUTDIR=${out}`, process.execPath, "init/guide.js"], consumer);
      const { resource } = JSON.parse(readFileSync(join(out, "stacks", "tools", "cdk.tf.json"), "utf8")) as {
        readonly resource: Readonly<Record<string, object>>;
      };

      expect(Object.keys(resource)).toEqual(
        expect.arrayContaining(["aws_eks_cluster", "aws_db_instance", "aws_lb", "aws_backup_vault", "helm_release"]),
      );
    });

    test("each construct by itself takes at most ten lines, and runs", () => {
      const all = programs.map(({ name }) => `require("./init/single/${name}.js");`).join("\n");
      write("single.cjs", all);
      assertRun("env", [`CDKTF_OUTDIR=${join(consumer, "out-single")}`, process.execPath, "single.cjs"], consumer);
      const table = programs.map(({ name, lines, text }) => `${name}: ${lines} (${text.trim().split("\n").length})`);
      process.stdout.write(`lines of each construct by itself (of the whole program): ${table.join(", ")}\n`);

      expect(programs.filter(({ lines }) => lines > 10)).toEqual([]);
    });
  });

  test("keeps its inner files to itself", () => {
    const { stderr } = run(process.execPath, ["-e", 'require("cdktf-retool/dist/constructs/render")'], consumer);

    expect(stderr).toContain("ERR_PACKAGE_PATH_NOT_EXPORTED");
  });

  test("holds no tests, no emulator, no configuration and no sources", () => {
    const files = readdirSync(installed, { recursive: true, encoding: "utf8" });

    expect(files).toContain(join("dist", "constructs", "index.js"));
    expect(files).toContain(join("docs", "runbooks", "latency.md"));
    expect(files).toContain(join("docs", "guides", "deploy.md"));
    expect(files).toContain(join("docs", "settings.md"));
    const others = files.filter((file) => !file.startsWith(join("docs", "recipes")));
    expect(others.filter((file) => /(^|[\\/])(test|local|examples|config)[\\/]|(?<!\.d)\.ts$/.test(file))).toEqual([]);
  });

  test("publishes the command with the licenses of what is in it", () => {
    const licenses = readFileSync(join(installed, "dist", "cli", "LICENSES.txt"), "utf8");
    const bundle = readFileSync(join(installed, "dist", "cli", "main.js"), "utf8");
    const namesIn = (text: string, pattern: RegExp): string[] =>
      [...new Set(Array.from(text.matchAll(pattern), ([, name = ""]) => name))].sort();
    const bundled = namesIn(bundle, /^\/\/ \S*node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm);

    expect(bundled).toEqual(expect.arrayContaining(["commander", "zod"]));
    expect(namesIn(licenses, /^((?:@[\w-]+\/)?[\w.-]+) \d+\.\d+\.\d+$/gm)).toEqual(bundled);
  });

  test("shows its sources where something is thrown", () => {
    const thrown = 'const { Network } = require("cdktf-retool"); const { App, TerraformStack } = require("cdktf");';
    write("thrown.cjs", `${thrown}\nnew Network(new TerraformStack(new App(), "it"), "Network");`);
    const { stderr } = run(process.execPath, ["--enable-source-maps", "thrown.cjs"], consumer);

    expect(stderr).toMatch(/library[\\/]scope\.ts:\d+/);
    expect(stderr).toContain("if (violations.length > 0) throw new ConfigurationError(violations);");
  });

  test("is as large, and depends on as much, as the guide says", () => {
    const guide = readFileSync(join(ROOT, "docs", "guides", "library.md"), "utf8");
    const section = guide.slice(guide.indexOf("## What it brings along"));
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      readonly dependencies: object;
    };
    const listed = [...section.matchAll(/^\| `([^`]+)` /gm)].map(([, name]) => name);
    const [packed = 0] = [...section.matchAll(/(\d\.\d) MB/g)].map(([, size]) => Number(size));

    expect(listed.sort()).toEqual(Object.keys(dependencies).sort());
    expect(Math.abs(statSync(tarball).size / 1e6 - packed)).toBeLessThan(0.3);
  });

  test("is not published without an address", () => {
    const { status, stderr } = run("env", ["npm_command=publish", process.execPath, "scripts/build.js"], project);

    expect(status).toBe(1);
    expect(stderr).toBe(
      "package.json: repository, homepage, bugs: is missing, and the links of the README lead nowhere without it; set it with `npm pkg set`\n",
    );
  });
});

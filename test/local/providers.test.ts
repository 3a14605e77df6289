import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { impliedFolders } from "../../local/provider-mirrors";
import { findProviders, type ProviderSearch, useProviders } from "../../local/providers";
import { whyUnreachable } from "../../local/registry";
import { runProgram } from "../support/run";

const MACHINE = process.arch === "x64" ? "amd64" : process.arch;
const TARGET = `${process.platform}_${MACHINE}`;
const AWS = join("registry.terraform.io", "hashicorp", "aws");

const folder = mkdtempSync(join(tmpdir(), "providers-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Puts an unpacked AWS provider into a mirror. */
function unpacked(mirror: string, version = "5.100.0", target = TARGET): string {
  mkdirSync(join(mirror, AWS, version, target), { recursive: true });
  return mirror;
}

/** Puts a packed AWS provider into a mirror. */
function packed(mirror: string, version = "5.100.0"): string {
  mkdirSync(join(mirror, AWS), { recursive: true });
  writeFileSync(join(mirror, AWS, `terraform-provider-aws_${version}_${TARGET}.zip`), "");
  return mirror;
}

/** A machine with an empty HOME, nothing near its root and no registry. */
function machine(name: string): Required<Omit<ProviderSearch, "providers">> & { readonly home: string } {
  const root = join(folder, name);
  const home = join(root, "home");
  mkdirSync(home, { recursive: true });
  return {
    env: { HOME: home, XDG_DATA_DIRS: join(root, "usr", "share") },
    project: join(root, "project"),
    file: join(root, ".local", "providers.tfrc"),
    roots: [root, home],
    searchMs: [1000, 1000],
    probe: () => Promise.resolve("ENOTFOUND"),
    home,
  };
}

const reachable = (): Promise<undefined> => Promise.resolve(undefined);

describe("findProviders", () => {
  test("leaves it to Terraform where the registry is reachable, and searches no disk", async () => {
    const here = machine("reachable");
    unpacked(join(here.home, "mirror"));

    await expect(findProviders({ ...here, probe: reachable })).resolves.toEqual({
      chosen: "the registry registry.terraform.io",
      warnings: [],
    });
  });

  test.each([
    ["packed", packed],
    ["unpacked", unpacked],
  ])("takes an implied folder with the %s layout, which Terraform finds by itself", async (layout, fill) => {
    const here = machine(`implied-${layout}`);
    const mirror = fill(join(here.home, ".terraform.d", "plugins"));
    const probe = jest.fn(here.probe);

    await expect(findProviders({ ...here, probe })).resolves.toEqual({ chosen: `the mirror ${mirror}`, warnings: [] });
    expect(probe).not.toHaveBeenCalled();
  });

  test("names the project's terraform.d/plugins, which Terraform would look for in the stack's folder", async () => {
    const here = machine("adjacent");
    const mirror = packed(join(here.project, "terraform.d", "plugins"));
    const { configuration, chosen } = await findProviders(here);

    expect(chosen).toBe(`the mirror ${mirror}`);
    expect(readFileSync(configuration ?? "", "utf8")).toContain(JSON.stringify(mirror));
  });

  test("finds a mirror near the root where the registry is out of reach, and takes the rest from the registry", async () => {
    const here = machine("near-root");
    const mirror = unpacked(join(folder, "near-root", "opt", "plugins"));
    const { configuration, chosen } = await findProviders(here);

    expect(chosen).toBe(`the mirror ${mirror}`);
    expect(readFileSync(configuration ?? "", "utf8")).toBe(
      [
        "disable_checkpoint = true",
        "provider_installation {",
        "  filesystem_mirror {",
        `    path    = "${mirror}"`,
        '    include = ["registry.terraform.io/hashicorp/aws"]',
        "  }",
        "  direct {",
        '    exclude = ["registry.terraform.io/hashicorp/aws"]',
        "  }",
        "}",
        "",
      ].join("\n"),
    );
  });

  test.each<[string, (mirror: string) => unknown]>([
    ["of another machine", (mirror) => unpacked(mirror, "5.100.0", "plan9_mips")],
    ["with versions that the stacks refuse", (mirror) => packed(mirror, "4.67.0")],
    [
      "that everybody may write to",
      (mirror) => {
        chmodSync(join(unpacked(mirror), "registry.terraform.io"), 0o777);
      },
    ],
    ["too deep", (mirror) => unpacked(join(mirror, "a", "b", "c", "d"))],
    ["inside a cache", (mirror) => unpacked(join(mirror, "plugin-cache"))],
  ])("passes over a mirror %s", async (name, fill) => {
    const here = machine(`not-${name}`);
    fill(join(folder, `not-${name}`, "opt"));

    await expect(findProviders(here)).rejects.toThrow(
      /^providers: registry\.terraform\.io cannot be reached \(ENOTFOUND\) and no folder .* allow access to the registry .* or fill a mirror .* --providers$/,
    );
  });

  test("obeys a TF_CLI_CONFIG_FILE that exists before anything else", async () => {
    const here = machine("named");
    unpacked(join(here.home, ".terraform.d", "plugins"));
    const file = join(here.home, "own.tfrc");
    writeFileSync(file, "");

    await expect(findProviders({ ...here, env: { ...here.env, TF_CLI_CONFIG_FILE: file } })).resolves.toEqual({
      configuration: file,
      chosen: `${file}, named by TF_CLI_CONFIG_FILE`,
      warnings: [],
    });
  });

  test("reports a TF_CLI_CONFIG_FILE that names nothing and does not obey it", async () => {
    const here = machine("names-nothing");
    const env: NodeJS.ProcessEnv = { ...here.env, TF_CLI_CONFIG_FILE: "/absent.tfrc" };
    const source = await findProviders({ ...here, env, probe: reachable });
    useProviders(source, env);

    expect(source.warnings).toEqual([
      "TF_CLI_CONFIG_FILE: /absent.tfrc does not exist and is ignored; unset it, or name a file that exists",
    ]);
    expect(env).not.toHaveProperty("TF_CLI_CONFIG_FILE");
  });

  test("leaves the user's own Terraform configuration in force where it says how to install", async () => {
    const here = machine("own");
    const file = join(here.home, ".terraformrc");
    writeFileSync(file, 'plugin_cache_dir = "/tmp"\nprovider_installation {\n  direct {}\n}\n');

    await expect(findProviders(here)).resolves.toMatchObject({ chosen: `${file}, Terraform's own configuration` });
  });

  test("takes the folder of --providers, even where the registry is reachable", async () => {
    const here = machine("given");
    const mirror = packed(join(folder, "given", "usb"));
    const source = await findProviders({ ...here, probe: reachable, providers: mirror });

    expect(source).toMatchObject({ configuration: here.file, chosen: `the mirror ${mirror}` });
  });

  test("refuses a --providers without the AWS provider, in one line", async () => {
    const here = machine("given-empty");

    await expect(findProviders({ ...here, providers: here.home })).rejects.toThrow(
      /^--providers: \S+ holds no AWS provider >= 5\.100\.0, < 7\.0\.0 for this machine; name a folder [^\n]+$/,
    );
  });

  test("searches once more where a busy machine found nothing in time", async () => {
    const here = machine("busy");
    const mirror = packed(join(folder, "busy", "usb"));
    const source = await findProviders({ ...here, searchMs: [0, 1000] });

    expect(source).toMatchObject({ configuration: here.file, chosen: `the mirror ${mirror}` });
  });

  test("gives up a search of the disk when its time is over", async () => {
    const started = Date.now();
    await findProviders({ ...machine("slow"), roots: ["/"], searchMs: [500, 500] }).catch(() => undefined);

    expect(Date.now() - started).toBeLessThan(5000);
  });
});

describe("impliedFolders", () => {
  test("are Terraform's own, system by system", () => {
    const env = { HOME: "/h" };

    expect(impliedFolders(env, "linux")).toEqual([
      "/h/.terraform.d/plugins",
      "/h/.local/share/terraform/plugins",
      "/usr/local/share/terraform/plugins",
      "/usr/share/terraform/plugins",
    ]);
    expect(impliedFolders({ ...env, XDG_DATA_HOME: "/data", XDG_DATA_DIRS: "/x:/y" }, "linux")).toEqual([
      "/h/.terraform.d/plugins",
      "/data/terraform/plugins",
      "/x/terraform/plugins",
      "/y/terraform/plugins",
    ]);
    expect(impliedFolders(env, "darwin")).toEqual([
      "/h/.terraform.d/plugins",
      "/h/Library/Application Support/io.terraform/plugins",
      "/Library/Application Support/io.terraform/plugins",
    ]);
    expect(impliedFolders({ APPDATA: "/d" }, "win32")).toEqual([
      "/d/terraform.d/plugins",
      "/d/HashiCorp/Terraform/plugins",
    ]);
  });
});

describe("whyUnreachable", () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close().closeAllConnections();
  });

  async function serve(status: number, text?: string): Promise<string> {
    const server = createServer((_, answer) => {
      if (text !== undefined) answer.writeHead(status).end(text);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  }

  test("is nothing where a registry answers", async () => {
    const url = await serve(200, '{"modules.v1":"/v1/modules/","providers.v1":"/v1/providers/"}');

    await expect(whyUnreachable({}, url)).resolves.toBeUndefined();
  });

  test.each([
    [200, "<html>Log in to the network", "status 200, not the answer of a registry"],
    [403, "blocked", "status 403, not the answer of a registry"],
  ])("is the answer of something else in between: %i %s", async (status, text, reason) => {
    await expect(whyUnreachable({}, await serve(status, text))).resolves.toBe(reason);
  });

  test("is silence after the time limit", async () => {
    await expect(whyUnreachable({}, await serve(200), 100)).resolves.toBe("no answer within 0.1 s");
  });

  test("is a proxy that does not answer, unless the host goes past it", async () => {
    const url = await serve(200, '{"providers.v1":"/v1/providers/"}');

    await expect(whyUnreachable({ HTTPS_PROXY: "http://127.0.0.1:9" }, url)).resolves.toBe("ECONNREFUSED");
    await expect(whyUnreachable({ https_proxy: "127.0.0.1:9", NO_PROXY: "a.b, 127.0.0.1" }, url)).resolves.toBe(
      undefined,
    );
  });
});

describe("npm run providers", () => {
  test("prints the file for TF_CLI_CONFIG_FILE, and what it is on standard error", () => {
    const here = machine("command");
    const mirror = unpacked(join(here.home, "mirror"));
    const env = { ...here.env, TF_CLI_CONFIG_FILE: "", HTTPS_PROXY: "http://127.0.0.1:9" };
    const { code, stdout, stderr } = runProgram("local/print-providers.ts", ["--providers", mirror], env);

    expect(code).toBe(0);
    expect(stderr).toBe(`Providers: the mirror ${mirror}\n`);
    expect(existsSync(stdout.trim())).toBe(true);
  });
});

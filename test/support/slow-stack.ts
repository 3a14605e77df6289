import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { App } from "cdktf";

import { paths } from "../../local/paths";
import { defineEnvironment, environmentSpecs } from "../../stacks";
import { local } from "./environments/local";
import { kept, localBench } from "./local-bench";
import type { Synthesized } from "./synthesize";
import type { Bench } from "./terraform-bench";
import { ROOT, workspace } from "./workspace";

type StackJson = Synthesized["json"];
type Blocks = StackJson[string];

/** What takes long in AWS, or has a name that AWS gives once: types of resources, and names where one of several is enough. */
const SLOW: readonly RegExp[] = [
  /^aws_db_instance\./,
  /^aws_eks_cluster\./,
  /^aws_eks_addon\.\w+_eks-pod-identity-agent/,
  /^aws_eks_node_group\./,
  /^aws_eks_pod_identity_association\.Retool_BlobAccess/,
  /^aws_lb_listener\.\w+_Https?_/,
  /^aws_acm_certificate\./,
  /^aws_backup_plan\./,
  /^aws_s3_bucket\.Retool_BlobStorage_[0-9A-F]{8}$/,
  /^aws_route53_resolver_firewall_rule_group_association\./,
];

const ADDRESS = /(?:data\.|ephemeral\.)?\b[a-z][a-z0-9]*(?:_[a-z0-9_]+)?\.[A-Za-z][A-Za-z0-9_-]*/g;

/** Prefixes of addresses by the kinds of blocks that others refer to. */
const KINDS = { resource: "", data: "data.", ephemeral: "ephemeral." } as const;

/**
 * The parts of a stack that take long in AWS, with everything that they refer to: a third of the resources.
 *
 * A matrix of kills deploys hundreds of times; what is made at once and refers to nothing slow would only cost time.
 */
function slowPartOf(stack: StackJson): StackJson {
  const blocks = blocksIn(stack);
  const kept = new Set<string>();
  const keep = (address: string): void => {
    if (kept.has(address)) return;
    kept.add(address);
    for (const [reference] of (blocks.get(address) ?? "").matchAll(ADDRESS)) if (blocks.has(reference)) keep(reference);
  };
  for (const address of blocks.keys()) if (SLOW.some((slow) => slow.test(address))) keep(address);
  const { "//": notes, terraform, provider, locals } = stack;
  const parts = Object.entries(KINDS).map(([kind, prefix]) => [kind, onlyIn(stack[kind] ?? {}, prefix, kept)] as const);
  return { "//": notes!, terraform: terraform!, provider: provider!, locals: locals!, ...Object.fromEntries(parts) };
}

/** The text of each block that others may refer to, by its address. */
function blocksIn(stack: StackJson): Map<string, string> {
  const blocks = new Map<string, string>();
  for (const [kind, prefix] of Object.entries(KINDS)) {
    for (const [type, byName] of Object.entries(stack[kind] ?? {})) {
      for (const [name, block] of Object.entries(byName)) blocks.set(`${prefix}${type}.${name}`, JSON.stringify(block));
    }
  }
  for (const [name, value] of Object.entries(stack["locals"] ?? {})) blocks.set(`local.${name}`, JSON.stringify(value));
  return blocks;
}

function onlyIn(blocks: Blocks, prefix: string, kept: ReadonlySet<string>): Blocks {
  const byType = Object.entries(blocks).flatMap(([type, byName]) => {
    const named = Object.entries(byName).filter(([name]) => kept.has(`${prefix}${type}.${name}`));
    // Terraform refuses a type without a block.
    return named.length === 0 ? [] : [[type, Object.fromEntries(named)] as const];
  });
  return Object.fromEntries(byType);
}

/** An emulator as {@link localBench} starts it, for a deployment of the slow part of the stack `local` only. */
export async function slowBench(): Promise<Bench> {
  const out = join(workspace(), "cdktf.out");
  if (!existsSync(out)) {
    synthesizeInto(out);
    withoutCdktf(join(workspace(), "node_modules"));
  }
  const bench = await localBench();
  // A bench takes its folder with it.
  mkdirSync(kept(paths.stack), { recursive: true });
  copyFileSync(join(out, "slow.json"), join(kept(paths.stack), "cdk.tf.json"));
  return bench;
}

function synthesizeInto(outdir: string): void {
  mkdirSync(outdir);
  const app = new App({
    outdir,
    skipValidation: true,
    context: { "cdktf-retool": { local: { workloads: "render" } } },
  });
  for (const spec of environmentSpecs(app, { local }).specs) defineEnvironment(app, spec);
  app.synth();
  const stack = JSON.parse(readFileSync(join(kept(paths.stack), "cdk.tf.json"), "utf8")) as StackJson;
  writeFileSync(join(outdir, "slow.json"), JSON.stringify(slowPartOf(stack)));
}

/** Replaces a link to the packages by links to each of them, and cdktf by a program that does nothing. */
function withoutCdktf(packages: string): void {
  rmSync(packages, { recursive: true });
  mkdirSync(join(packages, ".bin"), { recursive: true });
  for (const name of readdirSync(join(ROOT, "node_modules")).filter((one) => one !== ".bin")) {
    symlinkSync(join(ROOT, "node_modules", name), join(packages, name));
  }
  writeFileSync(join(packages, ".bin", "cdktf"), "#!/bin/sh\n", { mode: 0o755 });
}

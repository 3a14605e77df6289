import { awsPartition } from "../domain/common/aws-partition";
import { type EnvironmentPlan, planEnvironment } from "../domain/environment/environment";
import {
  bearerOfTags,
  type Candidate,
  contentsOf,
  isEmptyList,
  isInTheWay,
  isOfEnvironment,
  isSameAsPlanned,
  isTellable,
  type Owner,
  type PlannedResource,
  referenceTo,
  searchFor,
  secretVersionInState,
  withSettings,
} from "../domain/lifecycle/adoption";
import { objectAdvice } from "../domain/lifecycle/cluster-leftovers";
import type { Listing, Lookup } from "../domain/lifecycle/finders";
import { type Evidence, evidenceIn, idFromEvidence } from "../domain/lifecycle/evidence";
import { addressParts, attributesIn, type StateResource, type TerraformState } from "../domain/lifecycle/state-file";
import { BareStack, type Found, type StackResource } from "./bare-stack";
import { objectsOf } from "./adopt-objects";
import { candidatesOf } from "./adopt-search";
import { type Adoption, adoptionText, withRemedyOfLayer } from "./adopt-text";
import { assertCredentials } from "./credentials";
import { environmentNamed } from "./environments";
import { Failure, FailureWithFindings } from "./failure";
import type { OutputOptions, Report } from "./report";
import { readStack, type SynthesizedStack, synthesizedStacks } from "./stacks";
import { Terraform } from "./terraform";

/** Whose things are adopted, and where they are. */
export interface AdoptionOptions extends Owner {
  /** Told what was looked at. */
  readonly onProgress?: (progress: string) => void;
  /** Told what the next deployment would make after all that was adopted. */
  readonly onPlanned?: (creates: readonly PlannedResource[]) => void;
}

/** The parts of Terraform that an adoption uses. */
export type AdoptingTerraform = Pick<Terraform, "plannedCreates">;

/** The parts of a bare stack that an adoption uses. */
export type AdoptingStack = Pick<BareStack, "stack" | "lookAll" | "askAll" | "listAll" | "take" | "state">;

/**
 * Takes into state what a killed deployment made and could not note, or what a lost state knew.
 *
 * Everything that the next apply would make and AWS may already have is looked at first, outside the stack's state, and taken only
 * where it is the environment's. Then Terraform plans again: what belongs to something that was adopted can be found only now.
 * Nothing in AWS changes, and no value of a secret is read.
 */
export async function adoptLeftovers(
  terraform: AdoptingTerraform,
  stack: AdoptingStack,
  options: AdoptionOptions,
): Promise<Adoption[]> {
  const outcome = new Map<string, Adoption>();
  const absent = new Set<string>();
  for (;;) {
    const { creates, error } = await terraform.plannedCreates();
    options.onPlanned?.(creates);
    const round = await new Round(stack, await stack.state(), options, absent).examine(creates);
    for (const adoption of round) outcome.set(adoption.address, adoption);
    if (round.some(({ adopted }) => adopted)) continue;
    // What is somebody else's is the reason then, and is named.
    if (error !== undefined && outcome.size === 0) throw new Failure(error);
    return [...outcome.values()];
  }
}

/** One look at everything that a plan would make. */
class Round {
  private readonly taken = new Map<string, StateResource>();
  private readonly adoptions: Adoption[] = [];
  private readonly untagged: { readonly candidate: Candidate; readonly found: Found; readonly listing: Listing }[] = [];
  private readonly planned = new Map<string, PlannedResource>();
  private readonly evidence: ReadonlyMap<string, Evidence>;

  public constructor(
    private readonly stack: AdoptingStack,
    private readonly state: TerraformState,
    private readonly options: AdoptionOptions,
    private readonly absent: Set<string>,
  ) {
    this.evidence = evidenceIn(stack.stack.resource ?? {}, state);
  }

  public async examine(creates: readonly PlannedResource[]): Promise<readonly Adoption[]> {
    for (const one of creates) this.planned.set(one.address, one);
    const candidates = await this.candidatesFor(creates);
    const found = await this.lookAll(candidates);
    this.options.onProgress?.(`found ${String(found.size)} of ${String(candidates.length)} that may exist`);
    this.judgeAll([...found].filter(([{ type }]) => type !== "aws_kms_key"));
    await this.takeUntagged();
    await this.takeAliases(found);
    // Where an alias names the key, it is that one.
    this.judgeAll([...found].filter(([{ type }]) => type === "aws_kms_key"));
    await this.takeVersions(creates);
    await this.stack.take(this.taken);
    return this.adoptions;
  }

  /** Everything that may exist. */
  private candidatesFor(creates: readonly PlannedResource[]): Promise<Candidate[]> {
    const searches = creates.flatMap((planned) => {
      if (!isTellable(planned, this.block(planned.address), this.state)) return [];
      const id = this.knownId(planned);
      const search = id === undefined ? searchFor(planned, this.options) : { ids: [id] };
      return search === undefined ? [] : [{ planned, search }];
    });
    return candidatesOf(searches, this.stack, this.absent, this.options.onProgress);
  }

  private async lookAll(candidates: readonly Candidate[]): Promise<ReadonlyMap<Candidate, Found>> {
    const asked = candidates.filter((one) => !this.absent.has(questionOf(one)));
    if (asked.length === 0) return new Map();
    this.options.onProgress?.(`looking at ${String(asked.length)} that may exist`);
    const found = await this.stack.lookAll(asked);
    const known = asked.flatMap((one, index) => {
      const answer = found[index];
      if (answer === undefined) this.absent.add(questionOf(one));
      return answer === undefined ? [] : [[one, answer] as const];
    });
    return new Map(known);
  }

  private judgeAll(found: readonly (readonly [Candidate, Found])[]): void {
    for (const [candidate, one] of found) this.judge(candidate, one);
  }

  private judge(candidate: Candidate, found: Found): void {
    const planned = this.planned.get(candidate.address);
    if (planned === undefined || planned.type === "aws_kms_alias" || this.taken.has(planned.address)) return;
    if (isSameAsPlanned(planned, found.attributes, this.options.tags)) this.take(candidate, found.resource);
    else this.doubt(planned, candidate, found);
  }

  private doubt(planned: PlannedResource, candidate: Candidate, found: Found): void {
    const listing = contentsOf(planned, candidate.id, found.attributes);
    if (listing === undefined) this.leaveInTheWay(candidate);
    else this.untagged.push({ candidate, found, listing });
  }

  /** What has no tags yet is ours where nothing is in it: whose ever it was, nothing can be lost. */
  private async takeUntagged(): Promise<void> {
    const lists = await this.stack.listAll(
      this.untagged.map(({ candidate: { address }, listing }) => ({ address, listing })),
    );
    this.untagged.forEach(({ candidate, found: { resource } }, index) => {
      if (this.taken.has(candidate.address)) return;
      if (isEmptyList(lists[index])) this.take(candidate, resource);
      else this.leaveInTheWay(candidate);
    });
  }

  private knownId({ address, type }: PlannedResource): string | undefined {
    const evidence = this.evidence.get(address);
    return evidence && idFromEvidence(type, evidence);
  }

  /** An alias without its key would be pointed at another key, and what the first one encrypted would depend on nobody. */
  private async takeAliases(found: ReadonlyMap<Candidate, Found>): Promise<void> {
    const aliases = [...found].flatMap(([alias, one]) => {
      const address = referenceTo(this.block(alias.address), "aws_kms_key");
      const bearer = bearerOfTags(alias, one.attributes);
      return address === undefined || bearer === undefined ? [] : [{ alias, one, key: { ...bearer, address } }];
    });
    const keys = aliases.length === 0 ? [] : await this.stack.lookAll(aliases.map(({ key }) => key));
    aliases.forEach(({ alias, one, key }, index) => {
      this.takeAlias(alias, one, key, keys[index]);
    });
  }

  private takeAlias(alias: Candidate, found: Found, candidate: Candidate, key: Found | undefined): void {
    if (key === undefined || !isOfEnvironment(key.attributes, this.options.tags)) {
      this.leave(alias);
      return;
    }
    this.take(alias, found.resource);
    const known = attributesIn(this.state, candidate.address)?.["id"];
    if (known !== candidate.id) this.take(candidate, key.resource);
  }

  private async takeVersions(creates: readonly PlannedResource[]): Promise<void> {
    const versions = creates
      .filter(({ type }) => type === "aws_secretsmanager_secret_version")
      .flatMap(({ address }) => {
        const secret = this.secretOf(this.block(address));
        return secret === undefined || this.absent.has(questionOf(secret)) ? [] : [{ address, secret }];
      });
    if (versions.length === 0) return;
    const found = await this.stack.lookAll(versions.map(({ secret }) => secret));
    const ours = versions.flatMap((version, index) => {
      const secret = found[index];
      return secret !== undefined && isOfEnvironment(secret.attributes, this.options.tags)
        ? [{ ...version, found: secret }]
        : [];
    });
    if (ours.length === 0) return;
    const answers = await this.stack.askAll(
      ours.map(({ secret }) => ({ address: secret.address, lookup: versionsOf(secret) })),
    );
    ours.forEach(({ address, secret, found: { resource } }, index) => {
      const revision = this.block(address)?.["secret_string_wo_version"];
      const version = secretVersionInState(resource, answers[index]?.["versions"], revision);
      if (version !== undefined) this.take({ address, type: version.type, id: `the value of ${secret.id}` }, version);
    });
  }

  private secretOf(version: StackResource | undefined): Candidate | undefined {
    const address = referenceTo(version, "aws_secretsmanager_secret");
    const name = address && this.block(address)?.["name"];
    if (address === undefined || typeof name !== "string") return undefined;
    return { address, type: "aws_secretsmanager_secret", id: name };
  }

  private take({ address, id }: Candidate, resource: StateResource): void {
    const { values = {} } = this.planned.get(address) ?? {};
    this.taken.set(address, withSettings(resource, values));
    const known = attributesIn(this.state, address)?.["id"] as string | undefined;
    const isReplaced = known !== undefined && known !== id;
    this.adoptions.push({ address, id, adopted: true, ...(isReplaced && { replaced: known }) });
  }

  private leaveInTheWay(candidate: Candidate): void {
    if (isInTheWay(candidate)) this.leave(candidate);
  }

  private leave({ address, id }: Candidate): void {
    this.adoptions.push({ address, id, adopted: false });
  }

  private block(address: string): StackResource | undefined {
    const { type, name } = addressParts(address);
    return this.stack.stack.resource?.[type]?.[name];
  }
}

function questionOf({ address, id }: Candidate): string {
  return `${address} ${id}`;
}

function versionsOf({ id }: Candidate): Lookup {
  return { type: "aws_secretsmanager_secret_versions", arguments: { secret_id: id } };
}

/** Adopts what is left over in the stacks of an environment, which must have been synthesized, and prints it. */
export async function adopt(name: string, { json }: OutputOptions): Promise<Report> {
  const plan = planEnvironment(environmentNamed(name));
  const stacks = synthesizedStacks(plan);
  await assertCredentials(plan);
  const adoptions: Adoption[] = [];
  const objects: string[] = [];
  const found = { environment: name, adoptions, objects };
  try {
    for (const [index, stack] of stacks.entries()) {
      const found = await adoptInto(stack, plan).catch((error: unknown) => {
        throw withRemedyOfLayer(error, name, stack.name, stacks[index - 1]?.name);
      });
      adoptions.push(...found.adoptions);
      objects.push(...found.objects);
    }
  } catch (error) {
    // What was adopted in the layers below is still said.
    if (adoptions.length + objects.length === 0) throw error;
    if (json === true && error instanceof Failure) throw new FailureWithFindings(found, ...error.message.split("\n"));
    process.stdout.write(adoptionText(adoptions, name, objects));
    throw error;
  }
  return { json: found, text: () => adoptionText(adoptions, name, objects) };
}

/** Adopts what is left over in one stack. */
async function adoptInto(
  stack: SynthesizedStack,
  plan: EnvironmentPlan,
): Promise<{ adoptions: readonly Adoption[]; objects: readonly string[] }> {
  const { tags, context } = plan;
  const { folder } = stack;
  const terraform = new Terraform(folder, process.env);
  await terraform.init();
  const { account, region } = context;
  let planned: readonly PlannedResource[] = [];
  const adoptions = await adoptLeftovers(terraform, new BareStack(folder, readStack(stack), process.env), {
    tags,
    place: { account, region, partition: awsPartition(region) },
    onProgress: (line) => process.stderr.write(`${line}\n`),
    onPlanned: (creates) => (planned = creates),
  });
  const left = await objectsOf(plan, planned);
  return { adoptions, objects: left.map((one) => objectAdvice(one, folder)) };
}

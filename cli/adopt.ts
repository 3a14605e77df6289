import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { awsPartition } from "../domain/common/aws-partition";
import { planEnvironment } from "../domain/environment/environment";
import {
  bearerOfTags,
  type Candidate,
  isInTheWay,
  isOfEnvironment,
  isSameAsPlanned,
  type Owner,
  type PlannedResource,
  referenceTo,
  searchFor,
  secretVersionInState,
  withSettings,
} from "../domain/lifecycle/adoption";
import type { Lookup } from "../domain/lifecycle/finders";
import { type Evidence, evidenceIn, idFromEvidence } from "../domain/lifecycle/evidence";
import { addressParts, attributesIn, type StateResource, type TerraformState } from "../domain/lifecycle/state-file";
import { BareStack, type Found, type StackJson, type StackResource } from "./bare-stack";
import { environmentNamed } from "./environments";
import { Failure } from "./failure";
import { Terraform } from "./terraform";

/** What became of something that exists. */
export interface Adoption {
  /** Address in Terraform. */
  readonly address: string;
  /** Name in AWS. */
  readonly id: string;
  /** Whether state knows it now; otherwise it belongs to somebody else. */
  readonly adopted: boolean;
  /** Id of what state had at the address before, which is without use now. */
  readonly replaced?: string;
}

/** Whose things are adopted, and where they are. */
export interface AdoptionOptions extends Owner {
  /** Told what was looked at. */
  readonly onProgress?: (progress: string) => void;
}

/** The parts of Terraform that an adoption uses. */
export type AdoptingTerraform = Pick<Terraform, "plannedCreates">;

/** The parts of a bare stack that an adoption uses. */
export type AdoptingStack = Pick<BareStack, "stack" | "look" | "ask" | "take" | "state">;

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
    const round = await new Round(stack, await stack.state(), options, absent).examine(creates);
    for (const adoption of round) outcome.set(adoption.address, adoption);
    if (round.some(({ adopted }) => adopted)) continue;
    // What is somebody else's is the reason then, and is named.
    if (error !== undefined && outcome.size === 0) throw new Failure(error);
    return [...outcome.values()];
  }
}

/** Lookups that run at once; each is a process of Terraform and one of its provider. */
const AT_ONCE = 2;

/** One look at everything that a plan would make. */
class Round {
  private readonly taken = new Map<string, StateResource>();
  private readonly adoptions: Adoption[] = [];
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
    const waiting = creates.filter((one) => this.canBeFound(one));
    for (const one of creates) this.planned.set(one.address, one);
    let done = 0;
    const work = [...waiting];
    const worker = async (): Promise<void> => {
      for (let next = work.shift(); next !== undefined; next = work.shift()) {
        await this.examineOne(next);
        done += 1;
        this.options.onProgress?.(`looked at ${String(done)} of ${String(waiting.length)}: ${next.address}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    await this.stack.take(this.taken);
    return this.adoptions;
  }

  private async examineOne(planned: PlannedResource): Promise<void> {
    if (planned.type === "aws_secretsmanager_secret_version") {
      await this.examineVersion(planned);
      return;
    }
    for (const id of await this.idsOf(planned)) {
      const candidate = { address: planned.address, type: planned.type, id };
      const found = await this.look(candidate);
      if (found === undefined) continue;
      if (planned.type === "aws_kms_alias") await this.takeAlias(candidate, found);
      else if (isSameAsPlanned(planned, found.attributes, this.options.tags)) this.take(candidate, found.resource);
      else if (isInTheWay(planned)) this.leave(candidate);
    }
  }

  /** What did not exist in an earlier round is not asked for again. */
  private async look(candidate: Candidate): Promise<Found | undefined> {
    const question = `${candidate.address} ${candidate.id}`;
    if (this.absent.has(question)) return undefined;
    const found = await this.stack.look(candidate);
    if (found === undefined) this.absent.add(question);
    return found;
  }

  private canBeFound(planned: PlannedResource): boolean {
    return (
      planned.type === "aws_secretsmanager_secret_version" ||
      this.knownId(planned) !== undefined ||
      searchFor(planned, this.options) !== undefined
    );
  }

  private async idsOf(planned: PlannedResource): Promise<readonly string[]> {
    const known = this.knownId(planned);
    if (known !== undefined) return [known];
    const search = searchFor(planned, this.options);
    if (search === undefined) return [];
    if (!("lookup" in search)) return search.ids;
    const answer = await this.stack.ask(planned.address, search.lookup);
    return answer === undefined ? [] : search.ids(answer);
  }

  private knownId({ address, type }: PlannedResource): string | undefined {
    const evidence = this.evidence.get(address);
    return evidence && idFromEvidence(type, evidence);
  }

  /** An alias without its key would be pointed at another key, and what the first one encrypted would depend on nobody. */
  private async takeAlias(alias: Candidate, found: Found): Promise<void> {
    const address = referenceTo(this.block(alias.address), "aws_kms_key");
    const bearer = bearerOfTags(alias, found.attributes);
    if (address === undefined || bearer === undefined) return;
    const candidate = { ...bearer, address };
    const key = await this.stack.look(candidate);
    if (key === undefined || !isOfEnvironment(key.attributes, this.options.tags)) {
      this.leave(alias);
      return;
    }
    this.take(alias, found.resource);
    const known = attributesIn(this.state, address)?.["id"];
    if (known !== bearer.id) this.take(candidate, key.resource, known as string | undefined);
  }

  private async examineVersion({ address }: PlannedResource): Promise<void> {
    const block = this.block(address);
    const secret = this.secretOf(block);
    const found = secret && (await this.stack.look(secret, versionsOf(secret)));
    if (secret === undefined || found === undefined || !isOfEnvironment(found.attributes, this.options.tags)) return;
    const revision = block?.["secret_string_wo_version"];
    const version = secretVersionInState(found.resource, found.answer?.["versions"], revision);
    if (version !== undefined) this.take({ address, type: version.type, id: `the value of ${secret.id}` }, version);
  }

  private secretOf(version: StackResource | undefined): Candidate | undefined {
    const address = referenceTo(version, "aws_secretsmanager_secret");
    const name = address && this.block(address)?.["name"];
    if (address === undefined || typeof name !== "string") return undefined;
    return { address, type: "aws_secretsmanager_secret", id: name };
  }

  private take({ address, id }: Candidate, resource: StateResource, replaced?: string): void {
    const { values = {} } = this.planned.get(address) ?? {};
    this.taken.set(address, withSettings(resource, values));
    this.adoptions.push({ address, id, adopted: true, ...(replaced === undefined ? {} : { replaced }) });
  }

  private leave({ address, id }: Candidate): void {
    this.adoptions.push({ address, id, adopted: false });
  }

  private block(address: string): StackResource | undefined {
    const { type, name } = addressParts(address);
    return this.stack.stack.resource?.[type]?.[name];
  }
}

function versionsOf({ id }: Candidate): Lookup {
  return { type: "aws_secretsmanager_secret_versions", arguments: { secret_id: id } };
}

/** Adopts what is left over in the stack of an environment, which must have been synthesized, and prints it. */
export async function adopt(name: string): Promise<void> {
  const { tags, context } = planEnvironment(environmentNamed(name));
  const folder = join(process.cwd(), "cdktf.out", "stacks", name);
  const file = join(folder, "cdk.tf.json");
  if (!existsSync(file)) throw new Failure(`${name}: not synthesized; run npm run synth first`);
  const terraform = new Terraform(folder, process.env);
  await terraform.init();
  const stack = new BareStack(folder, JSON.parse(readFileSync(file, "utf8")) as StackJson, process.env);
  const { account, region } = context;
  const adoptions = await adoptLeftovers(terraform, stack, {
    tags,
    place: { account, region, partition: awsPartition(region) },
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(adoptionText(adoptions, name));
}

/** Says what was adopted and what was not. */
export function adoptionText(found: readonly Adoption[], name: string): string {
  if (found.length === 0) return `${name}: nothing is left over\n`;
  const lines = found.flatMap(({ address, id, adopted, replaced }) => [
    adopted
      ? `${address}: adopted ${id}; read the next plan before you approve it`
      : `${address}: left ${id} unchanged: it exists without the tags of ${name}; find its owner, or use another name`,
    ...(replaced === undefined
      ? []
      : [
          `${address}: state had ${replaced} instead, which nothing of the environment's data uses; find out what does`,
        ]),
  ]);
  return `${lines.join("\n")}\n`;
}

import type { Listing } from "../domain/lifecycle/finders";
import type { Attributes } from "../domain/lifecycle/state-file";
import { assertDone, aws } from "./aws";
import { inRole } from "./cluster-login";

/** The configuration of an AWS provider; only what the AWS CLI needs of it. */
export interface ProviderBlock {
  /** Name; absent for the default one. */
  readonly alias?: string;
  /** Region. */
  readonly region?: string;
  /** Role that it acts in. */
  readonly assume_role?: readonly { readonly role_arn?: string }[];
}

/** What the AWS CLI says where what is asked about does not exist. */
const ABSENT = /NotFoundException|NoSuch\w+/;

/** Lists of AWS, read by the AWS CLI as a provider would read them: in its region and role; each list once. */
export class AwsLists {
  private readonly answers = new Map<string, Promise<Attributes | undefined>>();
  private readonly roles = new Map<string, Promise<NodeJS.ProcessEnv>>();

  /**
   * @param env - Environment of the AWS CLI.
   */
  public constructor(private readonly env: NodeJS.ProcessEnv) {}

  /**
   * @returns Undefined where the list belongs to something that does not exist.
   * @throws CouldNotTell where AWS refuses.
   */
  public read(listing: Listing, provider: ProviderBlock): Promise<Attributes | undefined> {
    const key = JSON.stringify([listing, provider.alias]);
    const answer = this.answers.get(key) ?? this.ask(listing, provider);
    this.answers.set(key, answer);
    return answer;
  }

  private async ask(
    listing: Listing,
    { region, assume_role: [role] = [] }: ProviderBlock,
  ): Promise<Attributes | undefined> {
    const where = region === undefined ? [] : ["--region", region];
    const variables = { ...this.env, ...(await this.roleOf(role?.role_arn)) };
    const result = await aws([...listing, ...where, "--output", "json"], variables);
    if (result.code !== 0 && ABSENT.test(result.stderr)) return undefined;
    assertDone(result, listing.slice(0, 2).join(" "));
    // The AWS CLI prints nothing of an answer without a field.
    return JSON.parse(result.stdout.trim() || "{}") as Attributes;
  }

  private roleOf(arn: string | undefined): Promise<NodeJS.ProcessEnv> {
    if (arn === undefined) return Promise.resolve({});
    const role = this.roles.get(arn) ?? inRole(arn, this.env);
    this.roles.set(arn, role);
    return role;
  }
}

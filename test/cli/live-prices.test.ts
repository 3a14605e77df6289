import type { AskAws } from "../../cli/ask-aws";
import { costReport, liveReport } from "../../cli/cost";
import { keysAsked, type LivePrices, livePrices } from "../../cli/live-prices";
import type { Fact } from "../../domain/common/fact";
import { listPrices } from "../../domain/cost/prices";
import type { EnvironmentSpec } from "../../domain/environment/spec";
import { prod } from "../support/environments/prod";
import { product } from "../support/price-list";
import { refusal } from "../support/recorded-aws";

const KEYS = ["nat:hour", "eks:cluster", "kms:key", "waf:rule"];
const fallback = listPrices("eu-west-1");

/** Answers by the service that is asked for. */
const answering =
  (answers: Readonly<Record<string, readonly string[] | string>>, asked: string[] = []): AskAws =>
  <Answer>(args: readonly string[]): Promise<Fact<Answer>> => {
    const service = args[args.indexOf("--service-code") + 1] ?? "";
    asked.push(service);
    const answer = answers[service] ?? [];
    return Promise.resolve(
      typeof answer === "string" ? { unknown: answer } : { known: { PriceList: answer } as Answer },
    );
  };
const ask = (aws: AskAws, more: { clock?: () => number; progress?: (done: number, of: number) => void } = {}) =>
  livePrices(KEYS, {
    region: "eu-west-1",
    fallback,
    ask: aws,
    today: "2026-11-30",
    progress: () => undefined,
    ...more,
  });
const usd = ({ book }: LivePrices): (number | undefined)[] => KEYS.map((key) => book(key)?.usd);

const NAT = [product("EU-NatGateway-Hours", ["0", "0.048"])];
const EKS = [product("EU-AmazonEKS-Hours:perCluster", ["0", "0.1"])];

describe("livePrices", () => {
  test("are those of the region where AWS names one, and estimates for the rest, each with its reason", async () => {
    const prices = await ask(answering({ AmazonEC2: NAT, AmazonEKS: EKS }));

    expect(usd(prices)).toEqual([0.048, 0.1, fallback("kms:key")?.usd, fallback("waf:rule")?.usd]);
    expect(prices.book("nat:hour")).toMatchObject({ region: "eu-west-1", date: "2026-11-20" });
    expect(prices.book("kms:key")).toMatchObject({ region: "us-east-1" });
    expect(prices.missing).toEqual({
      "kms:key": "AWS's price list has no single price for it",
      "waf:rule": "is not among the prices that can be asked",
    });
  });

  test.each([
    ["no rights", refusal("AccessDeniedException", "GetProducts", "not authorized to perform: pricing:GetProducts")],
    ["no credentials", "Unable to locate credentials. You can configure credentials by running aws login"],
    ["no network", 'Could not connect to the endpoint URL: "https://api.pricing.us-east-1.amazonaws.com/"'],
    ["no AWS CLI", "aws was not found in PATH"],
  ])("ask once with %s, and are estimates", async (_, text) => {
    const asked: string[] = [];
    const seen: string[] = [];
    const progress = (done: number, of: number): unknown => seen.push(`${done} of ${of}`);
    const prices = await ask(answering({ AmazonEC2: text, AmazonEKS: EKS }, asked), { progress });

    expect(asked).toEqual(["AmazonEC2"]);
    expect(seen.at(-1)).toBe("3 of 3");
    expect(usd(prices)).toEqual(KEYS.map((key) => fallback(key)?.usd));
    expect(prices.missing["eks:cluster"]).toBe(text);
  });

  test("say in GovCloud whose credentials are asked for", async () => {
    const invalid = refusal("UnrecognizedClientException", "GetProducts", "The security token is invalid");
    const options = { fallback, today: "2026-11-30", progress: () => undefined };
    const { missing } = await livePrices(KEYS, {
      ...options,
      region: "us-gov-west-1",
      ask: answering({ AmazonEC2: invalid, AmazonEKS: invalid }),
    });

    expect(missing["nat:hour"]).toBe(
      `${invalid}; the price list answers no credentials of GovCloud: use a profile of the standard account that the GovCloud account is billed to`,
    );
  });

  test("go on where AWS throttles one question among many", async () => {
    const throttled = refusal("ThrottlingException", "GetProducts", "Rate exceeded");
    const prices = await ask(answering({ AmazonEC2: NAT, AmazonEKS: throttled }));

    expect([prices.found, prices.missing["eks:cluster"]]).toEqual([1, throttled]);
  });

  test("are estimates in a region that the price list does not know, after every question", async () => {
    const asked: string[] = [];
    const prices = await ask(answering({}, asked));

    expect([asked.length, prices.found]).toEqual([3, 0]);
    expect(usd(prices)).toEqual(KEYS.map((key) => fallback(key)?.usd));
  });

  test("stop when the time is up while others wait for their turn", async () => {
    const keys = Array.from({ length: 12 }, (_, index) => `ec2:m${index}i.large`);
    const asked: string[] = [];
    let now = 0;
    const slow: AskAws = async (args) => {
      const answer = await answering({}, asked)(args);
      if (asked.length > 1) now += 100_000;
      return answer as never;
    };
    const options = { region: "eu-west-1", fallback, ask: slow, today: "2026-11-30", progress: () => undefined };
    const { missing } = await livePrices(keys, { ...options, clock: () => now });
    const late = Object.values(missing).filter((reason) => reason === "was not asked within 90 s");

    expect(asked).toHaveLength(9);
    expect(late).toHaveLength(keys.length - 9);
  });

  test("stop when the time is up, and tell how far they are", async () => {
    const seen: string[] = [];
    let now = 0;
    const prices = await ask(answering({ AmazonEC2: NAT, AmazonEKS: EKS }), {
      clock: () => (now += 60_000),
      progress: (done, of) => seen.push(`${done} of ${of}`),
    });

    expect(seen).toEqual(["1 of 3", "2 of 3", "3 of 3"]);
    expect(prices.missing["eks:cluster"]).toBe("was not asked within 90 s");
  });
});

describe("liveReport", () => {
  const spec: EnvironmentSpec = { ...prod, region: "eu-west-1" };
  const reportWith = (book: Parameters<typeof costReport>[2]) => costReport("prod", spec, book);
  const live = (aws: AskAws) => liveReport(reportWith, { region: "eu-west-1", ask: aws, progress: () => undefined });

  test("asks for every price that the report and its levers need", () => {
    const keys = keysAsked(fallback, reportWith);

    expect(keys).toEqual(
      expect.arrayContaining(["nat:hour", "firewall:endpoint", "rds:db.m7g.large", "ec2:m6i.large"]),
    );
  });

  test("says what AWS named, and what is from the table", async () => {
    const { text, json, exitCode } = await live(answering({ AmazonEC2: NAT }));

    expect(text()).toMatch(/Asked of AWS: 1 of \d+ prices; the others are from the table/);
    expect(text().replaceAll(/\s+/g, " ")).toContain("eu-west-1, 2026-11-20: AWS's price list (pricing:GetProducts)");
    expect(json).toMatchObject({ live: { found: 1 }, prices: { "nat:hour": { usd: 0.048, region: "eu-west-1" } } });
    expect(exitCode).toBe(0);
  });

  test("ends with 2 where AWS named none", async () => {
    const { text, exitCode } = await live(answering({ AmazonEC2: "aws was not found in PATH" }));

    expect(text()).toContain("Asked of AWS: 0 of");
    expect(text()).toContain("aws was not found in PATH");
    expect(exitCode).toBe(2);
  });
});

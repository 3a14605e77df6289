import type { Question } from "../../scripts/permissions/collect";
import type { PolicyStatement } from "../../domain/permissions/policies";

/** A statement without one of its resources or one value of a condition. */
export interface Part {
  /** What is left out: an ARN, or the key and the value of a condition. */
  readonly what: string;
  /** The statement without it. */
  readonly without: PolicyStatement;
}

/** Every resource and every value of a condition that a statement could lack. */
export function partsOf(statement: PolicyStatement): Part[] {
  const { Resource, Condition = {} } = statement;
  const resources = Resource.map((arn) => ({
    what: arn,
    without: { ...statement, Resource: Resource.filter((other) => other !== arn) },
  }));
  const values = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, value]) =>
      [value].flat().map((one) => ({
        what: `${key} ${one}`,
        without: {
          ...statement,
          Condition: {
            ...Condition,
            [operator]: { ...keys, [key]: [value].flat().filter((other) => other !== one) },
          },
        },
      })),
    ),
  );
  return [...resources, ...values];
}

/** A request that a statement allows, but for one thing. */
export interface Strange {
  /** What differs: a key of a condition, or a part of the ARN. */
  readonly what: string;
  /** The request with that difference. */
  readonly question: Question;
}

/** What stands in an ARN of ours, and in one of others. */
const OTHERS: readonly (readonly [part: string, ours: string, theirs: string])[] = [
  ["account", ":123456789012:", ":999999999999:"],
  ["region", ":us-east-1:", ":eu-west-1:"],
  ["name", "retool-local", "shop"],
  ["path", "retool/local", "shop"],
];

/** An allowed request with another value for each key that the statement asks for, and on what others have. */
export function strangersOf({ Condition = {}, Resource }: PolicyStatement, question: Question): Strange[] {
  const { resource, context } = question;
  const byCondition = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.keys(keys).map((key) => {
      const rest = Object.fromEntries(Object.entries(context).filter(([other]) => other !== key));
      const other = operator.startsWith("ForAllValues:") ? ["shop.example.com"] : "another";
      const isAbsent = operator === "Null" && [keys[key]].flat().includes("false");
      return { what: key, question: { ...question, context: isAbsent ? rest : { ...rest, [key]: other } } };
    }),
  );
  const byName = OTHERS.filter(([, ours]) => resource.includes(ours) && Resource.every((arn) => arn.includes(ours)));
  return [
    ...byCondition,
    ...byName.map(([what, ours, theirs]) => ({
      what,
      question: { ...question, resource: resource.replaceAll(ours, theirs) },
    })),
  ];
}

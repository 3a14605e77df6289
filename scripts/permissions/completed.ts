import type { ActionFacts } from "../../domain/permissions/facts";
import type { Recorded } from "../../domain/permissions/recorded";
import { scopeKind } from "../../domain/permissions/scopes";
import { unique } from "../../domain/permissions/unique";
import { type Question, typeOf } from "./collect";
import { actionOf, derivedQuestion, REQUEST_TAG, VIA } from "./derived";
import { TAGGED_ON_CREATE } from "./tagged";

type Facts = Readonly<Record<string, ActionFacts>>;

/** Rows with what their requests also need: the action that gives tags to what is made, and the use of the key of a secret. */
export function completed(rows: Recorded, facts: Facts): Recorded {
  return mapped(rows, (row) =>
    mapped(row, (calls) =>
      mapped(calls, (needed) => {
        const others = unique(needed.flatMap((one) => alsoNeeded(actionOf(one), facts)));
        return unique([...needed.filter((one) => !isMisplaced(one, needed)), ...others]);
      }),
    ),
  );
}

/** Questions that IAM asks besides those of a run, on the same resources or on others that were recorded. */
export function furtherQuestions(run: readonly Question[], asked: readonly Question[], facts: Facts): Question[] {
  return run.flatMap((question) =>
    alsoNeeded(question.action, facts)
      .filter((one) => isKeyOf(one) || question.context[REQUEST_TAG] !== undefined)
      .map((one) => furtherQuestion(one, question, asked, facts)),
  );
}

function furtherQuestion(needed: string, from: Question, asked: readonly Question[], facts: Facts): Question {
  const [action = "", type = ""] = needed.split(" ");
  if (typeOf(from.resource, [type]) === type) return { ...from, action };
  const alike = isKeyOf(needed) ? asked.filter(isOfSecrets) : asked;
  return derivedQuestion(needed, alike, facts);
}

function alsoNeeded(action: string, facts: Facts): string[] {
  const tags = TAGGED_ON_CREATE[action];
  const keys = action.startsWith("secretsmanager:") ? (facts[action]?.needs ?? []) : [];
  return [
    ...(tags === undefined
      ? []
      : [[tags.action, tags.on, scopeKind(tags.on) === "tag" ? "request" : "name"].join(" ")]),
    ...keys.filter((need) => need.startsWith("kms:")).map((need) => `${need} kms:key via`),
  ];
}

/** Whether tags are asked for on the parent of what is made. */
function isMisplaced(permission: string, needed: readonly string[]): boolean {
  const [action, type] = permission.split(" ");
  const makers = needed.map((one) => TAGGED_ON_CREATE[actionOf(one)]);
  return makers.some((tags) => tags !== undefined && tags.action === action && tags.on !== type);
}

const isKeyOf = (permission: string): boolean => permission.startsWith("kms:");
const isOfSecrets = ({ context }: Question): boolean => String(context[VIA]).startsWith("secretsmanager.");

function mapped<From, To>(record: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

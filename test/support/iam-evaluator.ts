/** One value, or several. */
type Values = string | readonly string[];

/** One request as IAM sees it; keys of the context are those of conditions. */
export interface IamRequest {
  readonly action: string;
  readonly resource?: string;
  readonly service?: string;
  /** ARN of the role, user, account or identity provider that asks, where it is not a service. */
  readonly principal?: string;
  readonly context: Readonly<Record<string, Values>>;
}

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, Values>>;
  readonly Action: Values;
  readonly Resource?: Values;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
}

/**
 * Says what a policy document says about a request, by IAM's rules: a Deny beats an Allow, silence is `None`.
 *
 * It knows the operators that our documents use and fails on any other. It shares no code with what renders the documents.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function evaluate(document: string, request: IamRequest): "Allow" | "Deny" | "None" {
  const { Statement: statements } = JSON.parse(document) as { Statement: readonly Statement[] };
  const effects = statements.filter((statement) => applies(statement, request)).map(({ Effect }) => Effect);
  if (effects.includes("Deny")) return "Deny";
  return effects.includes("Allow") ? "Allow" : "None";
}

function applies(statement: Statement, request: IamRequest): boolean {
  return (
    namesCaller(statement, request) &&
    list(statement.Action).some((pattern) => like(request.action, pattern)) &&
    (statement.Resource === undefined ||
      list(statement.Resource).some((pattern) => like(request.resource ?? "", pattern))) &&
    conditionsHold(statement, request)
  );
}

function namesCaller({ Principal }: Statement, { service, principal }: IamRequest): boolean {
  if (Principal === undefined || Principal === "*" || Principal["AWS"] === "*") return true;
  return principal === undefined
    ? list(Principal["Service"]).includes(service ?? "")
    : [...list(Principal["AWS"]), ...list(Principal["Federated"])].includes(principal);
}

function conditionsHold({ Condition = {} }: Statement, { context }: IamRequest): boolean {
  return Object.entries(Condition).every(([operator, keys]) => {
    const [name = "", quantified] = operator.split(":").reverse();
    const holds = OPERATORS[name];
    if (holds === undefined) throw new Error(`this evaluator does not know the operator ${operator}`);
    return Object.entries(keys).every(([key, wanted]) => {
      const value = context[key];
      if (quantified === "ForAllValues") return list(value).every((one) => holds(one, list(wanted)));
      if (value !== undefined && typeof value !== "string") throw new Error(`${operator}: ${key} has several values`);
      return holds(value, list(wanted));
    });
  });
}

type Operator = (value: string | undefined, wanted: readonly string[]) => boolean;

const isOneOf: Operator = (value, wanted) => value !== undefined && wanted.includes(value);
const isLike: Operator = (value, wanted) => value !== undefined && wanted.some((pattern) => like(value, pattern));

/** A key that a request lacks fails a condition, except for negated operators, `IfExists` and `Null`. */
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: isOneOf,
  Bool: isOneOf,
  StringLike: isLike,
  ArnLike: isLike,
  ArnEquals: isLike,
  StringEqualsIfExists: (value, wanted) => value === undefined || wanted.includes(value),
  ArnNotEquals: (value, wanted) => value === undefined || !wanted.includes(value),
  StringNotEquals: (value, wanted) => value === undefined || !wanted.includes(value),
  BoolIfExists: (value, wanted) => value === undefined || wanted.includes(value),
  Null: (value, wanted) => wanted.includes(String(value === undefined)),
};

function like(value: string, pattern: string): boolean {
  const literal = pattern.split("*").map((part) => part.replace(/[.*+^${}()|[\]\\]/g, "\\$&").replaceAll("?", "."));
  return new RegExp(`^${literal.join(".*")}$`, "s").test(value);
}

function list(values: Values | undefined): readonly string[] {
  if (values === undefined) return [];
  return typeof values === "string" ? [values] : values;
}

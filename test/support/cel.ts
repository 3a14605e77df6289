import { join } from "node:path";

import type { Manifest } from "../../domain/common/kubernetes";
import { CONTRACTS, hasContracts, readJson } from "./contract-facts";

if (!hasContracts) {
  process.stdout.write(`the CEL rules of custom resources are not run: there is no folder ${CONTRACTS}\n`);
}

/**
 * Runs the CEL rules of a custom resource's schema, as the API server does when the object is created.
 *
 * Rules that compare with an older object are left out. The language is the part of CEL that these rules use; anything else
 * throws.
 *
 * @returns Path and message of each rule that the object breaks; none where the rules are not on this machine.
 */
export function celViolations(manifest: Manifest): string[] {
  const [group = "", version = ""] = manifest.apiVersion.split("/");
  const file = `${manifest.kind.toLowerCase()}-${group}-${version}.json`;
  return hasContracts ? walk(readJson(join(CONTRACTS, "crds", file)), manifest, "") : [];
}

/** `describe` where the rules are on this machine; one test that is left out elsewhere. */
export function describeWithRules(name: string, body: () => void): void {
  if (hasContracts)
    describe(name, () => {
      body();
    });
  else test.todo(`${name}: needs the rules of Karpenter's custom resources`);
}

/** Evaluates one CEL expression. */
export function evaluateCel(expression: string, variables: Readonly<Record<string, unknown>>): unknown {
  const parser = new Parser(tokenize(expression));
  const run = parser.expression();
  parser.end();
  return run(variables);
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly "x-kubernetes-validations"?: readonly { readonly rule: string; readonly message?: string }[];
}

function walk(schema: Schema, value: unknown, path: string): string[] {
  if (value === undefined) return [];
  const broken = (schema["x-kubernetes-validations"] ?? [])
    .filter(({ rule }) => !rule.includes("oldSelf") && evaluateCel(rule, { self: value }) !== true)
    .map(({ rule, message }) => `${path}: ${message ?? rule}`);
  return [...broken, ...below(schema, value, path)];
}

function below(schema: Schema, value: unknown, path: string): string[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? [] : value.flatMap((item, index) => walk(items, item, `${path}[${String(index)}]`));
  }
  if (typeof value !== "object" || value === null) return [];
  const rest = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
  return Object.entries(value).flatMap(([key, item]) => {
    const known = schema.properties?.[key] ?? rest;
    return known === undefined ? [] : walk(known, item, `${path}.${key}`);
  });
}

type Variables = Readonly<Record<string, unknown>>;
type Run = (variables: Variables) => unknown;

const TOKEN = /\s*(?:(\d+)|'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([A-Za-z_]\w*)|(&&|\|\||[=!<>]=|[!<>?:.,()[\]]))/y;

interface Token {
  readonly kind: "number" | "string" | "name" | "sign";
  readonly text: string;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < text.trimEnd().length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw new Error(`CEL that is not understood: ${text.slice(at)}`);
    const [, number, single, double, name, sign] = match;
    if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (name !== undefined) tokens.push({ kind: "name", text: name });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
    else tokens.push({ kind: "string", text: (single ?? double ?? "").replaceAll(/\\(.)/g, "$1") });
  }
  return tokens;
}

/** A recursive-descent parser: each method reads what binds tighter than its caller and returns how to evaluate it. */
class Parser {
  private position = 0;

  public constructor(private readonly tokens: readonly Token[]) {}

  public expression(): Run {
    const condition = this.binary(0);
    if (!this.take("?")) return condition;
    const yes = this.expression();
    this.expect(":");
    const no = this.expression();
    return (variables) => (condition(variables) === true ? yes(variables) : no(variables));
  }

  public end(): void {
    if (this.position < this.tokens.length) throw new Error(`CEL goes on after its end: ${this.peek()?.text ?? ""}`);
  }

  private binary(level: number): Run {
    const operators = LEVELS[level];
    if (operators === undefined) return this.unary();
    let left = this.binary(level + 1);
    for (let name = this.operator(operators); name !== undefined; name = this.operator(operators)) {
      const [before, after, apply] = [left, this.binary(level + 1), OPERATORS[name]!];
      left = (variables) =>
        apply(
          () => before(variables),
          () => after(variables),
        );
    }
    return left;
  }

  private unary(): Run {
    if (!this.take("!")) return this.member(this.primary());
    const operand = this.unary();
    return (variables) => operand(variables) !== true;
  }

  private member(of: Run): Run {
    if (this.take("[")) {
      const index = this.expression();
      this.expect("]");
      return this.member((variables) => field(of(variables), index(variables)));
    }
    if (!this.take(".")) return of;
    const name = this.name();
    if (!this.take("(")) return this.member((variables) => field(of(variables), name));
    return this.member(name in MACROS ? this.macro(of, name) : this.method(of, name));
  }

  private macro(of: Run, name: string): Run {
    const variable = this.name();
    this.expect(",");
    const body = this.expression();
    this.expect(")");
    return (variables) => {
      const holds = (item: unknown): boolean => body({ ...variables, [variable]: item }) === true;
      return MACROS[name]!(elements(of(variables)), holds);
    };
  }

  private method(of: Run, name: string): Run {
    const given = this.list(")");
    const apply = METHODS[name];
    if (apply === undefined) throw new Error(`CEL method that is not understood: ${name}`);
    return (variables) => apply(of(variables), ...given.map((one) => one(variables)));
  }

  private primary(): Run {
    const token = this.next();
    if (token.kind === "number") return () => Number(token.text);
    if (token.kind === "string") return () => token.text;
    if (token.kind === "name") return this.named(token.text);
    if (token.text === "(") {
      const inner = this.expression();
      this.expect(")");
      return inner;
    }
    if (token.text !== "[") throw new Error(`CEL that is not understood: ${token.text}`);
    const items = this.list("]");
    return (variables) => items.map((item) => item(variables));
  }

  private named(name: string): Run {
    if (name === "true" || name === "false") return () => name === "true";
    if (!this.take("(")) return (variables) => variables[name];
    const [given] = this.list(")");
    if (name === "has") return (variables) => given?.(variables) !== undefined;
    if (name === "int") return (variables) => Number(given?.(variables));
    if (name === "size") return (variables) => elements(given?.(variables)).length;
    throw new Error(`CEL function that is not understood: ${name}`);
  }

  private list(end: string): Run[] {
    const items: Run[] = [];
    if (this.take(end)) return items;
    do items.push(this.expression());
    while (this.take(","));
    this.expect(end);
    return items;
  }

  private operator(names: readonly string[]): string | undefined {
    const token = this.peek();
    if (token === undefined || token.kind === "string" || !names.includes(token.text)) return undefined;
    this.position++;
    return token.text;
  }

  private peek(): Token | undefined {
    return this.tokens[this.position];
  }

  private next(): Token {
    const token = this.tokens[this.position++];
    if (token === undefined) throw new Error("CEL ends too early");
    return token;
  }

  private name(): string {
    const token = this.next();
    if (token.kind !== "name") throw new Error(`CEL has ${token.text} where a name belongs`);
    return token.text;
  }

  private take(sign: string): boolean {
    const found = this.peek()?.kind === "sign" && this.peek()?.text === sign;
    if (found) this.position++;
    return found;
  }

  private expect(sign: string): void {
    if (!this.take(sign)) throw new Error(`CEL lacks ${sign}`);
  }
}

const LEVELS = [["||"], ["&&"], ["==", "!=", "<=", ">=", "<", ">", "in"]] as const;

type Side = () => unknown;

const OPERATORS: Readonly<Record<string, (left: Side, right: Side) => boolean>> = {
  "||": (left, right) => left() === true || right() === true,
  "&&": (left, right) => left() === true && right() === true,
  "==": (left, right) => left() === right(),
  "!=": (left, right) => left() !== right(),
  "<=": (left, right) => Number(left()) <= Number(right()),
  ">=": (left, right) => Number(left()) >= Number(right()),
  "<": (left, right) => Number(left()) < Number(right()),
  ">": (left, right) => Number(left()) > Number(right()),
  in: (left, right) => elements(right()).includes(left()),
};

const MACROS: Readonly<Record<string, (items: unknown[], holds: (item: unknown) => boolean) => unknown>> = {
  all: (items, holds) => items.every(holds),
  exists: (items, holds) => items.some(holds),
  filter: (items, holds) => items.filter(holds),
};

const METHODS: Readonly<Record<string, (of: unknown, ...given: unknown[]) => unknown>> = {
  size: (of) => elements(of).length,
  find: (of, pattern) => new RegExp(String(pattern)).exec(String(of))?.[0] ?? "",
  matches: (of, pattern) => new RegExp(String(pattern)).test(String(of)),
  startsWith: (of, prefix) => String(of).startsWith(String(prefix)),
  endsWith: (of, suffix) => String(of).endsWith(String(suffix)),
  split: (of, separator) => String(of).split(String(separator)),
};

/** What CEL iterates over and counts: items of a list, keys of a map, characters of a string. */
function elements(value: unknown): unknown[] {
  if (typeof value === "string") return Array.from(value);
  if (Array.isArray(value)) return value;
  return Object.keys(value as object);
}

function field(of: unknown, key: unknown): unknown {
  return (of as Readonly<Record<string, unknown>> | undefined)?.[String(key)];
}

import { join } from "node:path";

import ts from "typescript";

/** What the docstring of a property says. */
export interface Docstring {
  /** The sentences. */
  readonly text: string;
  /** What stands after `@default`. */
  readonly default: string | undefined;
}

/** A property of an interface. */
export interface Property {
  /** Its docstring. */
  readonly docstring: Docstring;
  /** Its type. */
  readonly type: ts.Type;
}

const SPEC = join(__dirname, "..", "..", "domain", "environment", "spec.ts");

/** Reads the documented interfaces of a configuration with the TypeScript compiler. */
export class Docstrings {
  private readonly checker: ts.TypeChecker;

  /** The type of a whole configuration. */
  public readonly root: ts.Type;

  public constructor() {
    const program = ts.createProgram([SPEC], {
      strict: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
      skipLibCheck: true,
      types: [],
    });
    this.checker = program.getTypeChecker();
    const source = program.getSourceFile(SPEC);
    const declaration = source?.statements.find(
      (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === "EnvironmentSpec",
    );
    if (declaration === undefined) throw new Error(`EnvironmentSpec is not in ${SPEC}`);
    this.root = this.checker.getTypeAtLocation(declaration);
  }

  /** A property of a type; undefined where the type does not document it. */
  public property(type: ts.Type, name: string): Property | undefined {
    const symbol = type.getProperty(name);
    if (symbol === undefined) return undefined;
    const tag = symbol.getJsDocTags(this.checker).find(({ name: tagName }) => tagName === "default");
    return {
      docstring: {
        text: plain(ts.displayPartsToString(symbol.getDocumentationComment(this.checker))),
        default: tag === undefined ? undefined : plain(ts.displayPartsToString(tag.text)),
      },
      type: this.checker.getNonNullableType(this.checker.getTypeOfSymbol(symbol)),
    };
  }

  /** The type of a list's entries. */
  public entry(type: ts.Type): ts.Type | undefined {
    return this.alternatives(type)
      .map((one) => this.checker.getIndexTypeOfType(one, ts.IndexKind.Number))
      .find((found) => found !== undefined);
  }

  /** The type of a map's values. */
  public value(type: ts.Type): ts.Type | undefined {
    return this.alternatives(type)
      .map((one) => this.checker.getIndexTypeOfType(one, ts.IndexKind.String))
      .find((found) => found !== undefined);
  }

  /** The one of several types that has the keys, and `kind` among its own kinds. */
  public alternative(type: ts.Type, keys: readonly string[], kinds: readonly string[]): ts.Type | undefined {
    return this.alternatives(type)
      .filter((one) => this.hasKind(one, kinds))
      .map((one) => ({ one, known: keys.filter((key) => one.getProperty(key) !== undefined).length }))
      .sort((left, right) => right.known - left.known)
      .find(({ known }) => known > 0)?.one;
  }

  private alternatives(type: ts.Type): readonly ts.Type[] {
    return type.isUnion() ? type.types : [type];
  }

  private hasKind(type: ts.Type, kinds: readonly string[]): boolean {
    const symbol = type.getProperty("kind");
    if (symbol === undefined || kinds.length === 0) return true;
    const own = this.alternatives(this.checker.getTypeOfSymbol(symbol));
    return own.some((one) => one.isStringLiteral() && kinds.includes(one.value));
  }
}

/** A docstring without its line breaks inside paragraphs; a link to code is only the name. */
function plain(text: string): string {
  return text
    .replaceAll(/\{@link ([^}]+)\}/g, "`$1`")
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replaceAll(/\s*\n\s*/g, " ").trim())
    .join("\n\n");
}

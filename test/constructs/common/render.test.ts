import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Lazy, Token } from "cdktf";
import fc from "fast-check";

import { renderJson, renderMap, renderText } from "../../../constructs/common/render";

/** Strings made mostly of what breaks templates, quoting and charts. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom("$", "{", "%", "}", '"', "\\", "\n", "${x}", "%{if}", "{{ .V }}", "$${", "é", "'"),
      fc.string(),
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(""));

/** Lets real Terraform evaluate texts as templates, as it does with every string of a synthesized stack. */
function evaluate(texts: readonly string[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "render-"));
  try {
    const output = Object.fromEntries(texts.map((value, index) => [`o${String(index)}`, { value }]));
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ output }));
    const env = { PATH: process.env["PATH"], CHECKPOINT_DISABLE: "1" };
    execFileSync("terraform", ["apply", "-auto-approve"], { cwd: folder, env, stdio: "ignore" });
    const shown = execFileSync("terraform", ["output", "-json"], {
      cwd: folder,
      env,
      encoding: "utf8",
      maxBuffer: 2 ** 26,
    });
    const values = JSON.parse(shown) as Record<string, { value: string }>;
    return texts.map((_, index) => values[`o${String(index)}`]?.value ?? "missing");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("renderJson", () => {
  test.each([
    ["${a}", "$${a}"],
    ["%{ if a }", "%%{ if a }"],
    ["$${", "$$${"],
    ["100%", "100%"],
    ["{{ .Values.x }}", "{{ .Values.x }}"],
  ])("escapes %j", (text, escaped) => {
    expect(renderText(text)).toBe(escaped);
  });

  test("hands any string, in any place, to Terraform unchanged", () => {
    const documents = fc.sample(
      fc.record({ text: hostile, list: fc.array(hostile), map: fc.dictionary(hostile, hostile) }),
      {
        numRuns: 150,
        seed: 20,
      },
    );

    expect(
      evaluate(documents.map((document) => renderJson(document))).map((text) => JSON.parse(text) as unknown),
    ).toEqual(documents.map((document) => JSON.parse(JSON.stringify(document)) as unknown));
  });

  test("leaves references unchanged, whole and inside text", () => {
    const reference = Token.asString("value");

    expect(renderJson({ whole: reference, part: `a-${reference}-\${b}` })).toBe(
      `{"whole":"${reference}","part":"a-${reference}-$\${b}"}`,
    );
  });

  test.each([
    ["a list", { ids: Lazy.listValue({ produce: () => ["a"] }) }],
    ["a number", { port: Token.asNumber("p") }],
    ["a map", { tags: Token.asStringMap({ a: "b" }) }],
  ])("refuses a reference to %s", (_, value) => {
    expect(() => renderJson(value)).toThrow("a reference must be a single string here");
  });

  test("leaves out what is undefined", () => {
    expect(renderJson({ a: undefined, b: null })).toBe('{"b":null}');
  });
});

test("renderMap escapes names and values", () => {
  expect(renderMap({ "a${": "%{b" })).toEqual({ "a$${": "%%{b" });
});

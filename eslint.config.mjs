import { defineConfig } from "eslint/config";
import jest from "eslint-plugin-jest";
import jsdoc from "eslint-plugin-jsdoc";
import tseslint from "typescript-eslint";

const PUBLIC = ["domain/**/*.ts", "constructs/**/*.ts", "library/**/*.ts", "stacks/**/*.ts"];
const DETERMINISTIC = [...PUBLIC, "config/**/*.ts"];
const TESTS = ["test/**/*.ts"];

const providerBarrel = {
  regex: "^@cdktf/provider-[^/]+(/lib(/index|/lazy-index)?(\\.js)?)?/?$",
  message: "A provider's barrel costs 10 s and 560 MB; import @cdktf/provider-<name>/lib/<resource>.",
};
const helmRelease = {
  regex: "^@cdktf/provider-helm/lib/release(/|$)",
  allowTypeImports: true,
  message: "A bare helm_release cannot be re-applied after a failed install; use constructs/helm-release.",
};
const restrictImports = (...patterns) => ({
  "@typescript-eslint/no-restricted-imports": ["error", { patterns }],
});

const unsafeEncoders = ["yamlencode", "jsonencode", "rawString"].map((property) => ({
  object: "Fn",
  property,
  message: "It breaks on quotes and backslashes, an injection; use constructs/render.",
}));
const ambientInputs = [
  { object: "Math", property: "random", message: "Same configuration, same bytes: no randomness." },
  { object: "Date", property: "now", message: "Same configuration, same bytes: no clock." },
  { object: "process", property: "env", message: "Same configuration, same bytes: no environment." },
];

export default defineConfig(
  {
    ignores: [
      "node_modules/",
      "dist/",
      "cdktf.out/",
      ".local/",
      // Apps of their own, which import the packed package; a test compiles them.
      "examples/",
      ".stryker-tmp*/",
      "coverage/",
      "reports/",
      "temp/",
      "docs/",
      "**/*.{js,cjs,mjs}",
    ],
  },
  // No suppressions: an inline `eslint-disable` is a warning, and warnings fail.
  { linterOptions: { noInlineConfig: true } },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-indexed-object-style": "off",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/explicit-member-accessibility": "error",
      "@typescript-eslint/explicit-module-boundary-types": "error",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      ...restrictImports(providerBarrel, helmRelease),
      complexity: ["error", 8],
      eqeqeq: "error",
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 60, skipBlankLines: true, skipComments: true }],
      "no-constant-condition": "error",
      "no-restricted-properties": ["error", ...unsafeEncoders],
      "no-template-curly-in-string": "error",
      "no-unreachable": "error",
      "no-warning-comments": ["error", { terms: ["todo", "fixme", "xxx"], location: "anywhere" }],
      "prefer-template": "error",
    },
  },
  {
    files: DETERMINISTIC,
    rules: {
      "no-console": "error",
      "no-restricted-properties": ["error", ...unsafeEncoders, ...ambientInputs],
      "no-restricted-syntax": [
        "error",
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: "Same configuration, same bytes: no clock.",
        },
      ],
    },
  },
  {
    files: PUBLIC,
    plugins: { jsdoc },
    settings: { jsdoc: { mode: "typescript", tagNamePreference: { default: "default" } } },
    rules: {
      "jsdoc/require-jsdoc": [
        "error",
        {
          publicOnly: true,
          enableFixer: false,
          checkConstructors: false,
          require: { ClassDeclaration: true, FunctionDeclaration: true, MethodDefinition: true },
          contexts: [
            "TSInterfaceDeclaration",
            "TSTypeAliasDeclaration",
            // What discriminates a union says itself what it is.
            "TSPropertySignature[key.name!='kind']",
            "TSMethodSignature",
            "PropertyDefinition[accessibility='public']",
            "ExportNamedDeclaration > VariableDeclaration",
          ],
        },
      ],
      "jsdoc/require-description": ["error", { contexts: ["any"], checkConstructors: false }],
      "jsdoc/check-tag-names": ["error", { definedTags: ["remarks", "defaultValue"] }],
      "jsdoc/no-types": "error",
      "jsdoc/check-param-names": "error",
    },
  },
  {
    // The fields are the Kubernetes API's, and its reference documents them.
    files: ["domain/common/kubernetes.ts"],
    rules: { "jsdoc/require-jsdoc": ["error", { publicOnly: true, enableFixer: false }] },
  },
  {
    // The one construct that makes releases.
    files: ["constructs/common/helm-release.ts"],
    rules: restrictImports(providerBarrel),
  },
  {
    files: TESTS,
    extends: [jest.configs["flat/recommended"]],
    rules: {
      "@typescript-eslint/no-empty-function": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      // `expect.any()` and its kin, and JSON.parse, are typed `any`.
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/unbound-method": "off",
      "max-lines": ["error", { max: 600, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": "off",
      "no-template-curly-in-string": "off",
      "jest/expect-expect": ["error", { assertFunctionNames: ["expect", "expect*", "assert*", "fc.assert"] }],
      "jest/no-commented-out-tests": "error",
      "jest/no-disabled-tests": "error",
      "jest/no-restricted-matchers": [
        "error",
        Object.fromEntries(
          [
            "toMatchSnapshot",
            "toMatchInlineSnapshot",
            "toThrowErrorMatchingSnapshot",
            "toThrowErrorMatchingInlineSnapshot",
          ].map((matcher) => [matcher, "Assert the intent, or compare with a reviewed file in test/golden."]),
        ),
      ],
      "jest/prefer-strict-equal": "off",
      "jest/valid-title": ["error", { ignoreTypeOfDescribeName: true }],
    },
  },
  // Tests that several constructs share are functions here.
  { files: ["test/support/**/*.ts"], rules: { "jest/no-export": "off" } },
);

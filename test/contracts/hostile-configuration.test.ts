import fc from "fast-check";

import reference from "../../cli/settings.json";
import { checkEnvironment } from "../../domain/environment/environment";
import { isSettable } from "../../domain/environment/settable";
import { formatViolation } from "../../domain/common/violation";
import { prod } from "../support/environments/prod";

type Tree = Record<string, unknown>;

const PASSWORD = "hunter2-hunter2";

/** Values that may stand in a configuration by mistake. */
const WRONG: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    ...[null, undefined, true, 0, -1, 1.5, NaN, Infinity, 1e21, "", " ", [], [[]], [null], {}, { a: 1 }, { kind: "x" }],
    ...[
      "existing",
      "none",
      "10.0.0.256",
      "a\nb",
      "r\u0435tool.example.com",
      "\u001b[31m",
      "x".repeat(5000),
      "__proto__",
    ],
    ...[`postgres://user:${PASSWORD}@db.example.com/retool`, "https://h:99999", "arn:aws:iam::1:role/", "0.0.0.0/0"],
    { kind: "existing", name: null, has: [] },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Puts a value at a path as the reference writes it. */
function put(tree: Tree, path: string, value: unknown): Tree {
  const [key = "", ...rest] = path.split(".");
  const name = key === "<name>" ? "anything" : key.replace("[]", "");
  const old = tree[name];
  const below = (): Tree => put(typeof old === "object" && old !== null ? (old as Tree) : {}, rest.join("."), value);
  const inner = rest.length === 0 ? value : below();
  return { ...tree, [name]: key.endsWith("[]") ? [inner] : inner };
}

/** A part of several kinds has the setting in one of them. */
const setting = fc.constantFrom(...reference).chain(({ path, ...entry }) => {
  const { kinds = [] } = entry as { kinds?: readonly string[] };
  const part = path.slice(0, path.lastIndexOf("."));
  const kind = kinds.length === 0 ? fc.constant(undefined) : fc.constantFrom(...kinds);
  return fc.tuple(kind, WRONG).map(([chosen, value]) => (tree: Tree): Tree => {
    const withKind = chosen === undefined || part === "" ? tree : put(tree, `${part}.kind`, chosen);
    return put(withKind, path, value);
  });
});

const environment = fc
  .array(setting, { minLength: 1, maxLength: 3 })
  .map((changes) => changes.reduce<Tree>((tree, change) => change(tree), { ...prod }));

describe("an environment with wrong values anywhere", () => {
  test("is planned without an exception, and refused in lines that anybody may read", () => {
    fc.assert(
      fc.property(environment, (tree) => {
        const { violations } = checkEnvironment(tree as unknown as typeof prod);
        for (const violation of violations) {
          const line = formatViolation(violation);

          expect(line).toMatch(/^[\x20-\x7e]+: [\x20-\x7e]+; [\x20-\x7e]+$/);
          expect(line).not.toContain(PASSWORD);
          expect(line).not.toContain("[object Object]");
          expect(line.length).toBeLessThan(1500);
        }
      }),
      { numRuns: Number(process.env["FUZZ_RUNS"] ?? 100) },
    );
  });

  test("is refused at paths that a configuration can have", () => {
    fc.assert(
      fc.property(environment, (tree) => {
        const { violations } = checkEnvironment(tree as unknown as typeof prod);
        const wrong = violations.filter(({ problem }) => problem !== "is not a known setting");
        const parts = wrong.map(({ path }) => path.split(/[.[]/)[0]!).filter((part) => !isSettable(part));

        expect(parts).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

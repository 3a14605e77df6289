import { runProgram } from "../support/run";

describe("npm run destroy", () => {
  test.each(["prod", "staging"])("refuses %s, whose data is protected, and names what to keep", (name) => {
    const { code, stderr } = runProgram("cli/main.ts", ["destroy", name, "--confirm", name]);

    expect(code).toBe(1);
    expect(stderr).toContain(`${name}: its data is "protected", so nothing was destroyed`);
    for (const part of [
      `database retool-${name}`,
      `bucket retool-${name}-`,
      `cluster retool-${name}`,
      `retool/${name}/`,
    ]) {
      expect(stderr).toContain(part);
    }
    expect(stderr).not.toContain("    at ");
  });

  test("asks for the name once more", () => {
    expect(runProgram("cli/main.ts", ["destroy", "local"])).toMatchObject({
      code: 1,
      stderr: "local: confirm by repeating the name; add --confirm local\n",
    });
  });
});

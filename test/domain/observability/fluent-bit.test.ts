import { fluentBitConfiguration } from "../../../domain/observability/fluent-bit";

const { extraFiles } = fluentBitConfiguration({ hasAudit: true, auditBucket: { bucketName: "events" } }) as {
  readonly extraFiles: Readonly<Record<string, string>>;
};
const application = extraFiles["application-log.conf"] ?? "";

/**
 * The parts of a rule as Fluent Bit splits them: at spaces, and one that begins with a quote at the next quote without a backslash.
 *
 * Source: https://github.com/fluent/fluent-bit/blob/master/src/flb_slist.c
 */
function partsOf(rule: string): string[] {
  const part = /^ *(?:"((?:[^"]|(?<=\\)")*)"|([^ ]+)) */;
  const [all, quoted, plain] = part.exec(rule) ?? [];
  return all === undefined ? [] : [quoted ?? plain ?? "", ...partsOf(rule.slice(all.length))];
}

describe("the rule that takes audit events apart", () => {
  const [key, regex = "", tag = "", keep] = partsOf(/^ +Rule (.*)$/m.exec(application)?.[1] ?? "");
  const isAudit = (line: string): boolean => new RegExp(regex).test(line);

  test("has the four parts that Fluent Bit reads: key, expression, new tag, and that the first record goes", () => {
    expect(partsOf('$log "a b" c false')).toEqual(["$log", "a b", "c", "false"]);
    expect([key, tag, keep]).toEqual(["$log", "audit.$TAG", "false"]);
  });

  test("knows an event in a line of JSON, and in a text inside of one", () => {
    const event = JSON.stringify({ level: "info", actionType: "QUERY_RUN", userEmail: "ana@example.com" });

    expect(isAudit(event)).toBe(true);
    expect(isAudit(event.replace('"actionType":', '"actionType" : '))).toBe(true);
    expect(isAudit(JSON.stringify({ message: event }))).toBe(true);
  });

  test("leaves every other line where it is", () => {
    expect(isAudit("the actionType of a query is unknown")).toBe(false);
    expect(isAudit(JSON.stringify({ level: "error", message: "no actionType" }))).toBe(false);
    expect(isAudit(JSON.stringify({ myactionType: 1 }))).toBe(false);
  });

  test("gives its events a tag that only the group and the bucket of audit events match", () => {
    const outputs = Array.from(
      application.matchAll(/\[OUTPUT\]\n {4}Name (\S+)\n {4}Match (\S+)/g),
      ([, name, match]) => [name, match],
    );

    expect(outputs).toEqual([
      ["cloudwatch_logs", "audit.*"],
      ["s3", "audit.*"],
      ["cloudwatch_logs", "application.*"],
    ]);
    expect(tag.replace("$TAG", "application.var.log.containers.retool")).toMatch(/^audit\./);
  });
});

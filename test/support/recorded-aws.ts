import type { AskAws } from "../../cli/ask-aws";
import type { Fact } from "../../domain/common/fact";

/** What AWS answers to a command: JSON, or the text of a refusal. */
export type RecordedAnswers = Readonly<Record<string, object | string>>;

/**
 * Answers as AWS was recorded to, by the command's first two words, such as `rds describe-db-instances`.
 *
 * @param answers - JSON of each answer, or the text of a refusal.
 * @param asked - Takes every command line.
 */
export function recordedAws(answers: RecordedAnswers, asked: string[] = []): AskAws {
  return <Answer>(args: readonly string[]): Promise<Fact<Answer>> => {
    asked.push(args.join(" "));
    const answer = answers[args.slice(0, 2).join(" ")];
    if (answer === undefined) throw new Error(`no answer was recorded for ${args.join(" ")}`);
    return Promise.resolve(typeof answer === "string" ? { unknown: answer } : { known: answer as Answer });
  };
}

/** The text of a refusal, as the AWS CLI prints it. */
export function refusal(code: string, operation: string, message = "no"): string {
  return `An error occurred (${code}) when calling the ${operation} operation: ${message}`;
}

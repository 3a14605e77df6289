import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";

import { ImportBlock, RemovedBlock } from "../../constructs/render-blocks";
import { synthesize } from "../support/synthesize";

test("ImportBlock takes over what was found, and nothing where nothing was", () => {
  const { json } = synthesize((stack) => {
    const to = new SqsQueue(stack, "Queue", { name: "q" });
    new ImportBlock(stack, "Import", { to, found: ["q-1"] });
  });

  expect(json["import"]).toEqual([{ for_each: '${toset(["q-1"])}', to: "aws_sqs_queue.Queue", id: "${each.value}" }]);
});

test("RemovedBlock forgets a resource and leaves it in the account", () => {
  const { json } = synthesize((stack) => {
    new RemovedBlock(stack, "Queue", "aws_sqs_queue");
  });

  expect(json["removed"]).toEqual([{ from: "aws_sqs_queue.Queue", lifecycle: { destroy: false } }]);
});

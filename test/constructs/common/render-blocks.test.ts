import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { Construct } from "constructs";

import { forget, ImportBlock, RemovedBlock } from "../../../constructs/common/render-blocks";
import { synthesize } from "../../support/synthesize";

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

test("forget speaks of the addresses that the managed construct had, though their paths are in use again", () => {
  const made = synthesize((stack) => {
    new SqsQueue(new Construct(new Construct(stack, "Retool"), "Queue"), "Resource", { name: "q" });
    new SqsQueue(new Construct(stack, "Logs"), "Resource", { name: "l" });
  });
  const { json } = synthesize((stack) => {
    const retool = new Construct(stack, "Retool");
    new SqsQueue(new Construct(retool, "Queue"), "Resource", { name: "another" });
    forget(retool, { "Queue/Resource": "aws_sqs_queue" });
    forget(stack, { "Logs/Resource": "aws_sqs_queue" });
  });

  expect(json["removed"]).toEqual(
    ["Retool_Queue", "Logs"].map((name) => ({
      from: made.addresses().find((address) => address.includes(name)),
      lifecycle: { destroy: false },
    })),
  );
});

import type { Fact } from "../common/fact";
import type { EnvironmentPlan } from "../environment/environment";
import { deployCommand } from "../environment/layers";
import { alarmMail } from "../status/alarms";
import type { AlarmReceiver } from "../status/observed";
import { type Finding, judged, warning } from "./finding";

const CHECK = "alarms";
const LINK = "docs/guides/observability.md";

/** Finds mail addresses of the configuration that hear of no alarm, since nobody followed the link that SNS sent. */
export function receiverFindings(plan: EnvironmentPlan, fact: Fact<readonly AlarmReceiver[]>): Finding[] {
  const mail = alarmMail(plan);
  if (mail === undefined) return [];
  const { arn, addresses } = mail;
  return judged(
    CHECK,
    fact,
    (known) => {
      const stateOf = (address: string): boolean | undefined =>
        known.find((each) => each.address.toLowerCase() === address.toLowerCase())?.hasConfirmed;
      return [
        ...addresses.filter((address) => stateOf(address) === false).map((each) => unconfirmed(plan, arn, each)),
        ...addresses.filter((address) => stateOf(address) === undefined).map((each) => unsubscribed(plan, each)),
      ];
    },
    "after",
  );
}

const WHY = "no alarm is mailed to it";

function unconfirmed({ context: { region } }: EnvironmentPlan, arn: string, address: string): Finding {
  return warning(CHECK, {
    what: `${address} has not confirmed that it wants the alarms`,
    why: WHY,
    remedy: `its owner follows the link in the mail of AWS Notifications, which may be among the spam; this sends it again: aws sns subscribe --region ${region} --topic-arn ${arn} --protocol email --notification-endpoint ${address}`,
    link: LINK,
  });
}

/** SNS forgets a subscription that is not confirmed for two days. */
function unsubscribed(plan: EnvironmentPlan, address: string): Finding {
  return warning(CHECK, {
    what: `${address} is not subscribed to the alarms`,
    why: `${WHY}: its link was not followed within two days, or somebody unsubscribed it`,
    remedy: `${deployCommand(plan)}, and follow the link in the mail that comes`,
    link: LINK,
  });
}

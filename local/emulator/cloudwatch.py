"""CloudWatch: composite alarms, which stock moto lists and deletes but cannot make.

Of a prefix and a state it heeds only the prefix when alarms are listed.
"""

from __future__ import annotations

import re
from typing import Any, List

from moto.cloudwatch.models import cloudwatch_backends
from moto.cloudwatch.responses import CloudWatchResponse

from .operations import Answer, Call, Refusal, operation

REFERENCE = re.compile(r"""(?:ALARM|OK|INSUFFICIENT_DATA)\(\s*(?:"([^"]+)"|'([^']+)'|([^()"'\s]+))\s*\)""")

RESPONSE: Any = CloudWatchResponse


def amend() -> None:
    stock = RESPONSE.describe_alarms

    def describe_alarms(self: Any) -> Any:
        answer, state = stock(self), self._get_param("StateValue")
        for kind in ("MetricAlarms", "CompositeAlarms") if state else ():
            answer.result[kind] = [alarm for alarm in answer.result[kind] if alarm.state_value == state]
        return answer

    RESPONSE.describe_alarms = describe_alarms


@operation("cloudwatch", "PutCompositeAlarm")
def put_composite_alarm(call: Call) -> Answer:
    params = call.params
    backend: Any = cloudwatch_backends[call.account][call.region]
    for name in referenced(params["AlarmRule"]):
        if name.split(":alarm:")[-1] not in backend.alarms:
            raise Refusal("ValidationError", f"Alarm {name} in the alarm rule does not exist")
    alarm = backend.put_metric_alarm(
        name=params["AlarmName"],
        namespace=None,
        metric_name=None,
        comparison_operator=None,
        evaluation_periods=None,
        period=None,
        threshold=None,
        statistic=None,
        description=params.get("AlarmDescription"),
        dimensions=[],
        alarm_actions=params.get("AlarmActions") or [],
        ok_actions=params.get("OKActions") or [],
        insufficient_data_actions=params.get("InsufficientDataActions") or [],
        actions_enabled=params.get("ActionsEnabled", True),
        rule=params["AlarmRule"],
        tags=params.get("Tags") or [],
    )
    # moto's answers read the rule under the name of the API.
    alarm.alarm_rule = alarm.rule
    return {}


def referenced(rule: str) -> List[str]:
    """The alarms, by name or ARN, whose state the rule reads."""
    names = ["".join(groups) for groups in REFERENCE.findall(rule)]
    if not names and not re.search(r"\b(TRUE|FALSE)\b", rule):
        raise Refusal("ValidationError", f"The alarm rule refers to no alarm: {rule}")
    return names

"""AWS Backup: selections, jobs and the recovery points of a vault, which stock moto lacks, tags, which it misreads, and deletion."""

from __future__ import annotations

from typing import Any, Dict

from moto.backup.models import Plan, backup_backends
from moto.moto_api._internal import mock_random

from .eks_common import role_of, trusts
from .operations import Answer, Call, Refusal, now, operation, store


def backend_of(call: Call) -> Any:
    return backup_backends[call.account][call.region]


def selections(call: Call) -> Dict[str, Dict[str, Any]]:
    plan = call.params["BackupPlanId"]
    if plan not in backend_of(call).plans:
        raise Refusal("ResourceNotFoundException", f"Failed reading Backup plan with provided version: {plan}")
    by_plan: Dict[str, Dict[str, Dict[str, Any]]] = store(backend_of(call), "selections")
    return by_plan.setdefault(plan, {})


def selection_of(call: Call) -> Dict[str, Any]:
    found = selections(call).get(call.params["SelectionId"])
    if found is None:
        raise Refusal("InvalidParameterValueException", "Cannot find Backup selection with the given id")
    return found


def refuse(message: str) -> Refusal:
    return Refusal("InvalidParameterValueException", message)


@operation("backup", "UpdateBackupPlan")
def update_backup_plan(call: Call) -> Answer:
    selections(call)
    kept = backend_of(call).plans[call.params["BackupPlanId"]]
    # A new plan has the defaults of every rule, and a new version.
    changed = Plan(call.params["BackupPlan"], kept.creator_request_id, backend_of(call))
    for part in ("backup_plan", "advanced_backup_settings", "version_id"):
        setattr(kept, part, getattr(changed, part))
    return {
        "BackupPlanId": kept.backup_plan_id,
        "BackupPlanArn": kept.backup_plan_arn,
        "CreationDate": now(),
        "VersionId": kept.version_id,
        **({"AdvancedBackupSettings": kept.advanced_backup_settings} if kept.advanced_backup_settings else {}),
    }


@operation("backup", "CreateBackupSelection")
def create_backup_selection(call: Call) -> Answer:
    body, existing = call.params["BackupSelection"], selections(call)
    if any(item["BackupSelection"]["SelectionName"] == body["SelectionName"] for item in existing.values()):
        raise Refusal("AlreadyExistsException", "Backup selection with the same name already exists")
    role = role_of(call, body["IamRoleArn"])
    if role is None or not trusts(role, "backup.amazonaws.com", ["sts:AssumeRole"]):
        raise refuse(f"IAM Role {body['IamRoleArn']} is not authorized to be assumed by AWS Backup")
    if not any(body.get(key) for key in ("Resources", "ListOfTags", "NotResources", "Conditions")):
        raise refuse("A selection needs resources, tags or conditions")
    selection = {
        "BackupSelection": body,
        "SelectionId": str(mock_random.uuid4()),
        "BackupPlanId": call.params["BackupPlanId"],
        "CreationDate": now(),
    }
    existing[selection["SelectionId"]] = selection
    return {key: selection[key] for key in ("SelectionId", "BackupPlanId", "CreationDate")}


@operation("backup", "GetBackupSelection")
def get_backup_selection(call: Call) -> Answer:
    return selection_of(call)


@operation("backup", "ListBackupSelections")
def list_backup_selections(call: Call) -> Answer:
    return {"BackupSelectionsList": [listed(item) for item in selections(call).values()]}


def listed(item: Dict[str, Any]) -> Answer:
    body = item["BackupSelection"]
    names = {"SelectionName": body["SelectionName"], "IamRoleArn": body["IamRoleArn"]}
    return {**{key: item[key] for key in ("SelectionId", "BackupPlanId", "CreationDate")}, **names}


@operation("backup", "DeleteBackupSelection")
def delete_backup_selection(call: Call) -> Answer:
    selections(call).pop(selection_of(call)["SelectionId"])
    return {}


@operation("backup", "DeleteBackupPlan")
def delete_backup_plan(call: Call) -> Answer:
    if selections(call):
        raise Refusal(
            "InvalidRequestException", "Related backup plan selections must be deleted prior to backup plan deletion"
        )
    backend = backend_of(call)
    plan, arn, deleted, version = backend.delete_backup_plan(call.params["BackupPlanId"])
    # moto keeps a deleted plan, and with it the name: the next plan of that name would be refused.
    backend.plans.pop(plan)
    return {"BackupPlanId": plan, "BackupPlanArn": arn, "DeletionDate": deleted, "VersionId": version}


@operation("backup", "ListRecoveryPointsByBackupVault")
def list_recovery_points_by_backup_vault(call: Call) -> Answer:
    """No backup job runs here, so a vault holds none."""
    name = call.params["BackupVaultName"]
    if name not in backend_of(call).vaults:
        raise Refusal("ResourceNotFoundException", f"Backup Vault {name} does not exist")
    return {"RecoveryPoints": []}


@operation("backup", "ListBackupJobs")
def list_backup_jobs(call: Call) -> Answer:
    return {"BackupJobs": []}


@operation("backup", "ListTags")
def list_tags(call: Call) -> Answer:
    return {"Tags": backend_of(call).list_tags(call.params["ResourceArn"])}

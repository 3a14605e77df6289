"""Checks of stateful rules, as Network Firewall makes them when a rule group is created.

Suricata itself is not run. Each rule must have the form ``action protocol source port direction destination port
(options)``, options must be terminated, every rule needs its own ``sid``, every variable must be defined, and the group
must have the capacity for its rules: capacity cannot be changed later.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Set

from .networkfirewall_common import invalid

RULE = re.compile(
    r"(?P<action>alert|drop|pass|reject|rejectsrc|rejectdst|rejectboth)\s+(?P<protocol>[a-z0-9-]+)\s+"
    r"(?P<source>\[.*?\]|\S+)\s+(?P<source_port>\[.*?\]|\S+)\s+(?:->|<>)\s+"
    r"(?P<destination>\[.*?\]|\S+)\s+(?P<port>\[.*?\]|\S+)\s+\((?P<options>.*)\)"
)
#: One option: a keyword, or a keyword and a value; values may hold quoted text with escaped quotes and semicolons.
OPTION = re.compile(r'\s*(?P<keyword>[A-Za-z0-9_.\-]+)\s*(?::(?P<value>(?:"(?:[^"\\]|\\.)*"|[^";\\]|\\.)*))?;')
VARIABLE = re.compile(r"[$@]([A-Za-z][A-Za-z0-9_]*)")
PREDEFINED = {"HOME_NET", "EXTERNAL_NET"}
DOMAIN = re.compile(r"\.?([A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?\.)*[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?")


def consumed_capacity(group: Dict[str, Any]) -> int:
    """Check the rules of a stateful group; the answer is how much capacity they take."""
    source = group["RulesSource"]
    kinds = [key for key in ("RulesString", "RulesSourceList", "StatefulRules") if source.get(key) is not None]
    if len(kinds) != 1:
        raise invalid(f"Exactly one kind of stateful rules must be given, got: {kinds}")
    if kinds == ["RulesSourceList"]:
        return check_domains(source["RulesSourceList"])
    strict = (group.get("StatefulRuleOptions") or {}).get("RuleOrder") == "STRICT_ORDER"
    if kinds == ["StatefulRules"]:
        check_sids([rule_sid(rule) for rule in source["StatefulRules"]])
        return len(source["StatefulRules"])
    return check_rules(source["RulesString"], defined_variables(group), strict)


def defined_variables(group: Dict[str, Any]) -> Set[str]:
    names = set(PREDEFINED)
    for sets in (group.get("RuleVariables") or {}).values():
        names.update(sets)
    names.update((group.get("ReferenceSets") or {}).get("IPSetReferences") or {})
    return names


def check_domains(source: Dict[str, Any]) -> int:
    targets, kinds = source["Targets"], source["TargetTypes"]
    if not targets or not kinds:
        raise invalid("A domain list needs at least one target and one target type")
    for target in targets:
        if not DOMAIN.fullmatch(target) or len(target) > 255:
            raise invalid(
                f"Target {target} is not a valid domain: give example.com, or .example.com for its subdomains"
            )
    return len(targets) * len(kinds)


def check_rules(text: str, variables: Set[str], strict: bool) -> int:
    lines = [line.strip() for line in text.splitlines()]
    rules = [line for line in lines if line and not line.startswith("#")]
    sids = []
    for rule in rules:
        sids.append(check_rule(rule, variables, strict))
    check_sids(sids)
    return len(rules)


def check_rule(rule: str, variables: Set[str], strict: bool) -> str:
    """Check one rule; the answer is its sid."""
    match = RULE.fullmatch(rule)
    if match is None:
        raise invalid(f"Illegal rule syntax: {rule}")
    header = " ".join(match[name] for name in ("source", "source_port", "destination", "port"))
    unknown = sorted(set(VARIABLE.findall(header)) - variables)
    if unknown:
        raise invalid(f"Undefined variable {unknown[0]} in rule: {rule}")
    options = parse_options(match["options"], rule)
    if strict and "priority" in options:
        raise invalid(f"The priority keyword is not allowed with strict rule order: {rule}")
    return options.get("sid", "").strip()


def parse_options(text: str, rule: str) -> Dict[str, str]:
    options: Dict[str, str] = {}
    position = 0
    while text[position:].strip():
        match = OPTION.match(text, position)
        if match is None:
            raise invalid(f"Illegal rule options, an option ends with a semicolon: {rule}")
        options[match["keyword"]] = match["value"] or ""
        position = match.end()
    return options


def rule_sid(rule: Dict[str, Any]) -> str:
    for option in rule["RuleOptions"]:
        if option["Keyword"] == "sid":
            return "".join(option.get("Settings") or [])
    return ""


def check_sids(sids: List[str]) -> None:
    if any(not re.fullmatch(r"[0-9]+", sid) for sid in sids):
        raise invalid("Every stateful rule needs a sid, a whole number")
    doubles = sorted({sid for sid in sids if sids.count(sid) > 1})
    if doubles:
        raise invalid(f"Duplicate sid in the rule group: {', '.join(doubles)}")

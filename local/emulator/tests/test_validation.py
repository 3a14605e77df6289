"""The validator: each kind of constraint, on shapes made for the purpose, at its boundaries."""

from __future__ import annotations

import unittest
from typing import Any, Dict, List

from botocore.model import ShapeResolver
from emulator.validation import answer_problems, compiled, request_problems
from support import LOCAL  # noqa: F401 (puts the emulator on the path)

SHAPES: Dict[str, Dict[str, Any]] = {
    "Root": {
        "type": "structure",
        "required": ["Name"],
        "members": {
            "Name": {"shape": "Name"},
            "Kind": {"shape": "Kind"},
            "Count": {"shape": "Count"},
            "Share": {"shape": "Share"},
            "On": {"shape": "On"},
            "Items": {"shape": "Items"},
            "Tags": {"shape": "Tags"},
            "Blob": {"shape": "Blob"},
            "When": {"shape": "When"},
            "Inner": {"shape": "Inner"},
            "Either": {"shape": "Either"},
        },
    },
    "Name": {"type": "string", "min": 2, "max": 4, "pattern": "^[a-z]+"},
    "Kind": {"type": "string", "enum": ["A", "B"]},
    "Count": {"type": "integer", "min": 1, "max": 3},
    "Share": {"type": "double", "max": 1},
    "On": {"type": "boolean"},
    "Items": {"type": "list", "min": 1, "max": 2, "member": {"shape": "Kind"}},
    "Tags": {"type": "map", "max": 1, "key": {"shape": "Name"}, "value": {"shape": "Kind"}},
    "Blob": {"type": "blob", "max": 3},
    "When": {"type": "timestamp"},
    "Inner": {"type": "structure", "required": ["Deep"], "members": {"Deep": {"shape": "On"}}},
    "Either": {"type": "structure", "union": True, "members": {"X": {"shape": "On"}, "Y": {"shape": "On"}}},
}
ROOT = ShapeResolver(SHAPES).get_shape_by_name("Root")


def problems(**members: Any) -> List[str]:
    return request_problems(ROOT, {"Name": "abc", **members})


class ValidationTest(unittest.TestCase):
    def test_values_at_their_limits_pass(self) -> None:
        for members in (
            {"Name": "ab"},
            {"Name": "abcd"},
            {"Kind": "B"},
            {"Count": 1},
            {"Count": 3},
            {"Share": 1},
            {"Share": 0.5},
            {"On": False},
            {"Items": ["A"]},
            {"Items": ["A", "B"]},
            {"Tags": {"ab": "A"}},
            {"Blob": b"abc"},
            {"When": 1.5},
            {"When": "2026-01-01T00:00:00Z"},
            {"Inner": {"Deep": True}},
            {"Either": {"X": True}},
            {"Kind": None},
        ):
            with self.subTest(members=members):
                self.assertEqual(problems(**members), [])

    def test_each_constraint_refuses_what_breaks_it(self) -> None:
        cases = [
            ({"Name": None}, "'Name'", "not be null"),
            ({"Name": "a"}, "'Name'", "length greater than or equal to 2"),
            ({"Name": "abcde"}, "'Name'", "length less than or equal to 4"),
            ({"Name": "ab1"}, "'Name'", "regular expression pattern: ^[a-z]+"),
            ({"Name": "ab\n"}, "'Name'", "regular expression pattern"),
            ({"Name": 7}, "'Name'", "be a string"),
            ({"Kind": "a"}, "'Kind'", "enum value set: [A, B]"),
            ({"Count": 0}, "'Count'", "greater than or equal to 1"),
            ({"Count": 4}, "'Count'", "less than or equal to 3"),
            ({"Count": 1.5}, "'Count'", "of type integer"),
            ({"Count": True}, "'Count'", "of type integer"),
            ({"Count": "1"}, "'Count'", "of type integer"),
            ({"Share": 1.01}, "'Share'", "less than or equal to 1"),
            ({"On": "true"}, "'On'", "be a boolean"),
            ({"Items": []}, "'Items'", "length greater than or equal to 1"),
            ({"Items": ["A", "B", "A"]}, "'Items'", "length less than or equal to 2"),
            ({"Items": ["A", "C"]}, "'Items.2.member'", "enum value set"),
            ({"Items": {"A": 1}}, "'Items'", "be a list"),
            ({"Tags": {"ab": "A", "cd": "B"}}, "'Tags'", "length less than or equal to 1"),
            ({"Tags": {"1": "A"}}, "'Tags.key'", "pattern"),
            ({"Tags": {"ab": "C"}}, "'Tags.ab'", "enum"),
            ({"Tags": ["ab"]}, "'Tags'", "be a map"),
            ({"Blob": b"abcd"}, "'Blob'", "length less than or equal to 3"),
            ({"Blob": 1}, "'Blob'", "be a blob"),
            ({"When": True}, "'When'", "be a timestamp"),
            ({"Inner": {}}, "'Inner.Deep'", "not be null"),
            ({"Inner": "x"}, "'Inner'", "be a structure"),
            ({"Inner": {"Deep": True, "Wide": 1}}, "'Inner.Wide'", "members of Inner: [Deep]"),
            ({"Either": {"X": True, "Y": True}}, "'Either'", "exactly one member"),
            ({"Other": 1}, "'Other'", "be one of the members of Root"),
        ]
        for members, path, constraint in cases:
            with self.subTest(members=members):
                found = problems(**members)
                self.assertTrue(found)
                self.assertIn(path, found[0])
                self.assertTrue(any(constraint in problem for problem in found), found)

    def test_reports_every_problem_at_once(self) -> None:
        found = request_problems(ROOT, {"Kind": "C", "Count": 9, "Other": 1})
        self.assertEqual(len(found), 4, found)

    def test_an_answer_may_break_limits_but_not_the_shape(self) -> None:
        self.assertEqual(answer_problems(ROOT, {"Name": "A", "Items": []}), [])
        self.assertEqual(len(answer_problems(ROOT, {"Name": "A", "Kind": "C", "Other": 1})), 2)

    def test_java_patterns_are_understood(self) -> None:
        expression = compiled(r"^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$")
        assert expression is not None
        self.assertTrue(expression.fullmatch("Straße 1"))
        self.assertFalse(expression.fullmatch("a;b"))
        self.assertIsNone(compiled("["))


if __name__ == "__main__":
    unittest.main()

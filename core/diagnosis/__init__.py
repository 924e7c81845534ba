"""The curves of a training run into a verdict with its evidence."""

from core.diagnosis.measures import MEASURES
from core.diagnosis.rule import Rule
from core.diagnosis.rules import RULES
from core.diagnosis.run import diagnose, diagnose_run
from core.diagnosis.verdict import NAMES, Verdict, VerdictKind

__all__ = ["MEASURES", "NAMES", "RULES", "Rule", "Verdict", "VerdictKind", "diagnose", "diagnose_run"]

"""Training curves -> a verdict with its evidence."""

from core.diagnosis.judge import diagnose, diagnose_run
from core.diagnosis.measure import MEASURES
from core.diagnosis.rules import RULES, Rule
from core.diagnosis.verdict import NAMES, Kind, Verdict

__all__ = ["MEASURES", "NAMES", "RULES", "Kind", "Rule", "Verdict", "diagnose", "diagnose_run"]

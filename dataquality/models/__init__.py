from dataquality.models.issue import Issue, Rule
from dataquality.models.score import OwnerScore

__all__ = ["Issue", "OwnerScore", "Rule"]

from charter.models.key_decision import KeyDecision

__all__ = ["KeyDecision"]

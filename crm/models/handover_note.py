from django.db import models
from django.db.models import Q

from crm.models.customer import Customer
from crm.models.history import Handover


class HandoverNote(models.Model):
    """What the next owner has to know about one customer."""

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="notes")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="handover_notes")
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "customer"], name="handover_note_once"),
            models.CheckConstraint(condition=~Q(text=""), name="handover_note_has_text"),
        ]

    def __str__(self) -> str:
        return self.text

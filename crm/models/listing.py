from django.conf import settings
from django.db import models
from django.db.models import Q

from tenants import clock


class ListKind(models.TextChoices):
    LEADS = "leads"
    CUSTOMERS = "customers"
    DEALS = "deals"
    CASES = "cases"


class SavedView(models.Model):
    """A list as somebody wants to find it again.

    `query` is its address: filters, order and columns, without the page.
    """

    list = models.CharField(max_length=9, choices=ListKind)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "list", "name"], name="saved_view_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ListLayout(models.Model):
    """The columns one person wants in a list, in their order."""

    # Before the column `list`, which hides the type of that name from here on.
    columns = models.JSONField(default=list)
    list = models.CharField(max_length=9, choices=ListKind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "list"], name="list_layout_once")]

    def __str__(self) -> str:
        return f"{self.list}: {', '.join(self.columns)}"

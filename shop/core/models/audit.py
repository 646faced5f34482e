from __future__ import annotations

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from shop.core import clock
from shop.core.models.append_only import AppendOnlyModel


class AuditEntry(AppendOnlyModel):
    """Who did what to which thing, and when. Rows are only ever added."""

    # The row outlives the person's account, so that the database keeps no constraint.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    action = models.CharField(max_length=100)
    object_type = models.CharField(max_length=100)
    object_id = models.CharField(max_length=100)
    object_label = models.CharField(max_length=255, blank=True, default="")
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    request_id = models.CharField(max_length=64, blank=True, default="")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "audit entry"
        verbose_name_plural = "audit entries"
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(name="core_audit_object", fields=["object_type", "object_id", "-at"]),
            models.Index(name="core_audit_at", fields=["-at", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_label or self.object_id}"

"""The table of fraud: what it thought of each ride."""

from datetime import timedelta
from typing import Self

from django.db import models

from rides.events import RideRequested

#: So many rides that one rider asks for in so long are too many.
TOO_MANY, WITHIN = 4, timedelta(minutes=1)
#: Metres that one would walk.
WALK = 450


class Screening(models.Model):
    """One ride as fraud sees it."""

    class Verdict(models.TextChoices):
        CLEARED = "cleared"
        FLAGGED = "flagged"
        REFUSED = "refused"

    ride_id = models.UUIDField(primary_key=True)
    rider = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict)
    reasons = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["rider", "asked_at"], name="fraud_by_rider")]

    def __str__(self) -> str:
        return f"{self.ride_id}: {self.verdict}"

    @classmethod
    def of(cls, event: RideRequested) -> Self:
        """Look at a ride and save the verdict. What is judged is when it was asked for."""
        at = event.occurred_at
        earlier = cls.objects.filter(rider=event.rider, asked_at__range=(at - WITHIN, at)).count()
        reasons, verdict = [], cls.Verdict.CLEARED
        if event.metres < WALK:
            reasons, verdict = ["so short that one would walk"], cls.Verdict.FLAGGED
        if earlier + 1 >= TOO_MANY:
            reasons.append(f"{earlier + 1} rides in a minute")
            verdict = cls.Verdict.REFUSED
        return cls.objects.create(
            ride_id=event.ride_id,
            rider=event.rider,
            asked_at=at,
            verdict=verdict,
            reasons=reasons,
        )

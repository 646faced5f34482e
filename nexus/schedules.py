"""
What runs by the clock, in every installation.

`manage.py sync_schedules` makes rows of Celery beat of these, once; the embedded worker reads them as
they are.
Each job bears being run twice and being late.
"""

from datetime import timedelta

from shop.core.scheduling import Daily, Schedule

SCHEDULES = [
    Schedule(
        name="Relay the outbox",
        task="shop.core.tasks.relay_outbox",
        every=timedelta(seconds=5),
        queue="critical",
        description="Hands recorded facts to e-mails and other consumers; commits nudge it earlier.",
    ),
    Schedule(
        name="Publish what is due",
        task="shop.core.tasks.publish_scheduled",
        every=timedelta(seconds=30),
        queue="critical",
        description="Puts scheduled pages, categories and collections live, and takes expired ones offline.",
    ),
    Schedule(
        name="Clean up",
        task="shop.core.tasks.clean_up",
        every=Daily(hour=3, minute=30),
        queue="bulk",
        description="Deletes idempotency keys after a day and delivered events after a month.",
    ),
]

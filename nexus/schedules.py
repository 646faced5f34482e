"""
What runs by the clock, in every installation.

`manage.py sync_schedules` makes rows of Celery beat of these, once; the embedded worker reads them as
they are. Each job bears being run twice and being late.
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
        name="Run background jobs",
        task="shop.core.tasks.run_jobs",
        every=timedelta(seconds=10),
        queue="bulk",
        description="Goes on with imports and bulk actions; starting one nudges it earlier.",
    ),
    Schedule(
        name="Reconcile payments",
        task="shop.payments.tasks.reconcile_payments",
        every=timedelta(minutes=1),
        queue="critical",
        description="Finishes payments that were cut off from their gateway, and gives up unpaid orders.",
    ),
    Schedule(
        name="Release expired reservations",
        task="shop.inventory.tasks.sweep_expired_reservations",
        every=timedelta(seconds=30),
        description="Tidies up; shoppers see stock as free from the moment that a reservation expires.",
    ),
    Schedule(
        name="Apply due price lists",
        task="shop.pricing.tasks.apply_due_price_lists",
        every=timedelta(seconds=15),
        description="Shows everywhere that a price list begins or ends, or that a planned price is due.",
    ),
    Schedule(
        name="Fetch exchange rates",
        task="shop.pricing.tasks.fetch_exchange_rates",
        every=Daily(hour=17),
        description="Takes over the reference rates of the day, where the shop wants them.",
    ),
    Schedule(
        name="Let products grow old",
        task="search.tasks.refresh_rules_by_age",
        every=timedelta(minutes=15),
        description="Looks up again what collections by rule match that count the days of a product.",
    ),
    Schedule(
        name="Rank new pages",
        task="search.tasks.refresh_title_norms",
        every=timedelta(minutes=15),
        description="Lets the admin's search rank pages that are new by the length of their titles.",
    ),
    Schedule(
        name="Open and close sales of variants",
        task="shop.catalogue.tasks.apply_due_windows",
        every=timedelta(minutes=1),
        description="Shows in lists and searches that the sale of a variant has begun or ended.",
    ),
    Schedule(
        name="Score products that changes of others touched",
        task="shop.catalogue.tasks.score_stale_products",
        every=timedelta(minutes=1),
        queue="bulk",
        description="Keeps readiness in the list of products true when product types or the currency change.",
    ),
    Schedule(
        name="Score all products anew",
        task="shop.catalogue.tasks.score_products_anew",
        every=Daily(hour=2, minute=30),
        queue="bulk",
        description="Marks every product to be checked again, for changes that no event tells of.",
    ),
    Schedule(
        name="Delete expired carts",
        task="shop.cart.tasks.delete_expired_carts",
        every=Daily(hour=4),
        queue="bulk",
        description="Deletes carts that nobody has touched for a month.",
    ),
    Schedule(
        name="Forget ended sessions",
        task="shop.customers.tasks.forget_ended_sessions",
        every=Daily(hour=4, minute=15),
        queue="bulk",
        description="Deletes log-ins and counters of failed attempts that ended long ago.",
    ),
    Schedule(
        name="Delete old imports and exports",
        task="shop.spreadsheets.tasks.delete_old_files",
        every=Daily(hour=3, minute=45),
        queue="bulk",
        description="Deletes reports of imports after 90 days, and uploaded and exported files after a week.",
    ),
    Schedule(
        name="Clean up",
        task="shop.core.tasks.clean_up",
        every=Daily(hour=3, minute=30),
        queue="bulk",
        description="Deletes idempotency keys after a day, events after a month and jobs after 90 days.",
    ),
]

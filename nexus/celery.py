"""The Celery application: RabbitMQ as broker, Redis for results, one queue per kind of work."""

import logging
import os

from celery import Celery
from celery.signals import worker_init
from kombu import Exchange, Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nexus.settings.dev")

app = Celery("nexus")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

QUEUES = ("critical", "default", "bulk")

# Quorum queues keep their messages when a node of the broker dies. A message that took its worker down
# five times is dropped: what matters stands in the outbox, which parks such work and tells ops.
app.conf.task_queues = [
    Queue(
        name,
        # A topic exchange, because delayed tasks of quorum queues need one.
        Exchange(name, type="topic"),
        routing_key=name,
        queue_arguments={"x-queue-type": "quorum", "x-delivery-limit": 5},
    )
    for name in QUEUES
]
app.conf.task_create_missing_queue_type = "quorum"
app.conf.task_create_missing_queue_exchange_type = "topic"

import shop.core.task_context  # noqa: E402, F401 - connects the signals that carry request ids


@worker_init.connect
def declare_queues(**kwargs: object) -> None:
    """Declare every queue, also those of other workers: delayed tasks are set up for all of them at once."""
    try:
        with app.connection_for_write(connect_timeout=5) as broker:
            for queue in app.conf.task_queues:
                queue(broker.default_channel).declare()
    except OSError as away:
        logging.getLogger(__name__).warning("The broker is away; the worker waits for it: %s", away)

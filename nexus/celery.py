"""The Celery application: RabbitMQ as broker, Redis for results, one queue per kind of work."""

import os

from celery import Celery
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

import shop.core.task_context  # noqa: E402, F401 - connects the signals that carry request ids

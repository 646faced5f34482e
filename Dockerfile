# syntax=docker/dockerfile:1
# One image for every process of Nexus: web, worker, beat, relay, flower. Built in two stages, run without root.

FROM python:3.13-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements.lock .
RUN /venv/bin/pip install --require-hashes -r requirements.lock
COPY manage.py ./
COPY nexus nexus
COPY shop shop
COPY content content
COPY search search
COPY templates templates
COPY static static
# The key only satisfies the settings while files are collected; the running container must bring its own.
RUN SECRET_KEY=collectstatic-only-0123456789-0123456789-0123456789-0123456789 \
    DJANGO_SETTINGS_MODULE=nexus.settings.production \
    /venv/bin/python manage.py collectstatic --noinput --verbosity 0

FROM python:3.13-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=nexus.settings.production \
    HOST=0.0.0.0
RUN groupadd --system --gid 1000 nexus && useradd --system --uid 1000 --gid nexus --home-dir /app nexus
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build --chown=nexus:nexus /app /app
RUN mkdir -p var/media var/private && chown -R nexus:nexus var
USER 1000:1000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8000/livez', headers={'Host': 'localhost'}), timeout=2)"]
CMD ["gunicorn", "--config", "nexus/gunicorn_conf.py", "nexus.wsgi:application"]

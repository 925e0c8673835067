# One image for web, worker, beat and the preparation; docker-compose.yml gives each its command.
FROM python:3.13-slim-bookworm

# Pango and HarfBuzz write the PDFs.
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0 libfontconfig1 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --user-group --create-home --home-dir /data tasmim

ENV PYTHONPATH=/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DJANGO_SETTINGS_MODULE=config.settings TASMIM_DATA_DIR=/data TASMIM_PRODUCTION=1 PORT=8000 WEB_BIND=0.0.0.0:8000

WORKDIR /app
COPY requirements/runtime.txt requirements/runtime.txt
RUN pip install --require-hashes --requirement requirements/runtime.txt
COPY . .
# Texts need no settings. Static files are collected by `manage.py prepare`, which knows the data folder.
RUN python scripts/messages.py compile && python -m compileall -q .

USER tasmim
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "--config", "python:config.web", "config.wsgi"]

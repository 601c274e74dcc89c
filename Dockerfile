# The market as a container: `docker build -t marinemarket .`, or `docker compose up` with compose.yaml.
# It keeps everything in the volume /data and runs as an unprivileged user.
# scripts/try-image runs these steps without Docker.

FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY . .
# The wheel, including typefaces, map and places. Build tools are pinned by hash and stay behind.
RUN python -m venv .venv && \
    .venv/bin/pip install --require-hashes -r requirements/build.txt -r requirements/node.txt && \
    PATH="$PWD/.venv/bin:$PATH" pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .
# The market's dependencies, also pinned by hash, and then the market itself.
RUN python -m venv /opt/marinemarket && \
    /opt/marinemarket/bin/pip install --require-hashes -r requirements/run.txt && \
    /opt/marinemarket/bin/pip install --no-deps /wheels/marinemarket-*.whl && \
    /opt/marinemarket/bin/pip uninstall --quiet --yes pip

FROM python:3.13-slim
RUN useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin marinemarket && \
    install -d -o marinemarket -g marinemarket -m 0750 /data /backups
COPY --from=build /opt/marinemarket /opt/marinemarket
ENV PATH=/opt/marinemarket/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MARINEMARKET_DATA=/data \
    MARINEMARKET_BACKUPS=/backups
USER 10001:10001
WORKDIR /data
VOLUME ["/data", "/backups"]
EXPOSE 8000
STOPSIGNAL SIGTERM
# Live, not ready: a market that is rebuilding its index must not be restarted.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
# Exec form, so that the market is process 1 and gets the signals.
ENTRYPOINT ["marinemarket"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]

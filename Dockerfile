FROM python:3.11-slim-bookworm AS build
WORKDIR /source
RUN python -m venv /opt/gatescope
COPY constraints.txt ./
COPY scripts/install-torch scripts/
ENV PIP_CONSTRAINT=/source/constraints.txt PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN scripts/install-torch /opt/gatescope/bin/python
COPY . .
RUN /opt/gatescope/bin/pip install '.[onnx,keras]'

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home gatescope && install --directory --owner=gatescope /data
COPY --from=build /opt/gatescope /opt/gatescope
USER gatescope
ENV PYTHONUNBUFFERED=1 GATESCOPE_HOST=0.0.0.0 GATESCOPE_DATA_DIR=/data
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s \
  CMD ["/opt/gatescope/bin/python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["/opt/gatescope/bin/gatescope", "serve"]

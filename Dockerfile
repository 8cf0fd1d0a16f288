# One image for every program of the shop; the command says which.
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 SHOP_STATE=/var/shop
WORKDIR /shop
COPY requirements.txt requirements-bridges.txt ./
# --build-arg BRIDGES=1: with what the bridges to foreign systems need, see docs/bridges.md.
ARG BRIDGES
RUN pip install -r requirements.txt ${BRIDGES:+-r requirements-bridges.txt} \
    && useradd --uid 10001 --no-create-home shop \
    && install -d -o shop /var/shop
COPY . .
USER 10001
CMD ["python", "manage.py", "check"]

"""URLs of the endpoints for machines."""

from django.urls import path

from shop.monitoring import health, metrics

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.Ready.as_view(), name="readyz"),
    path("metrics", metrics.metrics_page, name="metrics"),
]

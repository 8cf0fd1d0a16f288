"""The addresses of the console."""

from django.urls import path

from eventbus.console.views import (
    alerts,
    choreography,
    contracts,
    failed,
    lag,
    live,
    now,
    pauses,
    payload,
    retry,
    story,
    story_search,
    workers,
)

app_name = "console"
urlpatterns = [
    path("", now.now_page, name="now"),
    path("live/", live.live, name="live"),
    path("failed/", failed.groups_page, name="failed"),
    path("failed/group/<slug:fingerprint>/", failed.group_page, name="group"),
    path("failed/group/<slug:fingerprint>/note/", failed.annotate, name="note"),
    path("failed/change/", retry.change, name="change"),
    path("failed/<int:id>/", failed.delivery_page, name="delivery"),
    path("failed/<int:id>/dry-run/", retry.dry_run_page, name="dry_run"),
    path("story/", story_search.search, name="search"),
    path("story/<str:reference>/", story.story_page, name="story"),
    path("story/<str:reference>/story.svg", story.download, name="story_svg"),
    path("customer/<str:customer_id>/", story_search.customer_page, name="customer"),
    path("event/<uuid:id>/", payload.payload_page, name="payload"),
    path("map/", choreography.map_page, name="map"),
    path("contracts/", contracts.contracts_page, name="contracts"),
    path("contracts/asyncapi.json", contracts.asyncapi_document, name="asyncapi"),
    path("lag/", lag.lag_page, name="lag"),
    path("lag/unknown/", lag.change_unknown, name="change_unknown"),
    path("overdue/", workers.overdue_page, name="overdue"),
    path("workers/", workers.workers_page, name="workers"),
    path("paused/", pauses.paused_page, name="paused"),
    path("paused/pause/", pauses.submit_pause, name="pause"),
    path("paused/resume/", pauses.submit_resume, name="resume"),
    path("alerts/", alerts.alerts_page, name="alerts"),
]

"""A project in which the ledger cannot work is told so by Django's checks."""

from django.db import connection

from eventbus.delivery.checks import check_project


def test_nothing_is_said_of_a_project_that_is_as_it_should_be():
    assert check_project() == []


def test_another_database_than_postgresql_is_named(monkeypatch):
    monkeypatch.setattr(connection, "vendor", "sqlite")
    [error] = check_project()
    assert (error.id, "is sqlite" in error.msg) == ("eventbus.E001", True)


def test_moments_without_a_time_zone_are_refused(settings):
    settings.USE_TZ = False
    assert [error.id for error in check_project()] == ["eventbus.E002"]

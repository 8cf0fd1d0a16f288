"""The rules of the town, without a broker or a worker: `python manage.py test`."""

import logging

import structlog

# Each reaction is logged; here that is noise.
structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))

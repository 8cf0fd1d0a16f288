"""Staff pages that cross apps: roles, the order page, bulk actions, the dashboard.

They are part of the admin. They read the apps' data and act through their `services`, as the
shop's own pages do; the models here hold only what staff wrote and did.
"""

from eventbus.messaging.worker import worker_app

app = worker_app("app_a")

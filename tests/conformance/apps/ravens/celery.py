from shop.bus.worker import worker_app

app = worker_app("ravens")

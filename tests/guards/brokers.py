"""The guards between the bus and its brokers."""

from tests.guards.guard import Guard

TRANSPORT = "tests/unit/eventbus/test_redis_transport.py"

GUARDS = [
    Guard(
        name="own delivery tag per copy (Valkey)",
        without="the first app to acknowledge deletes the safety copies of the others",
        file="eventbus/messaging/fan_out.py",
        text=" .. '.' .. number",
        instead="",
        tests=[
            f"{TRANSPORT}::test_acknowledging_one_copy_keeps_the_safety_copy_of_the_other",
        ],
    ),
    Guard(
        name="own return address per copy (Valkey)",
        without="what one worker gives back is broadcast to all apps",
        file="eventbus/messaging/fan_out.py",
        text='"exchange": ""',
        instead='"exchange": "shop.events"',
        tests=[
            f"{TRANSPORT}::test_given_back_message_goes_to_its_own_queue_only_and_is_marked",
        ],
    ),
    Guard(
        name="fan-out to lists (Valkey)",
        without="the exchange is PUB/SUB, and what is sent while a worker is off is gone",
        file="eventbus/messaging/transport.py",
        text='{"fanout": DurableFanoutExchange}',
        instead="{}",
        tests=[f"{TRANSPORT}::test_copies_wait_for_a_consumer_that_is_off"],
    ),
    Guard(
        name="what is no message comes as an empty one (Valkey)",
        without="text in a queue's list ends its worker, and what comes behind it waits",
        file="eventbus/messaging/malformed_messages.py",
        text="    message = loads(bytes_to_str(item))",
        instead="    message = json.loads(bytes_to_str(item))",
        tests=[f"{TRANSPORT}::test_what_is_no_message_keeps_none_behind_it_from_coming"],
    ),
    Guard(
        name="what is no broadcast comes as an empty message (Valkey)",
        without="text that is broadcast ends each worker",
        file="eventbus/messaging/malformed_messages.py",
        text="vars(redis).update(loads=loads)\n",
        instead="",
        tests=[
            f"{TRANSPORT}::test_what_is_no_message_keeps_no_subscriber_from_what_is_broadcast_next"
        ],
    ),
    Guard(
        name="what is no copy is dropped (Valkey)",
        without="a strange copy keeps what is not acknowledged from ever being given back",
        file="eventbus/messaging/transport.py",
        text="    QoS = QoS\n",
        instead="",
        tests=[f"{TRANSPORT}::test_what_is_no_copy_of_a_message_keeps_none_from_being_given_back"],
    ),
    Guard(
        name="`mandatory`",
        without="an event published before its queue is bound counts as published and is gone",
        file="eventbus/messaging/broker.py",
        text="mandatory=wanted",
        instead="mandatory=False",
        tests=[
            "tests/unit/eventbus/test_publishing.py::test_event_no_queue_takes_though_wanted_is_not_sent"
        ],
    ),
    Guard(
        name="the confirm wait (RabbitMQ)",
        without="an event counts as published though the broker never had it",
        file="eventbus/messaging/confirms.py",
        text="        self.channel.wait_for_confirms()",
        instead="        pass",
        tests=[
            "tests/system/brokers/test_confirming.py"
            "::test_what_was_swallowed_on_its_way_to_the_broker_is_not_sent[rabbitmq]"
        ],
        rabbitmq=True,
    ),
    Guard(
        name="`mandatory` (RabbitMQ)",
        without="the same: a confirm alone does not see that no queue took it",
        file="eventbus/messaging/broker.py",
        text="mandatory=wanted",
        instead="mandatory=False",
        tests=[
            "tests/system/brokers/test_topology.py"
            "::test_an_event_somebody_wants_is_not_taken_while_no_queue_takes_it[rabbitmq]"
        ],
        rabbitmq=True,
    ),
    Guard(
        name="a sign of life is tried once (RabbitMQ)",
        without="a worker whose connection was lost at a bad moment stalls until it is restarted",
        file="eventbus/messaging/worker.py",
        text='    app.events.dispatcher_cls = "eventbus.messaging.task_events:Dispatcher"\n',
        instead="",
        tests=[
            "tests/system/brokers/test_signs.py"
            "::test_a_sign_of_life_does_not_hold_a_worker_whose_channel_is_gone[rabbitmq]"
        ],
        rabbitmq=True,
    ),
    Guard(
        name="no eviction (Valkey)",
        without="a server short of memory throws away queues",
        file="eventbus/messaging/topology.py",
        text='if policy != "noeviction":',
        instead="if False:",
        tests=[
            "tests/unit/eventbus/test_publishing.py::test_server_that_may_evict_queues_is_refused"
        ],
    ),
    Guard(
        name="a connection that is gone is a connection error (Valkey)",
        without="a broker that is killed twice ends the workers that hold messages of it",
        file="eventbus/messaging/receiving.py",
        text="if self.connection is None or self.connection.client is None:",
        instead="if False:",
        tests=[
            "tests/unit/eventbus/test_receiving.py"
            "::test_an_answer_over_a_connection_that_is_gone_is_a_connection_error"
        ],
    ),
]

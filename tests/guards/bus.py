"""The guards of the bus."""

from tests.guards.guard import Guard

GUARDS = [
    Guard(
        name="the delivery's lock",
        without="two workers with copies of one message both run the reaction",
        file="eventbus/delivery/ledger.py",
        text=" and row.event_id = any(%s::uuid[]) order by row.id for update of row\n",
        instead=" and row.event_id = any(%s::uuid[]) order by row.id\n",
        tests=[
            "tests/unit/eventbus/test_ledger.py::test_second_worker_waits_for_the_first_and_does_nothing"
        ],
    ),
    Guard(
        name="the delivery's unique key",
        without="an event that is published twice is delivered to each reaction twice",
        file="eventbus/delivery/migrations/0001_initial.py",
        text="models.UniqueConstraint(fields=('event', 'app', 'reaction'), name='eventbus_once')",
        instead="",
        tests=["tests/unit/eventbus/test_ledger.py::test_deliveries_made_twice_are_there_once"],
    ),
    Guard(
        name="a closed delivery stays closed",
        without="each copy of a message has its effect again",
        file="eventbus/delivery/ledger.py",
        text="if row.state == Delivery.State.WAITING and",
        instead="if row.state != Delivery.State.PARKED and",
        tests=["tests/unit/eventbus/test_runner.py::test_many_copies_have_one_effect"],
    ),
    Guard(
        name="the lease of an outside call",
        without="a copy of the message makes the call a second time while it is under way",
        file="eventbus/delivery/ledger.py",
        text=" and row.is_unleased]",
        instead="]",
        tests=[
            "tests/unit/eventbus/test_external_calls.py"
            "::test_copy_is_left_alone_while_the_call_is_under_way"
        ],
    ),
    Guard(
        name="the lease is still one's own when the answer is recorded",
        without="an answer that comes late is recorded beside that of whoever took over",
        file="eventbus/delivery/ledger.py",
        text="        and (row.leased_until = mine.leased_until or row.leased_until is null)\n",
        instead="",
        tests=[
            "tests/unit/eventbus/test_external_calls.py"
            "::test_answer_that_comes_after_the_lease_was_taken_over_is_void"
        ],
    ),
    Guard(
        name="whoever takes over a call counts an attempt",
        without="an answer that comes late is recorded though another attempt has begun",
        file="eventbus/delivery/ledger.py",
        text="        and row.attempts = mine.attempts\n",
        instead="",
        tests=[
            "tests/unit/eventbus/test_external_calls.py"
            "::test_answer_is_void_once_somebody_has_counted_an_attempt"
        ],
    ),
    Guard(
        name="what was held is sent once",
        without="what is resumed is sent again at each interval though its message still waits",
        file="eventbus/delivery/relay.py",
        text="state=Delivery.State.WAITING, leased_until=None\n        )\n    return rows",
        instead="state=Delivery.State.WAITING\n        )\n    return rows",
        tests=[
            "tests/unit/eventbus/test_pausing.py"
            "::test_a_backlog_that_is_resumed_is_sent_once_however_long_it_takes",
            "tests/unit/eventbus/test_relay.py"
            "::test_what_was_sent_once_waits_for_an_empty_queue_like_any_other",
        ],
    ),
    Guard(
        name="a relay's claim by the database's clock",
        without="a relay whose clock is behind lets go of its claims, and they are published twice",
        file="eventbus/delivery/relay.py",
        text='"lease": LEASE,',
        instead='"lease": LEASE + (datetime.now(UTC) - clock.now()),',
        tests=[
            "tests/unit/eventbus/test_clock.py::test_no_module_of_the_bus_looks_at_its_own_clock"
        ],
    ),
    Guard(
        name="ids by the database's clock",
        without="an event of a host whose clock is wrong stands in a wrong month for good",
        file="eventbus/envelope.py",
        text="        occurred_at = clock.now()\n",
        instead="        occurred_at = datetime.now(UTC)\n",
        tests=[
            "tests/unit/eventbus/test_clock.py::test_no_module_of_the_bus_looks_at_its_own_clock"
        ],
    ),
    Guard(
        name="what stands beside the months moves in",
        without="a month of which an event came too early is never made, and archived by nobody",
        file="eventbus/history/partitions.py",
        text="                _move_in(month)\n",
        instead="",
        tests=[
            "tests/unit/eventbus/test_partitions.py"
            "::test_what_stood_in_no_month_moves_into_its_own_as_soon_as_that_is_made"
        ],
    ),
    Guard(
        name="months before anything else",
        without="after months off the first event stands in no month",
        file="eventbus/messaging/startup_checks.py",
        text="        database_ready.send(sender=None)\n",
        instead="",
        tests=[
            "tests/unit/eventbus/test_partitions.py"
            "::test_months_are_made_before_anything_else_when_a_program_starts"
        ],
    ),
    Guard(
        name="a batch gives way",
        without="a shopper who meets a batch in a deadlock may be the one who is turned away",
        file="eventbus/delivery/batch.py",
        text="timeout=LOCK_TIMEOUT",
        instead="timeout=None",
        tests=[
            "tests/unit/eventbus/test_batch.py::test_batch_gives_way_to_who_holds_a_row_for_long"
        ],
    ),
    Guard(
        name="what has been begun before is in no batch",
        without="one message that kills its worker uses up the attempts of others",
        file="eventbus/delivery/batch.py",
        text="return not message.redelivered\n",
        instead="return True\n",
        tests=[
            "tests/unit/eventbus/test_batch.py"
            "::test_what_has_been_begun_before_runs_after_it_was_counted_and_by_itself"
        ],
    ),
    Guard(
        name="a time limit in a batch",
        without="one reaction that hangs has the process of a whole batch killed, each time",
        file="eventbus/messaging/handling.py",
        text="        return all_are(Outcome.ALONE)\n",
        instead="        return {}\n",
        tests=[
            "tests/unit/eventbus/test_batch.py"
            "::test_time_limit_within_a_batch_has_each_run_in_a_job_of_its_own"
        ],
    ),
    Guard(
        name="calls of a batch whose time is up",
        without="one slow server holds up all that was taken together, until their leases run out",
        file="eventbus/delivery/calls.py",
        text="        if answers and time.monotonic() >= until and not _has_answer(run):\n",
        instead="        if False:\n",
        tests=[
            "tests/unit/eventbus/test_batched_calls.py"
            "::test_slow_call_delays_no_other_of_its_batch_by_more_than_itself"
        ],
    ),
    Guard(
        name="answers that are recorded together give way",
        without="who meets answers in a deadlock may be the one who is turned away",
        file="eventbus/delivery/calls.py",
        text="        ledger.limit_waiting(LOCK_TIMEOUT)\n",
        instead="        pass\n",
        tests=[
            "tests/unit/eventbus/test_batched_calls.py"
            "::test_answer_that_meets_a_lock_begins_anew_by_itself"
        ],
    ),
    Guard(
        name="what went on and was rolled back begins anew",
        without="one answer that breaks the connection leaves the others of its batch leased",
        file="eventbus/delivery/calls.py",
        text="alone, back = alone + anew, back + anew\n",
        instead="pass\n",
        tests=[
            "tests/unit/eventbus/test_batched_calls.py"
            "::test_answer_that_breaks_the_connection_fails_alone_and_the_others_begin_anew"
        ],
    ),
    Guard(
        name="a batch of which one is ended",
        without="whoever ends one task has ended all that were taken with it",
        file="eventbus/messaging/batches.py",
        text="_lost() if is_terminated and not _is_meant(request) else error",
        instead="error",
        tests=[
            "tests/unit/eventbus/test_batches.py"
            "::test_process_that_an_operator_ended_is_merely_lost_to_the_others_of_its_batch"
        ],
    ),
    Guard(
        name="counting before a redelivered run",
        without="a message that kills its worker comes back for ever",
        file="eventbus/delivery/runner.py",
        text="        ledger.count_attempt(app, again, paused)\n",
        instead="",
        tests=[
            "tests/unit/eventbus/test_runner.py::test_message_that_kills_its_worker_each_time_is_parked",
        ],
    ),
    Guard(
        name="a savepoint for each reaction",
        without="what a failing reaction has changed and emitted by then is committed",
        file="eventbus/delivery/run.py",
        text="    with transaction.atomic():\n        with collect_events():\n",
        instead="    if True:\n        with collect_events():\n",
        tests=[
            "tests/unit/eventbus/test_runner.py::test_failing_reaction_emits_and_changes_nothing"
        ],
    ),
    Guard(
        name="deferred constraints are a reaction's own",
        without="one reaction's broken constraint rolls back all that commit with it",
        file="eventbus/delivery/run.py",
        text="        check_constraints()\n",
        instead="",
        tests=[
            "tests/unit/eventbus/test_runner.py::test_deferred_constraint_is_its_own_reactions_failure"
        ],
    ),
    Guard(
        name="an event is emitted inside a transaction",
        without="an event is out though the change it tells of was rolled back",
        file="eventbus/emit.py",
        text="if not transaction.get_connection().in_atomic_block:",
        instead="if False:",
        tests=["tests/unit/eventbus/test_emit.py::test_emit_outside_a_transaction_is_refused"],
    ),
    Guard(
        name="only what is declared is emitted",
        without="the map of the choreography lies: what causes what is not what the code says",
        file="eventbus/emit.py",
        text="    if type(event) not in declared():",
        instead="    if False:",
        tests=[
            "tests/unit/eventbus/test_declaring.py"
            "::test_what_one_reaction_declares_does_not_count_for_another"
        ],
    ),
    Guard(
        name="the relay's lease",
        without="each of several relays publishes the same events",
        file="eventbus/delivery/relay.py",
        text="            and (claimed_until is null or claimed_until < statement_timestamp())\n",
        instead="",
        tests=[
            "tests/unit/eventbus/test_relay.py::test_claimed_row_is_left_alone_until_its_lease_is_over",
        ],
    ),
    Guard(
        name="only what the broker took is marked",
        without="events emitted while the broker was away are never published",
        file="eventbus/delivery/relay.py",
        text="        _events(rows).update(claimed_until=None)\n        raise\n",
        instead="        _events(rows).update(claimed_until=None)\n        count = len(rows)\n",
        tests=[
            "tests/unit/eventbus/test_relay.py::test_what_the_broker_did_not_take_is_published_later"
        ],
    ),
    Guard(
        name="of a batch what the broker took in time",
        without="what a slow broker had no time for is taken for published, and lost until overdue",
        file="eventbus/delivery/relay.py",
        text="    rows, rest = rows[:count], rows[count:]\n",
        instead="    rest: list[OutboxEvent] = []\n",
        tests=[
            "tests/unit/eventbus/test_relay.py"
            "::test_of_a_batch_a_slow_broker_takes_in_pieces_each_event_is_published_once"
        ],
    ),
    Guard(
        name="deliveries are made before anything is published",
        without="an event whose message is lost is missed by nobody",
        file="eventbus/delivery/relay.py",
        text="        {ledger.CREATE_DELIVERIES}\n",
        instead="        select\n",
        tests=[
            "tests/unit/eventbus/test_relay.py::test_deliveries_are_there_before_anything_is_published"
        ],
    ),
    Guard(
        name="overdue re-sending",
        without="a message that the broker lost is lost for good",
        file="eventbus/delivery/relay.py",
        text="        state__in=Delivery.OPEN,\n",
        instead="        state=Delivery.State.FAILED,\n",
        tests=[
            "tests/unit/eventbus/test_relay.py::test_unanswered_delivery_is_sent_again_to_its_own_queue_only"
        ],
    ),
    Guard(
        name="re-sending to the one queue only",
        without="what one app has to do again all apps are sent again",
        file="eventbus/delivery/relay.py",
        text="publisher.to_app(app, [event.envelope for event in events])",
        instead="publisher.to_exchange([event.envelope for event in events])",
        tests=[
            "tests/unit/eventbus/test_relay.py::test_unanswered_delivery_is_sent_again_to_its_own_queue_only"
        ],
    ),
    Guard(
        name="re-sending while the queue is empty only",
        without="an app that was off for days finds a fresh copy of everything each minute",
        file="eventbus/delivery/relay.py",
        text="        if publisher.depth(app):\n",
        instead="        if False:\n",
        tests=[
            "tests/unit/eventbus/test_relay.py"
            "::test_unanswered_delivery_is_not_sent_again_while_the_queue_has_messages"
        ],
    ),
    Guard(
        name="the signature of an envelope",
        without="who can write to the broker invents a payment",
        file="eventbus/messaging/message_validation.py",
        text="    signing.check(wire, headers.get(signing.HEADER))\n",
        instead="",
        tests=["tests/security/test_forged_messages.py::test_what_is_not_signed_is_refused"],
    ),
    Guard(
        name="what cannot be written down goes back",
        without="a message that met a database which may only be read is acknowledged and gone",
        file="eventbus/messaging/handling.py",
        text="        raise Reject(in_one_line(error), requeue=True) from error\n",
        instead="        log.exception(in_one_line(error))\n",
        tests=[
            "tests/unit/eventbus/test_acknowledging.py::test_message_goes_back_while_nothing_can_be_written_down"
        ],
    ),
    Guard(
        name="an error of the bus itself is written down",
        without="an error outside of any reaction is seen by nobody",
        file="eventbus/messaging/handling.py",
        text="        ledger.fail_open(app, incoming.envelope, traceback.format_exc())\n",
        instead="",
        tests=[
            "tests/unit/eventbus/test_acknowledging.py"
            "::test_error_of_the_bus_itself_is_recorded_as_a_failure_of_what_is_open"
        ],
    ),
    Guard(
        name="the database's state is no failure of a reaction",
        without="a failover uses up the attempts of whatever it meets",
        file="eventbus/delivery/run.py",
        text="        if outage.is_outage(error):\n            raise error\n",
        instead="",
        tests=[
            "tests/unit/eventbus/test_runner.py::test_state_of_the_database_is_no_failure_of_a_reaction"
        ],
    ),
    Guard(
        name="what spoils the connection is recorded on a new one",
        without="a reaction cut short within a statement leaves no trace, and comes back for ever",
        file="eventbus/delivery/run.py",
        text="    if isinstance(error, ConnectionBroken) and",
        instead="    if isinstance(error, ConnectionBroken) and False and",
        tests=[
            "tests/unit/eventbus/test_runner.py"
            "::test_time_limit_within_a_statement_is_recorded_and_ends_the_statement"
        ],
    ),
    Guard(
        name="a statement nobody waits for is cancelled",
        without="each time limit leaves a connection of the database behind, until none is left",
        file="eventbus/delivery/run.py",
        text="        outage.cancel_running()\n",
        instead="",
        tests=[
            "tests/unit/eventbus/test_runner.py"
            "::test_time_limit_within_a_statement_is_recorded_and_ends_the_statement",
            "tests/unit/eventbus/test_locked_table.py"
            "::test_processes_that_meet_a_locked_table_again_and_again_take_a_connection_each[signal]",
        ],
    ),
    Guard(
        name="a silent connection is given up",
        without="the relay waits a quarter of an hour for a database whose host is gone",
        file="shop/connections.py",
        text='        "tcp_user_timeout": silence * 1000,\n',
        instead="",
        tests=[
            "tests/system/hosts/test_vanished.py"
            "::test_a_statement_to_a_host_that_vanished_is_given_up"
        ],
    ),
    Guard(
        name="a sign of life is a turn of the loop",
        without="a relay that hangs looks alive",
        file="eventbus/operations/heartbeat.py",
        text='"seen_at": now - self.liveness.age,',
        instead='"seen_at": now,',
        tests=[
            "tests/unit/eventbus/test_workers.py::test_a_loop_that_stands_still_gives_no_sign_of_life"
        ],
    ),
    Guard(
        name="nothing is unpacked",
        without="408 kB from a stranger take 905 MB of a worker before their size is looked at",
        file="eventbus/messaging/compression.py",
        text="        compression.register(_refuse, _refuse, kind)",
        instead="        continue",
        tests=[
            "tests/security/test_forged_messages.py::test_what_is_compressed_is_refused_unopened"
        ],
    ),
    Guard(
        name="commands of strangers",
        without="whoever writes to the broker shuts workers down",
        file="eventbus/messaging/control.py",
        text='        raise MessageRejected("workers do not obey this command")',
        instead="        return arguments",
        tests=[
            "tests/security/test_remote_control.py"
            "::test_of_all_commands_there_are_strangers_can_only_look"
        ],
    ),
    Guard(
        name="a task's id is of one try",
        without="what an operator has ended is refused for three hours, however often it is sent",
        file="eventbus/messaging/broker.py",
        text="        str(uuid4()),",
        instead="        str(envelope.id),",
        tests=[
            "tests/unit/eventbus/test_revoked_tasks.py::test_what_is_sent_again_is_another_task"
        ],
    ),
    Guard(
        name="up again when it takes",
        without="the relay says that it is up while the broker takes nothing",
        file="eventbus/messaging/relay_process.py",
        text="                broker_probe.probe(publisher.connection)",
        instead="                pass",
        tests=[
            "tests/unit/eventbus/test_relay.py::test_it_is_up_again_only_once_the_broker_takes_a_message"
        ],
    ),
]

// An AMQP 1.0 peer by the makers of rhea, that answers as a namespace of Azure Service Bus does:
// it takes tokens at $cbs, and messages at the topic that is named on the command line. It prints
// each message as a line of JSON. What has a subject of "refused" it rejects.
const rhea = require("rhea");

const [port, topic] = process.argv.slice(2);
const container = rhea.create_container({ id: "namespace" });
container.options.receiver_options = { autoaccept: false };

function print(line) {
    process.stdout.write(JSON.stringify(line) + "\n");
}

container.on("sender_open", (context) => {
    // Who asks for answers names their address; $cbs and the topic are of ours.
    context.sender.set_source(context.sender.remote.attach.source);
    context.sender.set_target(context.sender.remote.attach.target);
});

container.on("receiver_open", (context) => {
    const target = context.receiver.remote.attach.target;
    context.receiver.set_target(target);
    context.receiver.set_source(context.receiver.remote.attach.source);
    if (target.address !== "$cbs" && !target.address.endsWith(topic)) {
        context.receiver.close({ condition: "amqp:not-found", description: `no ${target.address}` });
    }
});

container.on("message", (context) => {
    const { message, delivery, receiver, connection } = context;
    if (receiver.target.address === "$cbs") {
        delivery.accept();
        print({ token: message.application_properties });
        answer(connection, message);
        return;
    }
    const body = message.body.content ?? message.body;
    print({ ...message, body: Buffer.from(body).toString() });
    if (message.application_properties.cloudEvents_subject === "refused") {
        delivery.reject({ condition: "amqp:not-allowed", description: "not today", info: {} });
    } else {
        delivery.accept();
    }
});

function answer(connection, request) {
    connection.each_sender((sender) => sender.send({
        correlation_id: request.message_id,
        application_properties: { "status-code": 202, "status-description": "Accepted" },
        body: "",
    }));
}

container.listen({ port: Number(port), host: "127.0.0.1" }).on("listening", () => print({ ready: true }));

// Reads events of the bus from RabbitMQ and prints each as a CloudEvent, one JSON object a line.
//
//   BROKER_URL=amqp://... node consumer.js [--name NAME] [--count N] [TYPE ...]
//
// NAME is this reader's: it has a queue of that name and misses nothing while it is off. TYPE is
// `orders.OrderPlaced`, `orders.*` or `#`, which means all. With N it ends after so many events.
import { parseArgs } from "node:util";
import amqp from "amqplib";
import { CloudEvent } from "cloudevents";

const EXCHANGE = `${process.env.BUS ?? "shop"}.events`;

const { values, positionals } = parseArgs({
  options: { name: { type: "string", default: "node-consumer" }, count: { type: "string" } },
  allowPositionals: true,
});
const types = positionals.length ? positionals : ["#"];
const count = values.count ? Number(values.count) : Infinity;

// The bus fans out to exchanges: one of our own picks the types that we want.
async function bind(channel) {
  const own = `${EXCHANGE}.${values.name}`;
  await channel.checkExchange(EXCHANGE);
  await channel.assertExchange(own, "topic", { durable: true });
  await channel.bindExchange(own, EXCHANGE, "");
  await channel.assertQueue(values.name, { durable: true, arguments: { "x-queue-type": "quorum" } });
  for (const type of types) await channel.bindQueue(values.name, own, type);
  await channel.prefetch(50);
}

// A message is a task message of Celery: [arguments, keyword arguments, embedded]. Its only
// argument is the CloudEvent; the SDK checks it against the schema of CloudEvents 1.0.
function read(message) {
  const [[attributes]] = JSON.parse(message.content.toString("utf8"));
  return new CloudEvent(attributes);
}

const connection = await amqp.connect(process.env.BROKER_URL ?? "amqp://localhost");
const channel = await connection.createChannel();
await bind(channel);

// An event may come more than once. Whoever acts on it remembers the ids in its own database.
const seen = new Set();

async function handle(message) {
  const event = read(message);
  if (!seen.has(event.id) && seen.size < count) {
    seen.add(event.id);
    process.stdout.write(`${event}\n`);
  }
  channel.ack(message);
  if (seen.size === count) {
    await channel.close();
    await connection.close();
  }
}

connection.on("close", () => process.exit(seen.size === count ? 0 : 1));
await channel.consume(values.name, (message) => {
  // Null: somebody has deleted the queue.
  if (message === null) connection.close();
  else
    handle(message).catch((error) => {
      process.stderr.write(`not a CloudEvent: ${error.message}\n`);
      channel.nack(message, false, false);
    });
});
process.stderr.write(`${values.name} listens to ${types.join(", ")}\n`);

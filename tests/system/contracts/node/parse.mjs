// Parses each AsyncAPI document of a JSON list on standard input; prints what is said of each:
// by AsyncAPI's parser of the document, by Ajv of the examples in it.
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';

const ajv = addFormats(new Ajv({ strict: false }));

function operation(each) {
  return {
    action: each.action(),
    address: each.channels().all()[0].address(),
    messages: each.messages().all().map((message) => message.name()),
  };
}

function faults(message) {
  return message.examples().all().flatMap((example) => [
    ...wrong(message.payload().json(), example.payload()),
    // What foreign systems send has none.
    ...(message.hasHeaders() ? wrong(message.headers().json(), example.headers()) : []),
  ]);
}

function wrong(schema, value) {
  return ajv.validate(schema, value) ? [] : ajv.errors.map((each) => `${each.instancePath} ${each.message}`);
}

const parser = new Parser();
const told = [];
for (const given of JSON.parse(readFileSync(0, 'utf8'))) {
  const { document, diagnostics } = await parser.parse(JSON.stringify(given));
  const messages = document?.allMessages().all() ?? [];
  told.push({
    diagnostics: diagnostics.map(({ code, path, message }) => ({ code, path, message })),
    operations: Object.fromEntries(
      (document?.operations().all() ?? []).map((each) => [each.id(), operation(each)]),
    ),
    examples: Object.fromEntries(messages.map((each) => [each.name(), each.examples().all().length])),
    faults: messages.flatMap(faults),
  });
}
console.log(JSON.stringify(told));

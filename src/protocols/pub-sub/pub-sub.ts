/** Pub/Sub push messages: the base64 data of a message is a request. Pub/Sub treats any 2xx response as an acknowledgement. */
import { identify } from '../../http/prediction-id';
import { type Carrier, readBase64 } from '../shared/carrier';
import { isMembers } from '../shared/envelope';
import { expected } from '../shared/faults';
import type { Protocol } from '../shared/protocol';

const schemaName = 'PubSubPush';
const text = { type: 'string' };

const messages: Carrier = {
  open: (read) => ({
    key: 'message',
    name: 'pub-sub',
    answer(model, { message }, request) {
      if (!isMembers(message)) throw expected('/message', 'an object', message);
      identify(request, message.messageId);
      return readBase64(message.data, '/message/data', model, request, read);
    },
  }),
  describe: () => ({ requests: [schemaName], schemas: {}, operation: {}, lists: {} }),
};

export const pubSub: Protocol = {
  name: 'pub-sub',
  carriers: [messages],
  describe({ instances, predictions }) {
    const data = Buffer.from(JSON.stringify({ instances })).toString('base64');
    const push = {
      name: 'pubSub',
      request: { message: { data }, subscription: 'projects/p/subscriptions/s' },
      answer: { predictions },
    };
    return {
      paths: {},
      schemas: {
        [schemaName]: {
          description: 'A Pub/Sub push message with a base64-encoded request as its data.',
          type: 'object',
          required: ['message'],
          properties: {
            message: { type: 'object', required: ['data'], properties: { data: text } },
            subscription: text,
          },
        },
      },
      shared: { requests: [], examples: [push] },
    };
  },
};

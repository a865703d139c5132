/** What people write without a framework: node:http and one model run per request. */
const { createServer } = require('node:http');
const { predict } = require('./predict.cjs');

createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { instances } = JSON.parse(Buffer.concat(chunks).toString());
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ predictions: await predict(instances) }));
}).listen(Number(process.env.PORT));

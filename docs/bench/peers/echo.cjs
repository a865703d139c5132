/** The ceiling: a node:http server that reads a body and sends it back, and does nothing else. */
const { createServer } = require('node:http');

createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    response.setHeader('content-type', 'application/json');
    response.end(Buffer.concat(chunks));
  });
}).listen(Number(process.env.PORT));

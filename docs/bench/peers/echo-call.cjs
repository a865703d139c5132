/** The ceiling of gRPC: a node:http2 server that reads a message, sends it back with a status behind it, and does nothing else. */
const { createServer } = require('node:http2');

const server = createServer();
server.on('stream', (stream) => {
  const chunks = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  stream.on('end', () => {
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true, sendDate: false });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end(Buffer.concat(chunks));
  });
});
server.listen(Number(process.env.PORT));

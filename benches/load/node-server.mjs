// The article's handler in plain Node: a POST is answered with JSON events, one after each pause.
import http from 'node:http';

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function writeBySSE(res, data) {
  res.write(`data: ${JSON.stringify(data)}\n\n`);
}

const server = http.createServer(async (req, res) => {
  // How many tokens, how long between them, and how long until the first: the article's are constants.
  const query = new URL(req.url, 'http://x').searchParams;
  const [tokens, pace, wait] = ['tokens', 'pace', 'wait'].map((key) => Number(query.get(key)));
  res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache', Connection: 'keep-alive' });
  res.flushHeaders();
  await sleep(wait);
  for (let sent = 0; sent < tokens && !res.destroyed; sent++) {
    writeBySSE(res, { t: 'text', r: 'abcdefg~' });
    await sleep(pace);
  }
  res.write('data: [DONE]\n\n');
  res.end();
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 20000 }, () => console.log(server.address().port));

// Measures the release program beside a direct connection, in one run:
// from its start to listening, idle memory, and from a cancel to the provider's connection closing.
//
//   scripts/bench-server [cancels]
//
// Prints medians and ratios. Nothing here passes or fails: machines differ, and are shared.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const program = resolve(process.argv[2]);
const cancels = Number(process.argv[3] ?? 1000);
const starts = 21;

/** A provider that says one word and then nothing, and reports when its connection closes. */
async function silentProvider() {
  const waiting = [];
  const open = new Set();
  const server = net.createServer({ noDelay: true }, (socket) => {
    open.add(socket);
    let said = false;
    const gone = () => {
      if (!open.delete(socket)) return;
      const at = performance.now();
      if (said) waiting.shift()?.(at);
    };
    socket.on("data", () => {
      if (said) return;
      said = true;
      const event = 'data: {"choices":[{"delta":{"content":"word"}}]}\n\n';
      socket.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n" +
          `${event.length.toString(16)}\r\n${event}\r\n`,
      );
    });
    socket.on("end", gone).on("close", gone).on("error", gone);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: server.address().port,
    /** When the next connection closes, on `performance.now()`'s clock. */
    nextClose: () => new Promise((done) => waiting.push(done)),
    open: () => open.size,
    close: () => server.close(),
  };
}

/** Starts the program in an empty folder; resolves when it says that it listens. */
async function start(settings) {
  const dir = mkdtempSync(join(tmpdir(), "sluice-bench-"));
  if (settings) writeFileSync(join(dir, "Leptos.toml"), settings);
  const begun = performance.now();
  const child = spawn(program, ["--addr", "127.0.0.1:0", "--data", join(dir, "data")], { cwd: dir, stdio: ["ignore", "pipe", "ignore"] });
  const [line] = await once(child.stdout, "data");
  const ms = performance.now() - begun;
  const port = Number(String(line).match(/http:\/\/[^:]+:(\d+)/)[1]);
  const stop = async () => {
    child.kill("SIGTERM");
    await once(child, "exit");
    rmSync(dir, { recursive: true });
  };
  return { child, port, ms, stop };
}

const residentMB = (pid) =>
  Number(readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]) / 1024;

const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
/** Whom the server takes us for, from its first response on. */
let cookie;

async function post(port, path, body) {
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    // Who has a cookie says where it comes from.
    ...(cookie && { cookie, origin: `http://127.0.0.1:${port}` }),
  };
  const response = await new Promise((done, failed) => {
    const request = http.request({ port, host: "127.0.0.1", path, method: "POST", headers, agent }, done);
    request.on("error", failed).end(body);
  });
  cookie ??= response.headers["set-cookie"]?.[0].split(";")[0];
  if (response.statusCode !== 200) throw new Error(`${path} is answered with ${response.statusCode}`);
  return response;
}

/** From sending the cancel to the provider seeing its connection close. */
async function throughSluice(port, provider) {
  const stream = await post(
    port,
    "/api/chat",
    JSON.stringify({ model: "silent/word", message: { parts: [{ t: "text", r: "hi" }] } }),
  );
  let seen = "";
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    seen += chunk;
    if (seen.includes('"word"')) break;
  }
  stream.resume();
  const closed = provider.nextClose();
  const begun = performance.now();
  const answer = await post(port, `${stream.headers.location}/cancel`, "");
  answer.resume();
  return (await closed) - begun;
}

/** The same with nothing in between: the client closes its own connection to the provider. */
async function direct(provider) {
  const socket = net.connect(provider.port, "127.0.0.1");
  socket.write("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  await once(socket, "data");
  const closed = provider.nextClose();
  const begun = performance.now();
  socket.destroy();
  return (await closed) - begun;
}

const at = (sorted, quantile) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))];
const sort = (values) => values.sort((a, b) => a - b);
const ms = (value) => `${value.toFixed(2)} ms`;

const begins = [];
for (let i = 0; i < starts; i++) {
  const server = await start();
  begins.push(server.ms);
  await server.stop();
}
sort(begins);
console.log(`start to listening     median ${ms(at(begins, 0.5))}, worst ${ms(begins.at(-1))} of ${starts}`);

const provider = await silentProvider();
const server = await start(
  `[[providers]]\nname = "silent"\nbase_url = "http://127.0.0.1:${provider.port}/v1"\nmodels = ["word"]\n`,
);
const fresh = residentMB(server.child.pid);
const [through, straight] = [[], []];
for (let i = 0; i < cancels; i++) {
  through.push(await throughSluice(server.port, provider));
  straight.push(await direct(provider));
}
sort(through);
sort(straight);
console.log(`idle memory            ${fresh.toFixed(1)} MB resident`);
console.log(`  after ${cancels} answers   ${residentMB(server.child.pid).toFixed(1)} MB resident`);
console.log(`cancel to closed       p50 ${ms(at(through, 0.5))}, p99 ${ms(at(through, 0.99))} over ${cancels}`);
console.log(`  direct close         p50 ${ms(at(straight, 0.5))}, p99 ${ms(at(straight, 0.99))}`);
console.log(`  ratio of the medians ${(at(through, 0.5) / at(straight, 0.5)).toFixed(1)}`);
console.log(`  connections left     ${provider.open()}`);
agent.destroy();
await server.stop();
provider.close();

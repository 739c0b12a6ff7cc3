// The program as it is built, in an empty folder.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const binary = process.env.SLUICE_BIN ? path.resolve(process.env.SLUICE_BIN) : path.join(root, 'target/release/sluice');

/** Starts it with these arguments; resolves with its address, and what ends it. */
export async function start(args = []) {
  const folder = mkdtempSync(path.join(tmpdir(), 'sluice-bench-'));
  const server = spawn(binary, ['--addr', '127.0.0.1:0', '--data', path.join(folder, 'data'), ...args], { cwd: folder });
  const gone = new Promise((resolve) => server.once('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    let said = '';
    const listen = (chunk) => {
      said += chunk;
      const found = said.match(/http:\/\/127\.0\.0\.1:[1-9]\d*/);
      if (found) resolve(found[0]);
    };
    server.stdout.on('data', listen);
    server.stderr.on('data', listen);
    server.on('error', reject);
    server.on('exit', (code) => reject(new Error(`the program ended with ${code}:\n${said}`)));
  });
  const stop = async () => {
    server.kill('SIGTERM');
    await gone;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, stop };
}

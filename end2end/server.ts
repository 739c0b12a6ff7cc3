/** Starts the program under test, each time in an empty directory. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const BINARY = path.resolve(process.env.SLUICE_BIN ?? path.join(import.meta.dirname, '../target/release/sluice'));

/** Whether the program under test is a release build, by where it lies. */
export const IS_RELEASE = BINARY.includes(`${path.sep}release${path.sep}`);

export interface Server {
  /** `http://127.0.0.1:PORT`, without a final slash. */
  url: string;
  /** What it wrote so far. */
  output(): string;
  /** Sends SIGTERM and resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** `config` is the text of its `Leptos.toml`. */
export async function startServer(config: string): Promise<Server> {
  const settings = mkdtempSync(path.join(tmpdir(), 'sluice-settings-'));
  const empty = mkdtempSync(path.join(tmpdir(), 'sluice-empty-'));
  const file = path.join(settings, 'Leptos.toml');
  writeFileSync(file, config);
  const program = spawn(BINARY, ['serve', '--addr', '127.0.0.1:0', '--config', file], {
    cwd: empty,
    // What a test leaves behind goes with its server.
    env: { ...process.env, SLUICE_DATA: ':memory:' },
  });
  let output = '';
  program.stdout.on('data', (chunk) => (output += chunk));
  program.stderr.on('data', (chunk) => (output += chunk));
  const exited = new Promise<number | null>((resolve) => program.on('exit', resolve));
  const url = await addressOf(program, () => output);
  return {
    url,
    output: () => output,
    async stop() {
      program.kill('SIGTERM');
      const code = await exited;
      const left = readdirSync(empty);
      rmSync(settings, { recursive: true });
      rmSync(empty, { recursive: true });
      if (left.length > 0) throw new Error(`the server left files where it ran: ${left.join(', ')}`);
      return code;
    },
  };
}

function addressOf(process: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = output().match(/http:\/\/127\.0\.0\.1:[1-9]\d*/);
      if (found) resolve(found[0]);
    };
    process.stdout?.on('data', look);
    process.stderr?.on('data', look);
    process.on('error', reject);
    process.on('exit', (code) => reject(new Error(`the server ended with ${code}:\n${output()}`)));
  });
}

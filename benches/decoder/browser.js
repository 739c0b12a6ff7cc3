// Our decoder in WASM beside eventsource-parser, in one page of a real browser.
// Usage: node browser.js STREAM; prints JSON, milliseconds by contest. CHROMIUM names the browser.

import {spawn} from 'node:child_process'
import {mkdtempSync, readFileSync} from 'node:fs'
import {rm} from 'node:fs/promises'
import {createServer} from 'node:http'
import {tmpdir} from 'node:os'
import {extname, join} from 'node:path'

const here = new URL('.', import.meta.url).pathname
const types = {'.js': 'text/javascript', '.wasm': 'application/wasm'}
const page = `<!doctype html><title>bench</title>
<script type="importmap">{"imports":{"eventsource-parser":"/node_modules/eventsource-parser/dist/index.js"}}</script>
<script type="module" src="/page.js"></script>`

const profile = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
const browser = {process: null}

/** Ends the browser with its whole process group, which writes to its folder until it is gone. */
async function finish(code) {
  clearTimeout(timer)
  server.close()
  server.closeAllConnections()
  if (browser.process.exitCode === null) {
    const gone = new Promise((resolve) => browser.process.once('exit', resolve))
    process.kill(-browser.process.pid, 'SIGKILL')
    await gone
  }
  await rm(profile, {recursive: true, force: true, maxRetries: 20, retryDelay: 50})
  process.exitCode = code
}

const server = createServer((request, response) => {
  const {pathname} = new URL(request.url, 'http://localhost')
  if (request.method === 'POST') {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      response.end()
      const failed = pathname !== '/result'
      ;(failed ? console.error : console.log)(body)
      finish(failed ? 1 : 0)
    })
    return
  }
  try {
    const body = pathname === '/' ? page : readFileSync(pathname === '/stream' ? process.argv[2] : join(here, pathname))
    response.setHeader('content-type', types[extname(pathname)] ?? (pathname === '/' ? 'text/html' : 'text/plain'))
    response.end(body)
  } catch {
    response.statusCode = 404
    response.end()
  }
})

const timer = setTimeout(() => {
  console.error('the browser did not finish within three minutes')
  finish(1)
}, 180_000)

server.listen(0, '127.0.0.1', () => {
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run']
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync']
  const url = `http://127.0.0.1:${server.address().port}/`
  browser.process = spawn(
    process.env.CHROMIUM ?? '/usr/bin/chromium',
    [...flags, ...quiet, `--user-data-dir=${profile}`, url],
    {stdio: 'ignore', detached: true},
  )
  browser.process.once('error', (error) => {
    console.error(`the browser can't be started: ${error.message}`)
    process.exit(1)
  })
})

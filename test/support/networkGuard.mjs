// Loaded before everything else in each Node process of a test (NODE_OPTIONS=--import …): writes down whatever is asked of the network beyond this machine.
import { appendFileSync } from 'node:fs'
import dgram from 'node:dgram'
import dns from 'node:dns'
import net from 'node:net'

const log = process.env.WINNOW_TEST_NETWORK_LOG
const here = /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\]|)$/i
const note = (what) => appendFileSync(log, `${what} by ${process.argv.slice(1).join(' ')}\n`)

const connect = net.Socket.prototype.connect
net.Socket.prototype.connect = function (...args) {
  const [first] = Array.isArray(args[0]) ? args[0] : args
  const host = typeof first === 'object' ? (first.path ? '' : (first.host ?? '')) : typeof args[1] === 'string' ? args[1] : ''
  if (!here.test(host)) note(`connect ${host}`)
  return connect.apply(this, args)
}

for (const api of [dns, dns.promises]) {
  for (const name of Object.keys(api).filter((each) => /^(lookup|resolve|reverse)/.test(each) && typeof api[each] === 'function')) {
    const ask = api[name]
    api[name] = function (host, ...rest) {
      if (!here.test(String(host))) note(`${name} ${host}`)
      return ask.call(this, host, ...rest)
    }
  }
}

const send = dgram.Socket.prototype.send
dgram.Socket.prototype.send = function (...args) {
  note('a datagram')
  return send.apply(this, args)
}

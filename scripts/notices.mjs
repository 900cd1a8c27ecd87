// The licences of everything that ships with Winnow, as one text: the engine's packages and what the built page is made of.
// Run by itself it prints a table: node scripts/notices.mjs
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { enginePackages, pagePackages } from './shippedPackages.mjs'

/** Licences under which a package may go into an MIT-licensed product as it is. */
const accepted = new Set(['MIT', 'MIT-0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0', 'CC0-1.0', 'Unlicense', 'Zlib'])

const ownText = (file) => readFileSync(join(import.meta.dirname, 'licences', file), 'utf8').trim()

/** Packages under other terms that somebody has looked at, with what these ask for. */
const lookedAt = [
  {
    name: /^@img\/sharp-(libvips-|wasm|win32)/, licence: /LGPL-3\.0-or-later/,
    why: 'libvips and what it links, as a shared library beside the program. It is unchanged and may be replaced by another build of the same version; its sources are at https://github.com/lovell/sharp-libvips.',
    // The package's README lists what is linked in and under which terms.
    texts: (folder) => [readFileSync(join(folder, 'README.md'), 'utf8'), ...['LGPL-3.0.txt', 'GPL-3.0.txt'].map(ownText)]
  },
  {
    name: /^h5wasm$/, licence: /^SEE LICENSE IN LICENSE\.txt$/,
    why: 'Made by NIST: free to copy and change, with its notice kept and NIST named as the source. It holds the HDF5 library, under a BSD licence.',
    texts: () => [ownText('HDF5.txt')]
  }
]

const licenceFile = /^(licen[cs]e|copying|notice|third.?party.?notices?|unlicense)([.-].*)?$/i

const licenceOf = ({ license, licenses }) => (typeof license === 'string' ? license : (license?.type ?? licenses?.map(({ type }) => type).join(' OR ') ?? 'none given'))
const alternatives = (licence) => licence.replaceAll(/[()]/g, '').split(/ OR /)
const isAccepted = (licence) => alternatives(licence).some((one) => one.split(/ AND /).every((part) => accepted.has(part.trim())))

/** Name, version, licence and licence texts of each package; `remark` where its terms are not the usual ones. Throws for terms that nobody has looked at. */
export function collectLicences(root, paths) {
  const seen = new Map()
  for (const path of paths) {
    const folder = join(root, path)
    if (!existsSync(join(folder, 'package.json'))) continue
    const { name, version, homepage, repository, ...rest } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const licence = licenceOf(rest)
    const special = isAccepted(licence) ? null : lookedAt.find((one) => one.name.test(name) && one.licence.test(licence))
    if (special === undefined) throw new Error(`${name} ${version} is under "${licence}". Look whether it may ship with an MIT-licensed product, and add what it asks for to scripts/notices.mjs.`)
    const texts = readdirSync(folder).filter((file) => licenceFile.test(file) && statSync(join(folder, file)).isFile()).map((file) => readFileSync(join(folder, file), 'utf8').trim())
    if (special) texts.push(...special.texts(folder))
    const isBare = texts.length === 0
    if (isBare && licence === 'MIT') texts.push(`(The package carries no licence text; this is the text of its licence.)\n\nCopyright (c) the authors of ${name}\n\n${ownText('MIT.txt')}`)
    const source = homepage ?? (typeof repository === 'string' ? repository : repository?.url) ?? ''
    seen.set(`${name} ${version}`, { name, version, licence, remark: special?.why ?? null, source, isBare, texts })
  }
  return [...seen.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
}

/** THIRD-PARTY-NOTICES.txt as it ships. */
export function noticesText(licences) {
  const rule = '-'.repeat(78)
  const parts = licences.map(({ name, version, licence, remark, source, texts }) => [
    rule, `${name} ${version}`, `Licence: ${licence}${source ? `\n${source}` : ''}`, remark ?? '', ...texts
  ].filter(Boolean).join('\n\n'))
  return `Winnow is under the MIT licence (LICENSE). It ships with the following software, each under its own licence.\nElectron's and Chromium's own notices lie beside the program (LICENSE, LICENSES.chromium.html).\n\n${parts.join('\n\n')}\n`
}

export const shippedLicences = (root) => collectLicences(root, [...enginePackages(root), ...pagePackages(root)])

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, version, licence, remark, isBare } of shippedLicences(dirname(dirname(fileURLToPath(import.meta.url))))) {
    process.stdout.write(`${[name, version, licence, isBare ? 'no text of its own' : '', remark ? 'see its remark' : ''].filter(Boolean).join('  ')}\n`)
  }
}

/**
 * What a ZIP holds and how large it really becomes. A few kilobytes can unpack to terabytes (a zip bomb), and the sizes written in the
 * archive may lie; so every part is unpacked once, counted and thrown away before anything reads it.
 */
import { createReadStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createInflateRaw } from 'node:zlib'

export type ZipPart = { readonly name: string; readonly method: number; readonly packed: number; readonly at: number }
export type ZipFault = 'damaged' | 'tooLarge' | 'bomb' | 'entities'

const END = 0x06054b50
const ENTRY = 0x02014b50
const LOCAL = 0x04034b50
const MOST_PARTS = 5000
const LARGEST_DIRECTORY = 4 * 1024 * 1024

/** The parts of the archive, or what is wrong with it. */
export async function zipParts(path: string): Promise<ZipPart[] | 'damaged' | 'tooLarge'> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const tail = await bytesAt(file, Math.max(0, size - 65_557), Math.min(size, 65_557))
    let end = tail.length - 22
    while (end >= 0 && tail.readUInt32LE(end) !== END) end--
    if (end < 0) return 'damaged'
    const count = tail.readUInt16LE(end + 10)
    const length = tail.readUInt32LE(end + 12)
    if (count > MOST_PARTS || length > LARGEST_DIRECTORY) return 'tooLarge'
    return readDirectory(await bytesAt(file, tail.readUInt32LE(end + 16), length), count)
  } catch (error) {
    if (error instanceof RangeError) return 'damaged'
    throw error
  } finally {
    await file.close()
  }
}

function readDirectory(bytes: Buffer, count: number): ZipPart[] | 'damaged' {
  const parts: ZipPart[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    if (bytes.readUInt32LE(at) !== ENTRY) return 'damaged'
    const nameLength = bytes.readUInt16LE(at + 28)
    const extraLength = bytes.readUInt16LE(at + 30)
    const extra = bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength)
    const large = largeSizes(extra, [bytes.readUInt32LE(at + 24), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)])
    parts.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      method: bytes.readUInt16LE(at + 10),
      packed: large[1] ?? 0,
      at: large[2] ?? 0,
    })
    at += 46 + nameLength + extraLength + bytes.readUInt16LE(at + 32)
  }
  return parts
}

/** ZIP64 writes 0xffffffff for a number and the number itself in an extra field, in the order unpacked size, packed size, place. */
function largeSizes(extra: Buffer, numbers: readonly number[]): number[] {
  let at = 0
  while (at + 4 <= extra.length && extra.readUInt16LE(at) !== 1) at += 4 + extra.readUInt16LE(at + 2)
  let next = at + 4
  return numbers.map(number => {
    if (number !== 0xffffffff) return number
    const value = Number(extra.readBigUInt64LE(next))
    next += 8
    return value
  })
}

/** Cells that people typed shrink to a tenth; what unpacks to so much more than it weighs was made to hurt. */
const LIKELY_RATIO = 150
const NEVER_A_BOMB = 20 * 1024 * 1024

/** Unpacks every part into nothing. `budget` bounds the sum of unpacked bytes. */
export async function checkUnpacked(path: string, parts: readonly ZipPart[], budget: number): Promise<ZipFault | undefined> {
  const file = await open(path)
  let total = 0
  let declares = false
  try {
    const { size } = await file.stat()
    const most = Math.max(NEVER_A_BOMB, size * LIKELY_RATIO)
    for (const part of parts) {
      const head = await bytesAt(file, part.at, 30)
      if (head.readUInt32LE(0) !== LOCAL) return 'damaged'
      const start = part.at + 30 + head.readUInt16LE(26) + head.readUInt16LE(28)
      if (part.method === 0) total += part.packed
      else if (part.method !== 8) return 'damaged'
      else if (part.packed > 0) {
        const unpacked = await unpackedSize(path, start, part.packed, Math.min(budget, most) - total)
        total += unpacked.size
        declares ||= unpacked.declares
      }
      if (total > budget) return 'tooLarge'
      if (total > most) return 'bomb'
    }
    return declares ? 'entities' : undefined
  } catch (error) {
    if (error instanceof RangeError || (error as NodeJS.ErrnoException).code?.startsWith('Z_')) return 'damaged'
    throw error
  } finally {
    await file.close()
  }
}

/** No part of a workbook begins with a document type: one that does declares entities. */
const declaresTypes = (chunk: Buffer): boolean => chunk.toString('latin1', 0, 512).includes('<!DOCTYPE')

async function unpackedSize(path: string, start: number, length: number, budget: number): Promise<{ size: number; declares: boolean }> {
  let size = 0
  let declares = false
  const source = createReadStream(path, { start, end: start + length - 1, highWaterMark: 1 << 18 })
  try {
    await pipeline(source, createInflateRaw({ chunkSize: 1 << 18 }), async (chunks: AsyncIterable<Buffer>) => {
      for await (const chunk of chunks) {
        if (size === 0) declares = declaresTypes(chunk)
        size += chunk.length
        if (size > budget) return
      }
    })
  } catch (error) {
    // Leaving the loop early ends the pipeline with an abort: the answer is known by then.
    if (size <= budget) throw error
  }
  return { size, declares }
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, at)
  if (bytesRead < length) throw new RangeError('the archive ends early')
  return buffer
}

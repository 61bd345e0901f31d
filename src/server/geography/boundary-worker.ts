/** Reads a boundary file in a thread of its own: hundreds of thousands of corners are checked and joined there, and the server goes on answering. */
import { parentPort, workerData } from 'node:worker_threads'
import { readBoundaries } from '../../core/geography/boundaries.ts'
import type { CoordinateSystem } from '../../core/geography/convert.ts'
import { divisionIndex } from './reference.ts'

export type BoundaryOrder = { readonly text: string; readonly crs: CoordinateSystem }

const order = workerData as BoundaryOrder
parentPort?.postMessage(readBoundaries(order.text, order.crs, divisionIndex()))

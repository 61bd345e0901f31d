/** The thread that converts a large file: one batch for each "next" it is sent. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Refusal } from '../../core/kernel/result.ts'
import { convertFile, type FileOrder, type WorkerAnswer } from './convert-file.ts'

const port = parentPort
if (port) {
  const batches = convertFile(workerData as FileOrder)
  let asked = 0
  let busy = false
  const work = async (): Promise<void> => {
    if (busy) return
    busy = true
    try {
      for (; asked > 0; asked -= 1) {
        const step = await batches.next()
        const answer: WorkerAnswer = step.done ? { kind: 'end', outcome: step.value } : { kind: 'batch', batch: step.value }
        port.postMessage(answer, answer.kind === 'batch' ? [answer.batch.rows.buffer, answer.batch.rejects.buffer] : [])
        if (step.done) return
      }
    } catch (error) {
      const refusal = (error as { refusal?: Refusal }).refusal
      const answer: WorkerAnswer = refusal ? { kind: 'refused', refusal } : { kind: 'failed', message: String((error as Error).message) }
      port.postMessage(answer)
    } finally {
      busy = false
    }
  }
  port.on('message', () => {
    asked += 1
    void work()
  })
}

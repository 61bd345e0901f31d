/** Shapes that are drawn: a circle as a ring, a sweep thinned to the corners that say something. */
export type Point = readonly [number, number]

/** Four decimals are about ten metres: nobody draws finer with a mouse. */
export const roundOff = (degrees: number): number => Math.round(degrees * 1e4) / 1e4

/** A circle on the ground as a ring of 64 corners. */
export function circleRing(lng: number, lat: number, km: number): Point[] {
  const dy = km / 111.195
  const dx = dy / Math.max(0.05, Math.cos((lat * Math.PI) / 180))
  return Array.from({ length: 65 }, (_, i): Point => [lng + dx * Math.cos((i * Math.PI) / 32), lat + dy * Math.sin((i * Math.PI) / 32)])
}

/** Corners that lie further than `least` degrees from the line between the ones kept (Douglas and Peucker 1973). */
export function thinned(points: readonly Point[], least: number): Point[] {
  const keep = new Set([0, points.length - 1])
  const stack: [number, number][] = [[0, points.length - 1]]
  while (stack.length > 0) {
    const [from, to] = stack.pop()!
    let far = -1
    let best = least
    for (let i = from + 1; i < to; i += 1) {
      const distance = fromLine(points[i]!, points[from]!, points[to]!)
      if (distance > best) {
        best = distance
        far = i
      }
    }
    if (far < 0) continue
    keep.add(far)
    stack.push([from, far], [far, to])
  }
  return points.filter((_, i) => keep.has(i)).map(([x, y]): Point => [roundOff(x), roundOff(y)])
}

function fromLine(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const length = Math.hypot(dx, dy)
  return length === 0 ? Math.hypot(p[0] - a[0], p[1] - a[1]) : Math.abs(dy * (p[0] - a[0]) - dx * (p[1] - a[1])) / length
}

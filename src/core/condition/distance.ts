/** Great-circle distance (haversine) on a sphere of 6,371.0088 km, WGS-84 degrees: within 0.6 % of the ellipsoid, enough for a radius. */
const RADIUS_KM = 6371.0088
const RAD = Math.PI / 180

export function distanceKm(lng1: number, lat1: number, lng2: number, lat2: number): number {
  const a = Math.sin(((lat2 - lat1) * RAD) / 2) ** 2 + Math.cos(lat1 * RAD) * Math.cos(lat2 * RAD) * Math.sin(((lng2 - lng1) * RAD) / 2) ** 2
  return 2 * RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(a)))
}

import type { GeoPoint } from "../../contract/filter.ts";
import type { Json } from "../../contract/json.ts";

/** Mean radius of the earth, IUGG. */
const EARTH_KM = 6371.0088;

/** The place that a metadata object names by its numbers `lat` (-90..90) and `lon`. */
export function pointOf(value: Json | undefined): GeoPoint | undefined {
  if (value === null || value === undefined || typeof value !== "object" || !("lat" in value) || !("lon" in value))
    return undefined;
  const { lat, lon } = value;
  if (typeof lat !== "number" || typeof lon !== "number" || Math.abs(lat) > 90 || !Number.isFinite(lon))
    return undefined;
  return { lat, lon };
}

/** Great-circle distance by the haversine formula. */
export function distanceKm(a: GeoPoint, b: GeoPoint): number {
  const north = Math.sin(radians(b.lat - a.lat) / 2);
  const east = Math.sin(radians(b.lon - a.lon) / 2);
  const chord = north * north + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * east * east;
  return 2 * EARTH_KM * Math.asin(Math.sqrt(Math.min(1, chord)));
}

/** The latitudes that a circle reaches, a little widened against rounding. */
export function latitudesWithin(center: GeoPoint, km: number): readonly [south: number, north: number] {
  const reach = (km / EARTH_KM) * (180 / Math.PI) + 1e-6;
  return [center.lat - reach, center.lat + reach];
}

/** Whether a point lies inside a polygon on the plane of latitude and longitude, by the even-odd rule. A polygon across ±180° is not cut. */
export function insidePolygon(polygon: readonly GeoPoint[], point: GeoPoint): boolean {
  let inside = false;
  let previous = polygon.at(-1);
  for (const corner of polygon) {
    if (previous !== undefined && corner.lat > point.lat !== previous.lat > point.lat) {
      const crossing =
        ((previous.lon - corner.lon) * (point.lat - corner.lat)) / (previous.lat - corner.lat) + corner.lon;
      if (point.lon < crossing) inside = !inside;
    }
    previous = corner;
  }
  return inside;
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

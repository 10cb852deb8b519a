//! The map view: one GeoJSON feature (RFC 7946, WGS 84) for each place that an article names and that could be located, with its mentions. A
//! geographic information system opens the collection as a layer of points.

use serde_json::{Map, Value, json};

/// A place's own fields, copied from its surest mention.
const FIELDS: [&str; 7] = ["name", "level", "country", "admin1", "admin2", "geonameid", "approximate"];
/// A mention's fields.
const MENTION: [&str; 7] = ["id", "start", "end", "text", "level", "literal", "confidence"];
/// What of the article's metadata each feature repeats: GIS programs know no tables beside the features.
const META: [&str; 3] = ["title", "published", "url"];

/// The features of `record` (a JSON object as in the record's schema), in order of their first mention, with commas and line ends between
/// them; empty if no place of it could be located.
pub fn geojson(record: &Value) -> String {
    let places = record["places"].as_array().map_or(&[][..], Vec::as_slice);
    let mut features: Vec<Feature> = Vec::new();
    for place in places {
        let (Some(lat), Some(lon)) = (degrees(place, "lat", 90.0), degrees(place, "lon", 180.0)) else { continue };
        // A name unknown to the gazetteer is a place of its own, though it may stand where another one does.
        let unknown = place["name"].is_null().then(|| &place["text"]);
        let key = (&place["geonameid"], unknown.unwrap_or(&place["name"]), lat.to_bits(), lon.to_bits());
        match features.iter_mut().find(|f| f.key == key) {
            Some(known) => known.mentions.push(place),
            None => features.push(Feature { key, at: [lon, lat], mentions: vec![place] }),
        }
    }
    let lines: Vec<String> = features.iter().map(|f| f.json(record).to_string()).collect();
    lines.join(",\n")
}

/// A coordinate, if it is one.
fn degrees(place: &Value, key: &str, limit: f64) -> Option<f64> {
    place[key].as_f64().filter(|d| d.abs() <= limit)
}

struct Feature<'a> {
    key: (&'a Value, &'a Value, u64, u64),
    at: [f64; 2],
    mentions: Vec<&'a Value>,
}

impl Feature<'_> {
    fn json(&self, record: &Value) -> Value {
        let sure = |m: &Value| m["confidence"].as_f64().unwrap_or(0.0);
        let mut best = self.mentions[0];
        for &mention in &self.mentions[1..] {
            // "Russia" says more of the place than "Russian".
            let adjective = |m: &Value| m["level"] == "demonym";
            if (adjective(best), sure(mention)) > (adjective(mention), sure(best)) {
                best = mention;
            }
        }
        let mut properties = Map::new();
        properties.insert("article".into(), record["id"].clone());
        let picked = |from: &Value, keys: &[&str]| -> Vec<(String, Value)> {
            keys.iter().filter(|k| !from[**k].is_null()).map(|k| ((*k).to_owned(), from[*k].clone())).collect()
        };
        properties.extend(picked(&record["meta"], &META));
        properties.insert("name".into(), best["text"].clone());
        properties.extend(picked(best, &FIELDS));
        let top = self.mentions.iter().map(|m| sure(m)).fold(0.0, f64::max);
        properties.insert("confidence".into(), json!(top));
        properties.insert("count".into(), json!(self.mentions.len()));
        let mentions: Vec<Value> =
            self.mentions.iter().map(|m| Value::Object(picked(m, &MENTION).into_iter().collect())).collect();
        properties.insert("mentions".into(), Value::Array(mentions));
        json!({
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": self.at},
            "properties": properties,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn features(record: &Value) -> Vec<Value> {
        serde_json::from_str(&format!("[{}]", geojson(record))).expect("JSON")
    }

    #[test]
    fn mentions_of_one_place_share_a_feature() {
        let record = json!({"id": "a", "places": [
            {"id": "p1", "start": 0, "end": 9, "text": "Norwegian", "level": "demonym", "name": "Norway", "country": "NO",
             "lat": 62.0, "lon": 10.0, "geonameid": 3_144_096, "confidence": 0.99},
            {"id": "p2", "start": 20, "end": 24, "text": "Oslo", "level": "city", "name": "Oslo", "country": "NO",
             "lat": 59.9127, "lon": 10.7461, "geonameid": 3_143_244, "confidence": 0.98},
            {"id": "p3", "start": 30, "end": 36, "text": "Norway", "level": "country", "name": "Norway", "country": "NO",
             "lat": 62.0, "lon": 10.0, "geonameid": 3_144_096, "confidence": 0.97},
        ]});
        let found = features(&record);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0]["geometry"], json!({"type": "Point", "coordinates": [10.0, 62.0]}));
        assert_eq!(found[0]["properties"]["level"], "country");
        assert_eq!(found[0]["properties"]["count"], 2);
        assert_eq!(found[0]["properties"]["confidence"], 0.99);
        assert_eq!(found[0]["properties"]["mentions"][1]["start"], 30);
    }

    #[test]
    fn what_has_no_point_is_left_out() {
        let record = json!({"id": "a", "places": [
            {"text": "Elm Street", "level": "facility"},
            {"text": "Nowhere", "lat": 91.0, "lon": 0.0},
        ]});
        assert_eq!(geojson(&record), "");
        assert_eq!(geojson(&json!({"id": "a"})), "");
    }

    #[test]
    fn unknown_places_stay_apart() {
        let record = json!({"id": "a", "places": [
            {"text": "Upper Farm", "lat": 1.0, "lon": 2.0, "approximate": true, "confidence": 0.5},
            {"text": "Lower Farm", "lat": 1.0, "lon": 2.0, "approximate": true, "confidence": 0.5},
        ]});
        let names: Vec<_> = features(&record).iter().map(|f| f["properties"]["name"].clone()).collect();
        assert_eq!(names, ["Upper Farm", "Lower Farm"]);
    }
}

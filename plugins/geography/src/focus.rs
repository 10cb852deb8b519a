//! What an article is about, as far as places go: each country is weighed by how often, how early and how literally its places are named.

use crate::gazetteer::{Level, Record};

/// A place of the article as focus sees it.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// Its index in the layer of places.
    pub index: usize,
    /// Where it stands in the text (bytes).
    pub span: factbox_sdk::Span,
    /// The place.
    pub place: Record,
    /// How far into the article it stands, 0 to 1.
    pub position: f32,
    /// How sure the place is, 0 to 1.
    pub confidence: f32,
    /// In the headline.
    pub headline: bool,
    /// In the dateline.
    pub dateline: bool,
    /// An adjective or a people.
    pub demonym: bool,
    /// Means the place itself.
    pub literal: bool,
}

/// A country in focus.
#[derive(Clone, Copy, Debug)]
pub struct Focus {
    /// Index of its most telling place in the layer of places.
    pub place: usize,
    /// Number of the country.
    pub country: u8,
    /// Its share of all weight, 0 to 1.
    pub share: f32,
}

/// The countries in focus, the first one first: those with a fifth of the weight, at most three.
pub fn focus(seen: &[Seen]) -> Vec<Focus> {
    let mut weights = [0f32; 256];
    let mut tops: [Option<(f32, usize)>; 256] = [None; 256];
    let mut total = 0.0;
    for s in seen.iter().filter(|s| s.place.country != 0) {
        let mut weight = 1.0 + 1.0 * (1.0 - s.position);
        weight *= if s.headline { 2.0 } else { 1.0 };
        weight *= if s.demonym { 0.7 } else { 1.0 };
        weight *= s.confidence;
        weight *= if s.literal { 1.0 } else { 0.7 };
        let country = usize::from(s.place.country);
        weights[country] += weight;
        total += weight;
        let telling = weight * if s.place.level == Level::Country { 1.0 } else { 1.3 };
        if tops[country].is_none_or(|t| telling > t.0) {
            tops[country] = Some((telling, s.index));
        }
    }
    let mut found: Vec<Focus> = (1..=255u8)
        .filter_map(|country| {
            let (_, place) = tops[usize::from(country)]?;
            Some(Focus { place, country, share: weights[usize::from(country)] / total })
        })
        .collect();
    found.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.country.cmp(&b.country)));
    let keep = found.iter().take(3).take_while(|f| f.share >= 0.2).count().max(1);
    found.truncate(keep);
    found
}

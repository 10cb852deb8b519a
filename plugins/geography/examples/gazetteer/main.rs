//! Builds `data/gazetteer.bin` from registry packages (unpacked side by side in a folder) and the fact tables in `data/`: places are read
//! ([`sources`]), the fact tables are joined to them ([`facts`]), and everything is packed ([`pack`]). The same input gives the same bytes.
//!
//! ```text
//! cargo run --release -p factbox-geography --example gazetteer -- PACKAGES
//! ```

mod facts;
mod pack;
mod sources;

use factbox_geography::gazetteer::{Level, Relation};
use std::path::Path;

/// A place while it is being put together.
#[allow(missing_docs)]
pub struct Place {
    pub name: String,
    pub lat: f64,
    pub lon: f64,
    pub geonameid: u32,
    /// ISO code, empty for none or several.
    pub country: String,
    /// GeoNames code of the first-order division ("US.TX").
    pub admin1: String,
    /// GeoNames code of the second-order division ("US.TX.453").
    pub admin2: String,
    pub level: Level,
    /// Its population, or what a feature is worth against one.
    pub population: f64,
    pub flags: u8,
    /// Names, how they belong to it, and whether they are doubtful.
    pub names: Vec<(String, Relation, bool)>,
}

impl Place {
    /// Adds a name, once; a better relation replaces that of an alternate.
    pub fn add(&mut self, name: &str, relation: Relation, doubtful: bool) {
        let name = name.trim();
        if name.chars().count() < 2 {
            return;
        }
        match self.names.iter_mut().find(|(n, r, _)| n == name && same_sort(*r, relation)) {
            Some(known) if known.1 == Relation::Alternate => known.1 = relation,
            Some(_) => {}
            None => self.names.push((name.to_owned(), relation, doubtful)),
        }
    }
}

fn same_sort(a: Relation, b: Relation) -> bool {
    let demonym = |r| matches!(r, Relation::Adjective | Relation::People);
    demonym(a) == demonym(b)
}

/// Great-circle distance in kilometres.
pub fn kilometres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (a1, o1, a2, o2) = (a.0.to_radians(), a.1.to_radians(), b.0.to_radians(), b.1.to_radians());
    let h = ((a2 - a1) / 2.0).sin().powi(2) + a1.cos() * a2.cos() * ((o2 - o1) / 2.0).sin().powi(2);
    2.0 * 6371.0 * h.sqrt().min(1.0).asin()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let packages = std::env::args().nth(1).ok_or("give the folder of the unpacked packages")?;
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut places = sources::read(Path::new(&packages), &data)?;
    facts::join(&mut places, Path::new(&packages), &data)?;
    let block = pack::pack(&places, &data)?;
    std::fs::write(data.join("gazetteer.bin"), &block)?;
    use std::io::Write;
    writeln!(std::io::stdout(), "{} places, {} bytes", places.len(), block.len())?;
    Ok(())
}

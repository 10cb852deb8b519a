//! The tagger's labels: outside, or the beginning, inside or end of a name of several tokens, or a name of one token (BIOES), times the
//! four types of names.

/// How many labels there are.
pub const LABELS: usize = 17;

/// The type of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Type {
    /// A person.
    Person = 0,
    /// A body that acts: company, agency, party, team, paper.
    Organization = 1,
    /// A place.
    Location = 2,
    /// Nationality, event, product, work, law and other names.
    Misc = 3,
}

impl Type {
    /// All, in the order of their numbers.
    pub const ALL: [Type; 4] = [Type::Person, Type::Organization, Type::Location, Type::Misc];

    /// Its name in records.
    pub fn name(self) -> &'static str {
        ["person", "organization", "location", "misc"][self as usize]
    }
}

/// The part of a name that a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Part {
    /// First of several.
    Begin = 1,
    /// Neither first nor last.
    Inside = 2,
    /// Last of several.
    End = 3,
    /// The only one.
    Single = 4,
}

/// A label: 0 is outside, `4 * type + part` the others.
pub type Label = u8;

/// Outside of names.
pub const OUTSIDE: Label = 0;

/// The label of a part of a name.
pub fn label(kind: Type, part: Part) -> Label {
    4 * kind as u8 + part as u8
}

/// The type of a label, if it is not [`OUTSIDE`].
pub fn kind(label: Label) -> Option<Type> {
    (label > 0).then(|| Type::ALL[((label - 1) / 4) as usize])
}

/// The part of a label, if it is not [`OUTSIDE`].
pub fn part(label: Label) -> Option<Part> {
    match label {
        0 => None,
        n => Some([Part::Begin, Part::Inside, Part::End, Part::Single][((n - 1) % 4) as usize]),
    }
}

/// A name found: tokens `first..end`, its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// First token.
    pub first: u32,
    /// One past the last token.
    pub end: u32,
    /// Its type.
    pub kind: Type,
}

/// The names that a sequence of labels spells; `offset` is added to token numbers. Sequences that no lattice allows are cut where they break.
pub fn names(labels: &[Label], offset: usize, out: &mut Vec<Name>) {
    let mut open: Option<(usize, Type)> = None;
    for (i, &l) in labels.iter().enumerate() {
        match (part(l), kind(l)) {
            (Some(Part::Single), Some(k)) => {
                out.push(Name { first: (offset + i) as u32, end: (offset + i + 1) as u32, kind: k });
                open = None;
            }
            (Some(Part::Begin), Some(k)) => open = Some((i, k)),
            (Some(Part::End), Some(k)) => {
                if let Some((first, started)) = open.take()
                    && started == k
                {
                    out.push(Name { first: (offset + first) as u32, end: (offset + i + 1) as u32, kind: k });
                }
            }
            (Some(Part::Inside), _) => {}
            _ => open = None,
        }
    }
}

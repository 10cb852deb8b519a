//! Trains the weights of a linear-chain conditional random field by AdaGrad, one stretch at a time, in a fixed order that depends on a seed
//! alone. Every feature has a weight shared by all sources and one for each group of sources, so that what is particular to one (its
//! conventions) does not spoil what they have in common; the group weights of news are added to the shared ones in the end.

use factbox_entities::hashing::mix;
use factbox_entities::label::LABELS;
use factbox_entities::lattice::{CLOSED, Lattice, OPEN, Scores, Transitions, begins};

/// A stretch to learn from.
pub struct Example {
    /// Where its tokens' features begin in [`Examples::features`]; one more than tokens.
    pub starts: Vec<u32>,
    /// For each token a bit for every label that is right (several: not annotated).
    pub right: Vec<u32>,
    /// Group of its source, 1 and up; 0 has only shared weights.
    pub group: usize,
    /// Weight.
    pub weight: f32,
}

/// All stretches and their features.
#[derive(Default)]
pub struct Examples {
    pub stretches: Vec<Example>,
    pub features: Vec<u32>,
}

#[derive(Clone, Copy)]
pub struct Options {
    pub epochs: usize,
    pub rate: f32,
    pub l2: f32,
    pub dropout: f32,
    pub seed: u64,
}

pub struct Weights {
    pub groups: usize,
    /// `(feature * (1 + groups) + group) * 16 + label - 1`
    pub w: Vec<f32>,
    pub transitions: Transitions,
}

const N: usize = LABELS - 1;

impl Weights {
    fn score(&self, features: &[u32], group: usize, keep: impl Fn(u32) -> bool, gain: f32) -> Scores {
        let mut sums = [0f32; N];
        let stride = 1 + self.groups;
        for &f in features {
            if !keep(f) {
                continue;
            }
            let at = f as usize * stride * N;
            let own: &[f32; N] = self.w[at..at + N].try_into().expect("a block");
            for l in 0..N {
                sums[l] += own[l];
            }
            if group > 0 {
                let at = at + group * N;
                let own: &[f32; N] = self.w[at..at + N].try_into().expect("a block");
                for l in 0..N {
                    sums[l] += own[l];
                }
            }
        }
        let mut scores = [0.0; LABELS];
        for l in 0..N {
            scores[l + 1] = sums[l] * gain;
        }
        scores
    }

    /// The best labels of a stretch.
    pub fn best(&self, examples: &Examples, stretch: &Example, lattice: &mut Lattice) -> Vec<u8> {
        let scores: Vec<Scores> =
            stretch.starts.windows(2).map(|w| self.score(&examples.features[w[0] as usize..w[1] as usize], stretch.group, |_| true, 1.0)).collect();
        let mut labels = Vec::new();
        lattice.best(&scores, &self.transitions, &mut labels);
        labels
    }

    /// The weights of a feature for `group`: shared plus its own.
    pub fn block(&self, feature: usize, group: usize) -> [f32; N] {
        let at = feature * (1 + self.groups) * N;
        std::array::from_fn(|l| self.w[at + l] + if group > 0 { self.w[at + group * N + l] } else { 0.0 })
    }
}

fn legal(a: usize, b: usize) -> bool {
    if CLOSED.contains(&(a as u8)) { begins(b as u8) } else { OPEN.iter().any(|o| o.contains(&(a as u8)) && (b == o[1] as usize || b == o[1] as usize + 1)) }
}

/// Trains on the stretches for which `keep` is true.
pub fn train(examples: &Examples, features: usize, groups: usize, keep: impl Fn(usize) -> bool, options: Options) -> Weights {
    let stride = 1 + groups;
    let mut weights = Weights { groups, w: vec![0.0; features * stride * N], transitions: Transitions([[0.0; LABELS]; LABELS]) };
    let mut squares = vec![1e-1f32; features * stride * N];
    let mut pair_squares = [[1.0f32; LABELS]; LABELS];
    let mut order: Vec<usize> = (0..examples.stretches.len()).filter(|&i| keep(i)).collect();
    let (mut free, mut tied) = (Lattice::default(), Lattice::default());
    let mut exp = factbox_entities::tagger::exponentials(&weights.transitions);
    let pairs: Vec<(usize, usize)> = (0..LABELS * LABELS).map(|n| (n / LABELS, n % LABELS)).filter(|&(a, b)| legal(a, b)).collect();
    let threshold = (f64::from(options.dropout) * 65536.0) as u64;
    let mut step = options.seed;
    for _ in 0..options.epochs {
        for i in (1..order.len()).rev() {
            step = step.wrapping_add(1);
            order.swap(i, (mix(step, 11) >> 20) as usize % (i + 1));
        }
        for &at in &order {
            let stretch = &examples.stretches[at];
            let n = stretch.right.len();
            step = step.wrapping_add(1);
            let salt = mix(step, 12);
            let keep = |f: u32| threshold == 0 || mix(u64::from(f), salt) & 0xffff >= threshold;
            let gain = 1.0 / (1.0 - options.dropout);
            let tokens: Vec<&[u32]> = stretch.starts.windows(2).map(|w| &examples.features[w[0] as usize..w[1] as usize]).collect();
            let scores: Vec<Scores> = tokens.iter().map(|f| weights.score(f, stretch.group, keep, gain)).collect();
            free.run(&scores, &exp, |_| u32::MAX);
            tied.run(&scores, &exp, |i| stretch.right[i]);
            for i in 0..n {
                let mut gradient = [0f32; N];
                let mut any = false;
                for l in 0..N {
                    gradient[l] = (free.probability(i, l + 1) - tied.probability(i, l + 1)) * stretch.weight;
                    any |= gradient[l].abs() > 1e-4;
                }
                if !any || !gradient.iter().all(|g| g.is_finite()) {
                    continue;
                }
                for &f in tokens[i] {
                    if !keep(f) {
                        continue;
                    }
                    let base = f as usize * stride * N;
                    for g in [0, stretch.group] {
                        let from = base + g * N;
                        let w: &mut [f32; N] = (&mut weights.w[from..from + N]).try_into().expect("a block");
                        let s: &mut [f32; N] = (&mut squares[from..from + N]).try_into().expect("a block");
                        for l in 0..N {
                            let d = gradient[l] + options.l2 * w[l];
                            s[l] += d * d;
                            w[l] -= options.rate * d / s[l].sqrt();
                        }
                        if stretch.group == 0 {
                            break;
                        }
                    }
                }
            }
            if n > 1 {
                let mut changes = Vec::new();
                for &(a, b) in &pairs {
                    let d: f32 = (0..n - 1).map(|i| free.pair_probability(i, a, b, &exp) - tied.pair_probability(i, a, b, &exp)).sum();
                    let d = d * stretch.weight;
                    if d.abs() > 1e-5 && d.is_finite() {
                        changes.push((a, b, d));
                    }
                }
                for (a, b, d) in changes {
                    pair_squares[a][b] += d * d;
                    weights.transitions.0[a][b] -= options.rate * d / pair_squares[a][b].sqrt();
                    exp.0[a][b] = weights.transitions.0[a][b].exp();
                }
            }
        }
    }
    weights
}

//! The weights of cues (logistic regression) and of the labels around them (conditional random field), both by AdaGrad over hashed features.

use factbox_quotes::attribute::logistic;
use factbox_quotes::chain::{Chain, LABELS, Scores, Transitions, exponentials, legal};
use factbox_quotes::features::LABEL_BITS;
use factbox_sdk::hashing::mix;

#[derive(Clone, Copy)]
pub struct Options {
    pub epochs: usize,
    pub rate: f32,
    pub l2: f32,
    pub dropout: f32,
    pub seed: u64,
}

fn shuffle(order: &mut [usize], seed: &mut u64) {
    for i in (1..order.len()).rev() {
        *seed += 1;
        order.swap(i, (mix(*seed, 11) >> 20) as usize % (i + 1));
    }
}

/// A candidate: the places of its features, and whether it is a cue.
pub struct Candidate {
    pub places: Vec<u32>,
    pub right: bool,
}

impl Candidate {
    /// How sure the weights `w` are that it is one.
    pub fn sure(&self, w: &[f32]) -> f32 {
        logistic(self.places.iter().map(|&p| w[p as usize]).sum())
    }
}

/// How sure a classifier is of each candidate that was trained without the candidate's quarter, and only on those that it `may_see`.
pub fn across(
    all: &[Candidate],
    bits: u32,
    quarter: impl Fn(usize) -> usize,
    may_see: impl Fn(usize) -> bool,
    options: Options,
) -> Vec<f32> {
    let mut sure = vec![0f32; all.len()];
    for own in 0..4 {
        let w = binary(all, bits, (0..all.len()).filter(|&c| quarter(c) != own && may_see(c)), options);
        for c in (0..all.len()).filter(|&c| quarter(c) == own) {
            sure[c] = all[c].sure(&w);
        }
    }
    sure
}

/// The average of several trainings that differ by their seeds.
pub fn binary_several(all: &[Candidate], bits: u32, which: &[usize], options: Options, runs: u64) -> Vec<f32> {
    let mut sum = vec![0f32; 1 << bits];
    for run in 0..runs {
        let w = binary(all, bits, which.iter().copied(), Options { seed: options.seed + run * 1000, ..options });
        sum.iter_mut().zip(&w).for_each(|(s, x)| *s += x / runs as f32);
    }
    sum
}

/// The same for labels.
pub fn labels_several(rows: &[Row], which: &[usize], options: Options, runs: u64) -> Labels {
    let mut sum = Labels { w: vec![[0.0; N]; 1 << LABEL_BITS], transitions: [[0.0; LABELS]; LABELS] };
    let share = 1.0 / runs as f32;
    for run in 0..runs {
        let one = labels(rows, which.iter().copied(), Options { seed: options.seed + run * 1000, ..options });
        for (s, x) in sum.w.iter_mut().flatten().zip(one.w.iter().flatten()) {
            *s += x * share;
        }
        for (s, x) in sum.transitions.iter_mut().flatten().zip(one.transitions.iter().flatten()) {
            *s += x * share;
        }
    }
    sum.transitions = legal(sum.transitions);
    sum
}

/// Trains a yes or no on the candidates with the numbers `which`; the table has 2^`bits` places.
pub fn binary(all: &[Candidate], bits: u32, which: impl Iterator<Item = usize>, options: Options) -> Vec<f32> {
    let mut w = vec![0f32; 1 << bits];
    let mut squares = vec![0.1f32; 1 << bits];
    let mut sum = vec![0f32; 1 << bits];
    let mut order: Vec<usize> = which.collect();
    let mut seed = options.seed;
    let threshold = (f64::from(options.dropout) * 65536.0) as u64;
    let gain = 1.0 / (1.0 - options.dropout);
    let from = options.epochs / 2;
    for epoch in 0..options.epochs {
        shuffle(&mut order, &mut seed);
        for &at in &order {
            let c = &all[at];
            seed += 1;
            let salt = mix(seed, 12);
            let keep = |p: u32| mix(u64::from(p), salt) & 0xffff >= threshold;
            let x: f32 = c.places.iter().filter(|p| keep(**p)).map(|&p| w[p as usize]).sum::<f32>() * gain;
            let g = logistic(x) - f32::from(u8::from(c.right));
            if g.abs() < 1e-3 {
                continue;
            }
            for &p in c.places.iter().filter(|p| keep(**p)) {
                let p = p as usize;
                let d = g + options.l2 * w[p];
                squares[p] += d * d;
                w[p] -= options.rate * d / squares[p].sqrt();
            }
        }
        if epoch >= from {
            sum.iter_mut().zip(&w).for_each(|(s, x)| *s += x);
        }
    }
    sum.iter_mut().for_each(|s| *s /= (options.epochs - from) as f32);
    sum
}

/// A passage seen from one cue: the places of its items' features and their right labels (a bit for each that is right).
pub struct Row {
    pub starts: Vec<u32>,
    pub places: Vec<u32>,
    pub right: Vec<u8>,
}

pub struct Labels {
    pub w: Vec<[f32; LABELS - 1]>,
    pub transitions: Transitions,
}

const N: usize = LABELS - 1;

pub fn score(w: &[[f32; N]], places: &[u32], keep: impl Fn(u32) -> bool, gain: f32) -> Scores {
    let mut sums = [0f32; N];
    for &p in places.iter().filter(|p| keep(**p)) {
        for l in 0..N {
            sums[l] += w[p as usize][l];
        }
    }
    std::array::from_fn(|l| if l == 0 { 0.0 } else { sums[l - 1] * gain })
}

/// Trains the labels.
pub fn labels(rows: &[Row], which: impl Iterator<Item = usize>, options: Options) -> Labels {
    let size = 1 << LABEL_BITS;
    let mut w = vec![[0f32; N]; size];
    let mut squares = vec![[0.1f32; N]; size];
    let mut sum = vec![[0f32; N]; size];
    let mut transitions: Transitions = legal([[0.0; LABELS]; LABELS]);
    let mut pair_squares = [[1.0f32; LABELS]; LABELS];
    let mut sum_transitions = [[0.0f32; LABELS]; LABELS];
    let mut order: Vec<usize> = which.collect();
    let (mut free, mut tied) = (Chain::default(), Chain::default());
    let mut seed = options.seed;
    let threshold = (f64::from(options.dropout) * 65536.0) as u64;
    let gain = 1.0 / (1.0 - options.dropout);
    let from = options.epochs / 2;
    for epoch in 0..options.epochs {
        shuffle(&mut order, &mut seed);
        let mut loss = 0.0;
        for &at in &order {
            let row = &rows[at];
            let n = row.right.len();
            seed += 1;
            let salt = mix(seed, 12);
            let keep = |p: u32| mix(u64::from(p), salt) & 0xffff >= threshold;
            let items: Vec<&[u32]> = row.starts.windows(2).map(|w| &row.places[w[0] as usize..w[1] as usize]).collect();
            let scores: Vec<Scores> = items.iter().map(|p| score(&w, p, keep, gain)).collect();
            let exp = exponentials(&transitions);
            loss += free.run(&scores, &exp, |_| 31) - tied.run(&scores, &exp, |i| row.right[i]);
            for i in 0..n {
                let g: [f32; N] = std::array::from_fn(|l| free.probability(i, l + 1) - tied.probability(i, l + 1));
                if !g.iter().all(|g| g.is_finite()) || g.iter().all(|g| g.abs() < 1e-3) {
                    continue;
                }
                for &p in items[i].iter().filter(|p| keep(**p)) {
                    let (w, s) = (&mut w[p as usize], &mut squares[p as usize]);
                    for l in 0..N {
                        let d = g[l] + options.l2 * w[l];
                        s[l] += d * d;
                        w[l] -= options.rate * d / s[l].sqrt();
                    }
                }
            }
            let mut changes = [[0f32; LABELS]; LABELS];
            for i in 0..n.saturating_sub(1) {
                for a in 0..LABELS {
                    for b in 0..LABELS {
                        changes[a][b] += free.pair_probability(i, a, b, &exp) - tied.pair_probability(i, a, b, &exp);
                    }
                }
            }
            for a in 0..LABELS {
                for b in 0..LABELS {
                    let d = changes[a][b];
                    if d.is_finite() && d.abs() > 1e-5 {
                        pair_squares[a][b] += d * d;
                        transitions[a][b] -= options.rate * d / pair_squares[a][b].sqrt();
                    }
                }
            }
            transitions = legal(transitions);
        }
        if epoch + 1 == options.epochs {
            println!("  last epoch: {:.4} a row", loss / order.len() as f64);
        }
        if epoch >= from {
            for (s, x) in sum.iter_mut().zip(&w) {
                for l in 0..N {
                    s[l] += x[l];
                }
            }
            for a in 0..LABELS {
                for b in 0..LABELS {
                    sum_transitions[a][b] += transitions[a][b];
                }
            }
        }
    }
    let share = 1.0 / (options.epochs - from) as f32;
    sum.iter_mut().flatten().for_each(|x| *x *= share);
    sum_transitions.iter_mut().flatten().for_each(|x| *x *= share);
    Labels { w: sum, transitions: legal(sum_transitions) }
}

/// Weights as bytes, and what a unit is worth.
pub fn quantise(weights: impl Iterator<Item = f32> + Clone, limit: f32) -> (Vec<u8>, f32) {
    let largest = weights.clone().fold(0f32, |m, x| m.max(x.abs())).min(limit);
    let scale = largest / 127.0;
    (weights.map(|x| (x / scale).round().clamp(-127.0, 127.0) as i8 as u8).collect(), scale)
}

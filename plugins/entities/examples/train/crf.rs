//! Trains the weights of a linear-chain conditional random field by AdaGrad, one stretch at a time, in a fixed order that depends on a seed
//! alone; the weights are the average of those at the end of the later epochs. A token may have several right labels: where a corpus does not
//! annotate a kind of name, the model is free to choose among them.

use factbox_entities::label::LABELS;
use factbox_entities::lattice::{CLOSED, Lattice, OPEN, Scores, Transitions, begins};
use factbox_sdk::hashing::mix;

/// A stretch to learn from.
pub struct Example {
    /// Where its tokens' features begin in [`Examples::features`]; one more than tokens.
    pub starts: Vec<u32>,
    /// For each token a bit for every label that is right (several: not annotated).
    pub right: Vec<u32>,
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
    /// By feature, 16 each (labels 1 to 16).
    pub w: Vec<[f32; N]>,
    pub transitions: Transitions,
}

const N: usize = LABELS - 1;

impl Weights {
    fn score(&self, features: &[u32], keep: impl Fn(u32) -> bool, gain: f32) -> Scores {
        let mut sums = [0f32; N];
        for &f in features {
            if keep(f) {
                let own = &self.w[f as usize];
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
        let scores: Vec<Scores> = stretch
            .starts
            .windows(2)
            .map(|w| self.score(&examples.features[w[0] as usize..w[1] as usize], |_| true, 1.0))
            .collect();
        let mut labels = Vec::new();
        lattice.best(&scores, &self.transitions, &mut labels);
        labels
    }
}

fn legal(a: usize, b: usize) -> bool {
    if CLOSED.contains(&(a as u8)) {
        begins(b as u8)
    } else {
        OPEN.iter().any(|o| o.contains(&(a as u8)) && (b == o[1] as usize || b == o[1] as usize + 1))
    }
}

/// Trains on the stretches for which `keep` is true.
pub fn train(examples: &Examples, features: usize, keep: impl Fn(usize) -> bool, options: Options) -> Weights {
    let mut weights = Weights { w: vec![[0.0; N]; features], transitions: Transitions([[0.0; LABELS]; LABELS]) };
    let mut squares = vec![[1e-1f32; N]; features];
    let mut average = weights.w.clone();
    let mut average_transitions = weights.transitions.clone();
    let from = options.epochs / 2;
    let mut pair_squares = [[1.0f32; LABELS]; LABELS];
    let mut order: Vec<usize> = (0..examples.stretches.len()).filter(|&i| keep(i)).collect();
    let (mut free, mut tied) = (Lattice::default(), Lattice::default());
    let mut exp = factbox_entities::tagger::exponentials(&weights.transitions);
    let pairs: Vec<(usize, usize)> =
        (0..LABELS * LABELS).map(|n| (n / LABELS, n % LABELS)).filter(|&(a, b)| legal(a, b)).collect();
    let threshold = (f64::from(options.dropout) * 65536.0) as u64;
    let mut step = options.seed;
    for epoch in 0..options.epochs {
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
            let tokens: Vec<&[u32]> =
                stretch.starts.windows(2).map(|w| &examples.features[w[0] as usize..w[1] as usize]).collect();
            let scores: Vec<Scores> = tokens.iter().map(|f| weights.score(f, keep, gain)).collect();
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
                    let (w, s) = (&mut weights.w[f as usize], &mut squares[f as usize]);
                    for l in 0..N {
                        let d = gradient[l] + options.l2 * w[l];
                        s[l] += d * d;
                        w[l] -= options.rate * d / s[l].sqrt();
                    }
                }
            }
            if n > 1 {
                let mut changes = Vec::new();
                for &(a, b) in &pairs {
                    let d: f32 = (0..n - 1)
                        .map(|i| free.pair_probability(i, a, b, &exp) - tied.pair_probability(i, a, b, &exp))
                        .sum();
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
        if epoch >= from {
            let share = 1.0 / (options.epochs - from) as f32;
            for (a, w) in average.iter_mut().flatten().zip(weights.w.iter().flatten()) {
                *a += w * share;
            }
            for (a, w) in average_transitions.0.iter_mut().flatten().zip(weights.transitions.0.iter().flatten()) {
                *a += w * share;
            }
        }
    }
    Weights { w: average, transitions: average_transitions }
}

/// The average of `runs` trainings that differ in their seeds alone.
pub fn train_several(examples: &Examples, features: usize, options: Options, runs: usize) -> Weights {
    let mut average = train(examples, features, |_| true, options);
    for run in 1..runs {
        let next = train(examples, features, |_| true, Options { seed: options.seed + 1000 * run as u64, ..options });
        let share = 1.0 / (run + 1) as f32;
        for (a, b) in average.w.iter_mut().flatten().zip(next.w.iter().flatten()) {
            *a += (b - *a) * share;
        }
        for (a, b) in average.transitions.0.iter_mut().flatten().zip(next.transitions.0.iter().flatten()) {
            *a += (b - *a) * share;
        }
    }
    average
}

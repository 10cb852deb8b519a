//! From scores of single tokens and of neighbouring labels to the best sequence of labels (exact Viterbi) and to probabilities
//! (forward-backward). Only sequences that spell whole names are possible, so a token has 97 transitions, not 289.

use crate::label::{LABELS, Label};

/// Scores of labels for one token; that of "outside" is the zero point.
pub type Scores = [f32; LABELS];

/// Labels after which a name may begin: outside, ends, single tokens.
pub const CLOSED: [u8; 9] = [0, 3, 4, 7, 8, 11, 12, 15, 16];
/// Labels that need the same name to go on: beginnings and insides, by type.
pub const OPEN: [[u8; 2]; 4] = [[1, 2], [5, 6], [9, 10], [13, 14]];

/// Whether a label may begin a sequence or follow a [`CLOSED`] one: outside, beginning, single.
pub fn begins(label: u8) -> bool {
    label == 0 || matches!((label - 1) % 4, 0 | 3)
}

/// Scores of label pairs.
#[derive(Clone, Debug)]
pub struct Transitions(pub [[f32; LABELS]; LABELS]);

const LOW: f32 = -1e30;

/// Working memory of [`Lattice::best`] and [`Lattice::probabilities`], reused.
#[derive(Debug, Default)]
pub struct Lattice {
    back: Vec<[u8; LABELS]>,
    /// `exp(score - shift)` per token and label.
    potential: Vec<Scores>,
    forward: Vec<Scores>,
    backward: Vec<Scores>,
    scale: Vec<f32>,
}

impl Lattice {
    /// The best labels for the tokens with `scores`, appended to `out`.
    pub fn best(&mut self, scores: &[Scores], transitions: &Transitions, out: &mut Vec<Label>) {
        let n = scores.len();
        if n == 0 {
            return;
        }
        self.back.clear();
        self.back.resize(n, [0; LABELS]);
        let mut now = [LOW; LABELS];
        for l in 0..LABELS {
            if begins(l as u8) {
                now[l] = scores[0][l];
            }
        }
        for i in 1..n {
            let before = now;
            let back = &mut self.back[i];
            for l in [0usize, 1, 4, 5, 8, 9, 12, 13, 16] {
                let (mut best, mut from) = (LOW * 2.0, 0u8);
                for &p in &CLOSED {
                    let s = before[p as usize] + transitions.0[p as usize][l];
                    if s > best {
                        (best, from) = (s, p);
                    }
                }
                now[l] = best + scores[i][l];
                back[l] = from;
            }
            for open in OPEN {
                let [b, inside] = open;
                for l in [inside as usize, inside as usize + 1] {
                    let x = before[b as usize] + transitions.0[b as usize][l];
                    let y = before[inside as usize] + transitions.0[inside as usize][l];
                    now[l] = x.max(y) + scores[i][l];
                    back[l] = if y > x { inside } else { b };
                }
            }
        }
        let mut last = 0u8;
        for &l in &CLOSED {
            if now[l as usize] > now[last as usize] {
                last = l;
            }
        }
        let start = out.len();
        out.resize(start + n, 0);
        for i in (0..n).rev() {
            out[start + i] = last;
            last = self.back[i][last as usize];
        }
    }

    /// Runs forward-backward over the tokens with `scores`; `mask` (all ones: no restriction) has a bit for each label that is possible.
    /// `exp_transitions` holds `exp` of the transitions. Returns the logarithm of the total weight.
    pub fn run(&mut self, scores: &[Scores], exp_transitions: &Transitions, mask: impl Fn(usize) -> u32) -> f64 {
        let n = scores.len();
        let t = &exp_transitions.0;
        self.potential.clear();
        self.forward.clear();
        self.forward.resize(n, [0.0; LABELS]);
        self.backward.clear();
        self.backward.resize(n, [0.0; LABELS]);
        self.scale.clear();
        let mut log_total = 0f64;
        for (i, s) in scores.iter().enumerate() {
            let allowed = mask(i);
            let top = s.iter().copied().fold(LOW, f32::max);
            let mut p = [0.0; LABELS];
            for l in 0..LABELS {
                if allowed & (1 << l) != 0 {
                    p[l] = (s[l] - top).exp();
                }
            }
            log_total += f64::from(top);
            self.potential.push(p);
        }
        for i in 0..n {
            let mut f = [0f32; LABELS];
            if i == 0 {
                for l in 0..LABELS {
                    if begins(l as u8) {
                        f[l] = self.potential[0][l];
                    }
                }
            } else {
                let before = self.forward[i - 1];
                let p = &self.potential[i];
                for l in [0usize, 1, 4, 5, 8, 9, 12, 13, 16] {
                    if p[l] > 0.0 {
                        let sum: f32 = CLOSED.iter().map(|&c| before[c as usize] * t[c as usize][l]).sum();
                        f[l] = sum * p[l];
                    }
                }
                for [b, inside] in OPEN {
                    let (b, inside) = (b as usize, inside as usize);
                    for l in [inside, inside + 1] {
                        f[l] = (before[b] * t[b][l] + before[inside] * t[inside][l]) * p[l];
                    }
                }
            }
            let total: f32 = if i + 1 == n { CLOSED.iter().map(|&c| f[c as usize]).sum() } else { f.iter().sum() };
            let scale = if total > 0.0 { 1.0 / total } else { 1.0 };
            log_total -= f64::from(scale).ln();
            for x in &mut f {
                *x *= scale;
            }
            self.scale.push(scale);
            self.forward[i] = f;
        }
        for i in (0..n).rev() {
            let mut b = [0f32; LABELS];
            if i + 1 == n {
                for &c in &CLOSED {
                    b[c as usize] = 1.0;
                }
            } else {
                let after = &self.backward[i + 1];
                let p = &self.potential[i + 1];
                let scale = self.scale[i + 1];
                let mut w = [0f32; LABELS];
                for l in 0..LABELS {
                    w[l] = after[l] * p[l] * scale;
                }
                for &c in &CLOSED {
                    let c = c as usize;
                    let mut sum = 0.0;
                    for l in [0usize, 1, 4, 5, 8, 9, 12, 13, 16] {
                        sum += t[c][l] * w[l];
                    }
                    b[c] = sum;
                }
                for [first, inside] in OPEN {
                    let inside = inside as usize;
                    for l in [first as usize, inside] {
                        b[l] = t[l][inside] * w[inside] + t[l][inside + 1] * w[inside + 1];
                    }
                }
            }
            self.backward[i] = b;
        }
        log_total
    }

    /// After [`run`](Self::run): the probability that token `i` has label `l`.
    pub fn probability(&self, i: usize, l: usize) -> f32 {
        self.forward[i][l] * self.backward[i][l]
    }

    /// After [`run`](Self::run): the probability that tokens `i` and `i + 1` have labels `a` and `b`.
    pub fn pair_probability(&self, i: usize, a: usize, b: usize, exp_transitions: &Transitions) -> f32 {
        self.forward[i][a]
            * exp_transitions.0[a][b]
            * self.potential[i + 1][b]
            * self.backward[i + 1][b]
            * self.scale[i + 1]
    }

    /// After [`run`](Self::run): the probability that exactly the tokens `first..first + labels.len()` have `labels`.
    pub fn stretch_probability(&self, first: usize, labels: &[Label], exp_transitions: &Transitions) -> f32 {
        let Some((&start, rest)) = labels.split_first() else { return 1.0 };
        let mut p = self.forward[first][start as usize];
        let mut before = start as usize;
        let mut at = first;
        for &l in rest {
            at += 1;
            p *= exp_transitions.0[before][l as usize] * self.potential[at][l as usize] * self.scale[at];
            before = l as usize;
        }
        p * self.backward[at][before]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(a: usize, b: usize) -> bool {
        let open = |l: usize| l > 0 && matches!((l - 1) % 4, 0 | 1);
        if open(a) {
            matches!((b.wrapping_sub(1)) % 4, 1 | 2) && b > 0 && (a - 1) / 4 == (b - 1) / 4
        } else {
            begins(b as u8)
        }
    }

    fn sequences(n: usize) -> Vec<Vec<u8>> {
        let mut all: Vec<Vec<u8>> = (0..LABELS as u8).filter(|&l| begins(l)).map(|l| vec![l]).collect();
        for _ in 1..n {
            all = all
                .iter()
                .flat_map(|s| {
                    (0..LABELS as u8)
                        .filter(|&l| allowed(s[s.len() - 1] as usize, l as usize))
                        .map(|l| [&s[..], &[l]].concat())
                })
                .collect();
        }
        all.retain(|s| CLOSED.contains(&s[s.len() - 1]));
        all
    }

    #[test]
    fn agrees_with_trying_every_sequence() {
        let mut seed = 1u64;
        let mut random = || {
            seed = factbox_sdk::hashing::mix(seed, 3);
            (seed >> 40) as f32 / (1u64 << 24) as f32 * 4.0 - 2.0
        };
        let mut transitions = Transitions([[0.0; LABELS]; LABELS]);
        transitions.0.iter_mut().flatten().for_each(|x| *x = random());
        let mut exp = transitions.clone();
        exp.0.iter_mut().flatten().for_each(|x| *x = x.exp());
        let scores: Vec<Scores> = (0..3).map(|_| std::array::from_fn(|_| random())).collect();
        let weight = |s: &[u8]| -> f32 {
            let own: f32 = s.iter().zip(&scores).map(|(&l, x)| x[l as usize]).sum();
            own + s.windows(2).map(|w| transitions.0[w[0] as usize][w[1] as usize]).sum::<f32>()
        };
        let all = sequences(3);
        let best = all.iter().max_by(|a, b| weight(a).total_cmp(&weight(b))).expect("some");
        let mut lattice = Lattice::default();
        let mut found = Vec::new();
        lattice.best(&scores, &transitions, &mut found);
        assert_eq!(&found, best);
        let total: f32 = all.iter().map(|s| weight(s).exp()).sum();
        let log_total = lattice.run(&scores, &exp, |_| u32::MAX);
        assert!((log_total - f64::from(total.ln())).abs() < 1e-3);
        for l in 0..LABELS {
            let expected: f32 = all.iter().filter(|s| s[1] as usize == l).map(|s| weight(s).exp()).sum::<f32>() / total;
            assert!((lattice.probability(1, l) - expected).abs() < 1e-4);
        }
        let expected: f32 = all.iter().filter(|s| s[1..3] == [1, 3]).map(|s| weight(s).exp()).sum::<f32>() / total;
        assert!((lattice.stretch_probability(1, &[1, 3], &exp) - expected).abs() < 1e-4);
        assert!((lattice.pair_probability(1, 1, 3, &exp) - expected).abs() < 1e-4);
    }
}

//! From scores of single items to the best sequence of labels (exact Viterbi) and to probabilities (forward-backward).

/// How many labels there are.
pub const LABELS: usize = 5;
/// Neither what is said nor who says it.
pub const OUTSIDE: u8 = 0;
/// First item of what is said.
pub const CONTENT: u8 = 1;
/// A further item of what is said.
pub const CONTENT_ON: u8 = 2;
/// First item of who says it.
pub const SOURCE: u8 = 3;
/// A further item of who says it.
pub const SOURCE_ON: u8 = 4;

/// Scores of labels for one item.
pub type Scores = [f32; LABELS];
/// Scores of pairs of labels, or their exponentials.
pub type Transitions = [[f32; LABELS]; LABELS];

/// Score of what cannot be.
pub const NEVER: f32 = -1e9;

/// Whether label `b` may follow `a`.
pub fn follows(a: u8, b: u8) -> bool {
    match b {
        CONTENT_ON => matches!(a, CONTENT | CONTENT_ON),
        SOURCE_ON => matches!(a, SOURCE | SOURCE_ON),
        _ => true,
    }
}

/// Whether a sequence may begin with the label.
pub fn begins(label: u8) -> bool {
    !matches!(label, CONTENT_ON | SOURCE_ON)
}

/// The transitions with all that cannot be at [`NEVER`].
pub fn legal(mut transitions: Transitions) -> Transitions {
    for a in 0..LABELS {
        for b in 0..LABELS {
            if !follows(a as u8, b as u8) {
                transitions[a][b] = NEVER;
            }
        }
    }
    transitions
}

/// Working memory, reused.
#[derive(Debug, Default)]
pub struct Chain {
    back: Vec<[u8; LABELS]>,
    back_said: Vec<[u8; LABELS * 2]>,
    potential: Vec<Scores>,
    forward: Vec<Scores>,
    backward: Vec<Scores>,
    scale: Vec<f32>,
}

impl Chain {
    /// The best labels for the items with `scores`, in `out`, and their score (that of nothing but [`OUTSIDE`] is the transitions' alone).
    pub fn best(&mut self, scores: &[Scores], transitions: &Transitions, out: &mut Vec<u8>) -> f32 {
        out.clear();
        let Some(first) = scores.first() else { return 0.0 };
        let mut now: Scores = std::array::from_fn(|l| if begins(l as u8) { first[l] } else { NEVER });
        self.back.clear();
        self.back.push([0; LABELS]);
        for own in &scores[1..] {
            let before = now;
            let mut back = [0u8; LABELS];
            for b in 0..LABELS {
                let (mut best, mut from) = (f32::MIN, 0);
                for a in 0..LABELS {
                    let s = before[a] + transitions[a][b];
                    if s > best {
                        (best, from) = (s, a as u8);
                    }
                }
                now[b] = best + own[b];
                back[b] = from;
            }
            self.back.push(back);
        }
        let mut label =
            (0..LABELS as u8).fold(0, |best, l| if now[l as usize] > now[best as usize] { l } else { best });
        let best = now[label as usize];
        out.resize(scores.len(), 0);
        for i in (0..scores.len()).rev() {
            out[i] = label;
            label = self.back[i][label as usize];
        }
        best
    }

    /// As [`best`](Self::best), of the sequences in which something is said.
    pub fn best_said(&mut self, scores: &[Scores], transitions: &Transitions, out: &mut Vec<u8>) -> f32 {
        out.clear();
        let Some(first) = scores.first() else { return NEVER };
        // By label, and the same once more for sequences in which something has been said.
        let mut now: [f32; LABELS * 2] = std::array::from_fn(|s| {
            let label = (s % LABELS) as u8;
            let fits = begins(label) && (s >= LABELS) == (label == CONTENT);
            if fits { first[label as usize] } else { NEVER }
        });
        self.back.clear();
        self.back_said.clear();
        self.back_said.push([0; LABELS * 2]);
        for own in &scores[1..] {
            let before = now;
            let mut back = [0u8; LABELS * 2];
            for s in 0..LABELS * 2 {
                let label = s % LABELS;
                let (mut best, mut from) = (NEVER * 2.0, 0);
                for p in 0..LABELS * 2 {
                    let said = p >= LABELS || label == CONTENT as usize;
                    let x = before[p] + transitions[p % LABELS][label];
                    if said == (s >= LABELS) && x > best {
                        (best, from) = (x, p as u8);
                    }
                }
                now[s] = (best + own[label]).max(NEVER);
                back[s] = from;
            }
            self.back_said.push(back);
        }
        let mut state = (LABELS..LABELS * 2).fold(LABELS, |best, s| if now[s] > now[best] { s } else { best }) as u8;
        let best = now[state as usize];
        out.resize(scores.len(), 0);
        for i in (0..scores.len()).rev() {
            out[i] = state % LABELS as u8;
            state = self.back_said[i][state as usize];
        }
        best
    }

    /// Runs forward-backward; `exp` holds `exp` of the transitions, `mask` a bit for each label that an item may have. Returns the
    /// logarithm of the total weight.
    pub fn run(&mut self, scores: &[Scores], exp: &Transitions, mask: impl Fn(usize) -> u8) -> f64 {
        let n = scores.len();
        self.potential.clear();
        self.forward.clear();
        self.scale.clear();
        self.backward.clear();
        self.backward.resize(n, [0.0; LABELS]);
        let mut log_total = 0f64;
        for (i, s) in scores.iter().enumerate() {
            let allowed = mask(i);
            let top = s.iter().copied().fold(f32::MIN, f32::max);
            let p: Scores = std::array::from_fn(|l| if allowed >> l & 1 != 0 { (s[l] - top).exp() } else { 0.0 });
            log_total += f64::from(top);
            let mut f: Scores = match self.forward.last() {
                None => std::array::from_fn(|l| if begins(l as u8) { p[l] } else { 0.0 }),
                Some(before) => std::array::from_fn(|b| p[b] * (0..LABELS).map(|a| before[a] * exp[a][b]).sum::<f32>()),
            };
            let total: f32 = f.iter().sum();
            let scale = if total > 0.0 { 1.0 / total } else { 1.0 };
            log_total -= f64::from(scale).ln();
            f.iter_mut().for_each(|x| *x *= scale);
            self.potential.push(p);
            self.forward.push(f);
            self.scale.push(scale);
        }
        for i in (0..n).rev() {
            self.backward[i] = if i + 1 == n {
                [1.0; LABELS]
            } else {
                let (after, p, scale) = (&self.backward[i + 1], &self.potential[i + 1], self.scale[i + 1]);
                std::array::from_fn(|a| (0..LABELS).map(|b| exp[a][b] * p[b] * after[b] * scale).sum())
            };
        }
        log_total
    }

    /// After [`run`](Self::run): the probability that item `i` has label `l`.
    pub fn probability(&self, i: usize, l: usize) -> f32 {
        self.forward[i][l] * self.backward[i][l]
    }

    /// After [`run`](Self::run): the probability that items `i` and `i + 1` have labels `a` and `b`.
    pub fn pair_probability(&self, i: usize, a: usize, b: usize, exp: &Transitions) -> f32 {
        self.forward[i][a] * exp[a][b] * self.potential[i + 1][b] * self.backward[i + 1][b] * self.scale[i + 1]
    }
}

/// `exp` of each transition.
pub fn exponentials(transitions: &Transitions) -> Transitions {
    transitions.map(|row| row.map(f32::exp))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_trying_every_sequence() {
        let mut seed = 1u64;
        let mut random = || {
            seed = factbox_sdk::hashing::mix(seed, 3);
            (seed >> 40) as f32 / (1u64 << 24) as f32 * 4.0 - 2.0
        };
        let transitions = legal(std::array::from_fn(|_| std::array::from_fn(|_| random())));
        let scores: Vec<Scores> = (0..4).map(|_| std::array::from_fn(|_| random())).collect();
        let mut all: Vec<Vec<u8>> = (0..LABELS as u8).filter(|&l| begins(l)).map(|l| vec![l]).collect();
        for _ in 1..4 {
            all = all
                .iter()
                .flat_map(|s| {
                    (0..LABELS as u8).filter(|&l| follows(s[s.len() - 1], l)).map(|l| [s.as_slice(), &[l]].concat())
                })
                .collect();
        }
        let weight = |s: &Vec<u8>| -> f32 {
            let own: f32 = s.iter().zip(&scores).map(|(&l, x)| x[l as usize]).sum();
            own + s.windows(2).map(|w| transitions[w[0] as usize][w[1] as usize]).sum::<f32>()
        };
        let best = all.iter().max_by(|a, b| weight(a).total_cmp(&weight(b))).expect("some");
        let (mut chain, mut found) = (Chain::default(), Vec::new());
        chain.best(&scores, &transitions, &mut found);
        assert_eq!(&found, best);
        let said = all.iter().filter(|s| s.contains(&CONTENT)).max_by(|a, b| weight(a).total_cmp(&weight(b)));
        let score = chain.best_said(&scores, &transitions, &mut found);
        assert_eq!(Some(&found), said);
        assert!((score - weight(&found)).abs() < 1e-4);
        let total: f32 = all.iter().map(|s| weight(s).exp()).sum();
        let exp = exponentials(&transitions);
        let log_total = chain.run(&scores, &exp, |_| 31);
        assert!((log_total - f64::from(total.ln())).abs() < 1e-3);
        for l in 0..LABELS {
            let expected: f32 = all.iter().filter(|s| s[2] as usize == l).map(|s| weight(s).exp()).sum::<f32>() / total;
            assert!((chain.probability(2, l) - expected).abs() < 1e-4);
        }
        let expected: f32 = all.iter().filter(|s| s[1..3] == [1, 2]).map(|s| weight(s).exp()).sum::<f32>() / total;
        assert!((chain.pair_probability(1, 1, 2, &exp) - expected).abs() < 1e-4);
    }
}

//! Fitting: a log-linear model over the candidates of each name, and a logistic curve over the lead of what was chosen.

use crate::corpus::Case;
use factbox_geography::evidence::KINDS;

/// Steps of descent.
const STEPS: usize = 400;

/// The weights under which the right candidates are likeliest, drawn towards `prior` (as far as `ridge` says), and the mean loss.
///
/// The prior is first brought to the scale that suits the cases, so that a difference of scores is a log odds.
pub fn weights(cases: &[Case], prior: &[f32; KINDS], ridge: f64) -> ([f32; KINDS], f64) {
    let scaled = |scale: f64| prior.map(|w| f64::from(w) * scale);
    let scale = (1..=20)
        .map(|s| f64::from(s) * 0.05)
        .min_by(|a, b| loss(cases, &scaled(*a), None).total_cmp(&loss(cases, &scaled(*b), None)))
        .unwrap_or(1.0);
    let centre = scaled(scale);
    let mut weights = centre;
    // Adam, over all cases at once.
    let (mut mean, mut square) = ([0.0f64; KINDS], [0.0f64; KINDS]);
    let mut last = 0.0;
    for step in 1..=STEPS {
        let mut slope = [0.0; KINDS];
        last = loss(cases, &weights, Some(&mut slope)) / cases.len().max(1) as f64;
        let rate = 0.05 * (1.0 - step as f64 / (STEPS + 1) as f64);
        for k in 0..KINDS {
            let g = slope[k] + ridge * (weights[k] - centre[k]);
            mean[k] = 0.9 * mean[k] + 0.1 * g;
            square[k] = 0.999 * square[k] + 0.001 * g * g;
            let (m, s) = (mean[k] / (1.0 - 0.9f64.powi(step as i32)), square[k] / (1.0 - 0.999f64.powi(step as i32)));
            weights[k] -= rate * m / (s.sqrt() + 1e-9);
        }
    }
    (weights.map(|w| w as f32), last)
}

/// The sum of the cases' losses; its slope is added to `slope`.
fn loss(cases: &[Case], weights: &[f64; KINDS], mut slope: Option<&mut [f64; KINDS]>) -> f64 {
    let mut total = 0.0;
    let mut odds: Vec<f64> = Vec::new();
    for case in cases {
        odds.clear();
        odds.extend(case.rows.iter().map(|r| r.iter().zip(weights).map(|(x, w)| f64::from(*x) * w).sum::<f64>()));
        let top = odds.iter().copied().fold(f64::MIN, f64::max);
        odds.iter_mut().for_each(|o| *o = (*o - top).exp());
        let (all, right): (f64, f64) =
            odds.iter().zip(&case.right).fold((0.0, 0.0), |s, (o, r)| (s.0 + o, s.1 + if *r { *o } else { 0.0 }));
        let right = right.max(1e-30);
        total -= case.weight * (right / all).ln();
        if let Some(slope) = slope.as_deref_mut() {
            for ((row, o), is_right) in case.rows.iter().zip(&odds).zip(&case.right) {
                let pull = o / all - if *is_right { o / right } else { 0.0 };
                slope.iter_mut().zip(row).for_each(|(s, x)| *s += case.weight * pull * f64::from(*x));
            }
        }
    }
    total
}

/// `base` and `slope` of the logistic curve that fits (x, whether right, weight) best.
pub fn logistic(points: &[(f32, bool, f32)]) -> [f32; 2] {
    let (mut base, mut slope) = (0.0f64, 0.5f64);
    // Newton's method, with a little ridge.
    for _ in 0..50 {
        let (mut g, mut h) = ([base * 0.01, (slope - 0.5) * 0.01], [0.01, 0.0, 0.01]);
        for (x, right, weight) in points.iter().map(|p| (f64::from(p.0), p.1, f64::from(p.2))) {
            let p = 1.0 / (1.0 + (-base - slope * x).exp());
            let (d, c) = (weight * (p - f64::from(u8::from(right))), weight * p * (1.0 - p));
            g = [g[0] + d, g[1] + d * x];
            h = [h[0] + c, h[1] + c * x, h[2] + c * x * x];
        }
        let det = h[0] * h[2] - h[1] * h[1];
        if det.abs() < 1e-12 {
            break;
        }
        base -= (h[2] * g[0] - h[1] * g[1]) / det;
        slope -= (h[0] * g[1] - h[1] * g[0]) / det;
    }
    [base as f32, slope as f32]
}

//! The colours: readable in both themes (WCAG AA).

use std::collections::BTreeMap;

/// The colours that a block of declarations gives.
fn colours(block: &str) -> BTreeMap<String, [f64; 3]> {
    let declarations = block.split(';').filter_map(|declaration| declaration.split_once(':'));
    declarations
        .filter_map(|(name, value)| {
            let name = name.trim().rsplit(|c: char| c.is_whitespace()).next()?.strip_prefix("--")?;
            let hex = value.trim().strip_prefix('#')?;
            let digits: String = match hex.len() {
                3 => hex.chars().flat_map(|c| [c, c]).collect(),
                _ => hex.to_owned(),
            };
            let channel = |n: usize| u8::from_str_radix(digits.get(n..n + 2)?, 16).ok().map(f64::from);
            Some((name.to_owned(), [channel(0)?, channel(2)?, channel(4)?]))
        })
        .collect()
}

fn luminance(colour: [f64; 3]) -> f64 {
    let [r, g, b] = colour.map(|channel| {
        let share = channel / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn text_and_stages_stand_out_in_both_themes() {
    let style = &web::assets::stylesheet().content;
    let block =
        |start: &str| style.split(start).nth(1).and_then(|rest| rest.split('}').next()).expect("a block");
    for (theme, block) in [("light", block(":root {")), ("dark", block(":root[data-theme=dark]{"))] {
        let colours = colours(block);
        let colour = |name: &str| *colours.get(name).unwrap_or_else(|| panic!("{theme} has no --{name}"));
        let texts = ["text", "muted", "faint", "accent", "good", "bad"];
        let grounds = ["panel", "bg", "raised"];
        for text in texts {
            for ground in grounds {
                let contrast = contrast(colour(text), colour(ground));
                assert!(contrast >= 4.5, "{theme}: {text} on {ground} is {contrast:.2}");
            }
        }
        for (text, ground) in [
            ("good", "good-soft"),
            ("bad", "bad-soft"),
            ("warn", "warn-soft"),
            ("accent", "accent-soft"),
            ("text", "accent-soft"),
            ("muted", "accent-soft"),
            ("on-accent", "accent-strong"),
        ] {
            let contrast = contrast(colour(text), colour(ground));
            assert!(contrast >= 4.5, "{theme}: {text} on {ground} is {contrast:.2}");
        }
        for stage in domain::LifecycleStage::CODES {
            let contrast = contrast(colour(stage), colour("panel"));
            assert!(contrast >= 3.0, "{theme}: {stage} is {contrast:.2}");
        }
    }
}

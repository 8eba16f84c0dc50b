//! How much warnings save, on made-up operators that nothing was tuned on.

use crate::world::{error_text, tenure, text};

/// Seeds seen by nobody who set a number of the models.
const SEEDS: [&str; 2] = ["611", "612"];

#[test]
fn at_five_a_manager_and_month_warnings_save_seven_tenths_of_the_best() {
    let mut saved = 0.0;
    for seed in SEEDS {
        let folder = tempfile::tempdir().expect("a folder");
        let extract = folder.path().join("extract").display().to_string();
        let data = folder.path().join("data").display().to_string();
        let truth = folder.path().join("extract/truth.csv").display().to_string();
        for step in [
            &["simulate", "--customers", "5000", "--months", "24", "--seed", seed, "--out", &extract][..],
            &["import", &extract, "--data", &data],
            &["cycle", "--data", &data],
        ] {
            let done = tenure(step);
            assert!(done.status.success(), "{}", error_text(&done));
        }
        let judged = tenure(&[
            "evaluate",
            "warnings",
            "--truth",
            &truth,
            "--capacity",
            "5",
            "--data",
            &data,
            "--json",
        ]);
        assert!(judged.status.success(), "{}", error_text(&judged));
        let report: serde_json::Value = serde_json::from_str(&text(&judged)).expect("a document");
        println!("seed {seed}: {report}");
        saved += report["value_saved"].as_f64().expect("a share");
    }
    // The mean: chance alone moves a single operator, where a few large customers decide, by .03.
    let mean = saved / SEEDS.len() as f64;
    assert!(mean >= 0.70, "{mean}");
}

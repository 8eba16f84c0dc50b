//! The second step of signing in: codes of RFC 6238 from a telephone, and recovery codes for when it is lost.

pub mod begin;
pub mod confirm;
pub mod off;
pub mod renew;

use std::io::Write;
use std::path::PathBuf;

use domain::id::UserId;
use domain::{Instant, Problem};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use store::session::{Hash, Proof};
use totp_rs::{Builder, Totp};

use crate::{Services, password};

/// Recovery codes that one is given.
pub const RECOVERY_CODES: usize = 10;
/// Characters of one, apart by a stroke after every four: 80 bits, which nobody guesses from a hash.
const CODE_CHARACTERS: usize = 16;

/// The file in the data folder that holds the key. A secret is worked out from this key and a salt of the records: who has a
/// copy of the database alone, or reads it through a hole elsewhere, has no codes. Who has the whole data folder, as this
/// program and its backups have, has both, and nothing that runs without asking a person for a password can change that.
const KEY_FILE: &str = "two-factor.key";

/// Letters and digits without those that look alike; 32, so that each byte gives one without favour.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Readable characters from random bytes.
pub(crate) fn readable(random: &[u8]) -> String {
    random.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect()
}

fn key_file(services: &Services) -> PathBuf {
    services.data_dir().join(KEY_FILE)
}

/// The key; none if nobody ever set up a second step here, or the file was lost.
fn key(services: &Services) -> Result<Option<Vec<u8>>, Problem> {
    let file = key_file(services);
    match std::fs::read(&file) {
        Ok(key) => Ok(Some(key)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Problem::io(&file, error)),
    }
}

/// The key, made of random bytes when there is none; readable by this user of the machine alone.
fn key_or_new(services: &Services, random: &[u8; 32]) -> Result<Vec<u8>, Problem> {
    use std::os::unix::fs::OpenOptionsExt;
    if let Some(key) = key(services)? {
        return Ok(key);
    }
    let file = key_file(services);
    let failed = |error| Problem::io(&file, error);
    let part = file.with_extension("key.part");
    let mut options = std::fs::OpenOptions::new();
    let mut out = options.write(true).create(true).truncate(true).mode(0o600).open(&part).map_err(failed)?;
    out.write_all(random).and_then(|()| out.sync_all()).map_err(failed)?;
    std::fs::rename(&part, &file).map_err(failed)?;
    Ok(random.to_vec())
}

/// The codes of a key and a salt.
fn codes(key: &[u8], salt: &[u8]) -> Result<Totp, Problem> {
    let mut secret =
        Hmac::<Sha256>::new_from_slice(key).map_err(|error| Problem::internal(error.to_string()))?;
    secret.update(salt);
    // As long as RFC 4226 recommends.
    let secret = secret.finalize().into_bytes()[..20].to_vec();
    Builder::new().with_secret(secret).build().map_err(|error| Problem::internal(error.to_string()))
}

/// Seconds since 1970, as codes count them.
fn seconds(now: Instant) -> u64 {
    u64::try_from(now.micros().div_euclid(1_000_000)).unwrap_or(0)
}

/// The step of the clock whose code this is; one step early or late is no harm.
fn step_of(codes: &Totp, typed: &str, now: Instant) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    codes.check(&digits, seconds(now)).and_then(|step| i64::try_from(step).ok())
}

/// What a recovery code is kept as, however it was typed.
fn kept(user: UserId, code: &str) -> Hash {
    let letters: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    password::digest(format!("{user}:{}", letters.to_ascii_lowercase()).as_bytes())
}

/// New recovery codes, and what is kept of them.
fn recovery_codes(user: UserId, random: &[[u8; 32]; RECOVERY_CODES]) -> (Vec<String>, Vec<Hash>) {
    let codes: Vec<String> = random
        .iter()
        .map(|random| {
            let letters = readable(&random[..CODE_CHARACTERS]);
            [&letters[..4], &letters[4..8], &letters[8..12], &letters[12..]].join("-")
        })
        .collect();
    let hashes = codes.iter().map(|code| kept(user, code)).collect();
    (codes, hashes)
}

/// What a code that was typed proves for a user whose second step is on, whether it was used before or not; none when it
/// fits neither.
pub(crate) async fn proof(
    services: &Services,
    user: UserId,
    typed: &str,
    now: Instant,
) -> Result<Option<Proof>, Problem> {
    let store = services.store();
    let Some((salt, true)) = store.second_factor(user).await? else { return Ok(None) };
    if let Some(key) = key(services)?
        && let Some(step) = step_of(&codes(&key, &salt)?, typed, now)
    {
        return Ok(Some(Proof::Step(step)));
    }
    let hash = kept(user, typed);
    let is_one = store.recovery_codes(user).await?.iter().any(|known| known[..] == hash[..]);
    Ok(is_one.then_some(Proof::Recovery(hash)))
}

/// How many recovery codes a user has left.
pub(crate) async fn codes_left(services: &Services, user: UserId) -> Result<usize, Problem> {
    let used = services.store().used_recovery_codes(user).await?;
    let codes = services.store().recovery_codes(user).await?;
    Ok(codes.iter().filter(|code| !used.contains(code)).count())
}

/// What a telephone needs to give a user's codes: as an address to be scanned, and as letters to be typed.
pub(crate) fn address(codes: &Totp, username: &str) -> (String, String) {
    let secret = codes.secret().to_base32();
    let account: String = username
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect();
    (format!("otpauth://totp/Tenure:{account}?secret={secret}&issuer=Tenure"), secret)
}

/// What a user who sets up the second step is shown; none if it is not begun or is on.
pub(crate) async fn begun(
    services: &Services,
    user: UserId,
    username: &str,
) -> Result<Option<(String, String)>, Problem> {
    let (Some((salt, false)), Some(key)) = (services.store().second_factor(user).await?, key(services)?)
    else {
        return Ok(None);
    };
    Ok(Some(address(&codes(&key, &salt)?, username)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use totp_rs::Algorithm;

    /// RFC 6238, appendix B: the eight digits of each time; those of six are their end.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890".to_vec();
        let codes =
            Builder::new().with_algorithm(Algorithm::SHA1).with_secret(secret).build().expect("codes");
        for (time, code) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            let now = Instant::from_micros(time * 1_000_000);
            assert_eq!(step_of(&codes, &code[2..], now), Some(time / 30), "{time}");
            // One step late is no harm, three are.
            assert_eq!(step_of(&codes, &code[2..], now.plus_seconds(30)), Some(time / 30), "{time}");
            assert_eq!(step_of(&codes, &code[2..], now.plus_seconds(90)), None, "{time}");
        }
    }

    #[test]
    fn a_secret_needs_key_and_salt() {
        let secret = |key: &[u8], salt: &[u8]| codes(key, salt).expect("codes").secret().to_base32();
        assert_eq!(secret(&[1; 32], &[2; 16]), secret(&[1; 32], &[2; 16]));
        assert_ne!(secret(&[1; 32], &[2; 16]), secret(&[3; 32], &[2; 16]));
        assert_ne!(secret(&[1; 32], &[2; 16]), secret(&[1; 32], &[3; 16]));
        let (address, letters) = address(&codes(&[1; 32], &[2; 16]).expect("codes"), "李 lei");
        assert_eq!(letters.len(), 32);
        assert!(address.starts_with("otpauth://totp/Tenure:%E6%9D%8E%20lei?secret="), "{address}");
    }

    #[test]
    fn recovery_codes_are_read_however_they_are_typed() {
        let (shown, hashes) = recovery_codes(UserId::new(1), &[[9; 32]; RECOVERY_CODES]);
        assert_eq!(shown[0].len(), CODE_CHARACTERS + 3);
        assert_eq!(kept(UserId::new(1), &shown[0].replace('-', " ").to_uppercase()), hashes[0]);
        assert_ne!(kept(UserId::new(2), &shown[0]), hashes[0]);
    }
}

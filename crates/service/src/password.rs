//! Passwords and tokens are kept only as hashes.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use domain::Problem;
use sha2::{Digest, Sha256};

/// Compared with when there is no such user, so that a wrong name takes as long as a wrong password: the hash of
/// a password that nobody has, with the parameters that [`hash`] uses.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA\
                      $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The hash of a password, with everything needed to check it.
pub fn hash(password: &str, salt: &[u8; 16]) -> Result<String, Problem> {
    let hash: PasswordHash = Argon2::default()
        .hash_password_with_salt(password.as_bytes(), salt)
        .map_err(|error| Problem::internal(error.to_string()))?;
    Ok(hash.to_string())
}

/// Whether a password is the one behind a hash; without a hash it takes as long and is not.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    let verified = Argon2::default().verify_password(password.as_bytes(), hash.unwrap_or(NOBODY));
    hash.is_some() && verified.is_ok()
}

/// SHA-256 of a token or a name.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_itself_fits() {
        let kept = hash("correct horse", &[7; 16]).expect("a hash");
        assert!(verify("correct horse", Some(&kept)));
        assert!(!verify("correct horsf", Some(&kept)));
        assert!(!verify("correct horse", None));
    }

    #[test]
    fn nobody_costs_what_somebody_costs() {
        let kept = hash("correct horse", &[7; 16]).expect("a hash");
        let cost = |hash: &str| hash.rsplitn(3, '$').nth(2).map(str::to_owned);
        assert_eq!(cost(NOBODY), cost(&kept));
        assert!(PasswordHash::new(NOBODY).is_ok());
    }
}

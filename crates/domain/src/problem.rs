//! What went wrong, for the person who sees it: kind, cause and hint, in their language.

use crate::Message;

/// What sort of thing went wrong; decides exit code and status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// What came in is wrong: a file, a row, a rule.
    BadInput,
    /// It is not there, or not for this user: the two look alike.
    NotFound,
    /// Someone else is doing it, or it changed meanwhile.
    Conflict,
    /// The disk, the database, the network.
    Environment,
    /// Our own mistake.
    Internal,
}

/// A failure with its cause and what to do about it.
#[derive(Debug)]
pub struct Problem {
    /// What sort.
    pub kind: ProblemKind,
    /// What happened.
    pub cause: Message,
    /// What to do about it.
    pub hint: Option<Message>,
    /// The technical error underneath, for logs.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Problem {
    /// A problem without hint and source.
    #[must_use]
    pub fn new(kind: ProblemKind, cause: Message) -> Self {
        Self { kind, cause, hint: None, source: None }
    }

    /// The same with what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: Message) -> Self {
        self.hint = Some(hint);
        self
    }

    /// The same with the error underneath.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// A file or folder that could not be read or written.
    #[must_use]
    pub fn io(path: &std::path::Path, error: std::io::Error) -> Self {
        let (key, hint) = match error.kind() {
            std::io::ErrorKind::NotFound => ("problem-file-missing", "hint-file-missing"),
            std::io::ErrorKind::StorageFull => ("problem-disk-full", "hint-disk-full"),
            std::io::ErrorKind::PermissionDenied => ("problem-file-denied", "hint-file-denied"),
            _ => ("problem-file", "hint-file"),
        };
        let cause =
            Message::new(key).with("file", path.display().to_string()).with("error", error.to_string());
        Self::new(ProblemKind::Environment, cause).hint(Message::new(hint)).because(error)
    }

    /// Something that cannot happen and did.
    #[must_use]
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let source = source.into();
        let cause = Message::new("problem-internal").with("error", source.to_string());
        Self {
            kind: ProblemKind::Internal,
            cause,
            hint: Some(Message::new("hint-internal")),
            source: Some(source),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.cause)?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| -> &(dyn std::error::Error + 'static) { source.as_ref() })
    }
}

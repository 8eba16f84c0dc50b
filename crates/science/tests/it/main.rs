//! The models against real data and against made-up worlds.

mod cdnow;
mod rfm_and_concentration;

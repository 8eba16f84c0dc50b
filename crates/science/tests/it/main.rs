//! The models against real data and against made-up worlds.

mod cdnow;
mod lifecycle;
mod other_world;
mod panel;
mod rfm_and_concentration;

//! To whom customers are given, and which way.

use crate::code::codes;

codes! {
    /// Which way customers came to someone.
    pub enum AssignmentKind ("assignment") {
        /// 移交: a person's whole list, with the open opportunities and tickets.
        HandOver = "hand_over",
        /// 调整: customers that were chosen.
        Reassign = "reassign",
        /// 领取: out of the pool.
        Claim = "claim",
    }
}

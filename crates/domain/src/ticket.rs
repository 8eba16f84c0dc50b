//! Tickets.

use crate::code::codes;

codes! {
    /// What a ticket is about.
    pub enum TicketKind ("ticket-kind") {
        /// 投诉.
        Complaint = "complaint",
        /// 故障.
        Fault = "fault",
        /// 咨询.
        Consultation = "consultation",
        /// 申请.
        Request = "request",
        /// 建议.
        Suggestion = "suggestion",
    }
}
